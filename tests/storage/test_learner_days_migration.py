"""The migration counts the log as the app does, so an upgrade needs no rebuild."""

import importlib.util
from random import Random
from types import ModuleType

from app.learning.course import Course
from app.learning.people import Learner
from app.storage.database import MIGRATIONS, db, transaction
from app.usecases.check_data import check_data
from app.usecases.record_reviews import record_reviews
from app.usecases.undo_review import undo_review
from tests.conftest import Clock
from tests.logs import random_log


def test_the_migration_counts_an_old_log_as_the_app_counts_a_new_one(
    anna: Learner, bram: Learner, small_course: Course, clock: Clock
) -> None:
    clock.forward(days=30)
    for learner in (anna, bram):
        log = random_log(Random(learner.id), learner, clock(), list(small_course.cards), 60)
        record_reviews(small_course, learner, log, clock())
        for event in log[::7]:
            undo_review(learner, event.id, clock())
    with transaction():
        db.execute_sql("DROP TABLE learner_day")
        for column in ("returned", "remembered"):
            db.execute_sql(f"ALTER TABLE memory DROP COLUMN {column}")
        _migration().up(None, db.obj)
    assert list(check_data()) == []


def _migration() -> ModuleType:
    (path,) = MIGRATIONS.glob("0007_learner_days.py")
    spec = importlib.util.spec_from_file_location("migration", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
