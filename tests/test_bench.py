"""The benchmarks run on the tables and settings of now: nobody runs them with every change."""

from pathlib import Path

import pytest

from app.learning.course import Course
from app.learning.people import Learner
from app.storage import learners
from bench import mailing


def test_the_crowd_of_the_mail_fits_the_tables(db_url: str) -> None:
    mailing.gather_crowd(8, 3)
    assert len(learners.learner_ids()) == 8


def test_what_the_export_is_measured_with_writes_a_package(
    anna: Learner, small_course: Course, tmp_path: Path
) -> None:
    pytest.importorskip("anki", reason="Anki is a tool of developers")
    from bench import exporting

    measured = exporting.ours(small_course, anna, tmp_path / "ours.apkg")
    assert measured() > 0
    assert (tmp_path / "ours.apkg").read_bytes().startswith(b"PK")
