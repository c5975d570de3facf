"""Everything of a learner into a package for Anki: our exporter, beside Anki's own."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from anki.collection import (
    Collection,
    ExportAnkiPackageOptions,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)

from app.learning.course import Course
from app.learning.people import Learner
from app.secrets.sealing import new_reflection_keys
from app.settings import Settings
from app.storage import learners, reviews
from app.usecases.export_learner import export_learner
from app.usecases.rebuild_memory import rebuild_memory
from app.web import create_app, utc_now
from app.web.export_files import ExportFiles
from bench.scene import SEED, ZONE, card_ids

# What a learner of the core of the course has.
CARDS = 120


def ours(course: Course, learner: Learner, file: Path) -> Callable[[], float]:
    """What `/gegevens/haven.apkg` does: cards to HTML, the log folded, the package written."""
    settings = Settings(secret_key="k" * 40, reflection_keys=new_reflection_keys("bench"))
    site = create_app(settings, course=course)
    files = ExportFiles(site.extensions["haven"], site.jinja_env)

    def export() -> None:
        with export_learner(learner, utc_now()) as exported, file.open("wb") as stream:
            files.write("haven.apkg", exported, stream)

    return lambda: _seconds(export)


def ankis(package: Path, file: Path) -> Callable[[], float]:
    """The same cards and log, imported once, in the same schema; with the presets."""
    collection = Collection(str(file.with_suffix(f".{package.stat().st_size}.anki2")))
    taking = ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True)
    collection.import_anki_package(
        ImportAnkiPackageRequest(package_path=str(package), options=taking)
    )
    giving = ExportAnkiPackageOptions(
        with_scheduling=True, with_deck_configs=True, with_media=True, legacy=True
    )
    return lambda: _seconds(
        lambda: collection.export_anki_package(out_path=str(file), options=giving, limit=None)
    )


def ordinary_learner(somebody: Learner) -> Learner:
    """Somebody new, who did only the first CARDS of what `somebody` did."""
    cards = set(card_ids()[:CARDS])
    log = [review for review in reviews.all_reviews(somebody.id) if review.card in cards]
    learner = learners.add_guest(seed=SEED, now=somebody.joined_at, zone_name=ZONE)
    reviews.add_reviews(learner.id, log)
    rebuild_memory(learner)
    return learner


def _seconds(action: Callable[[], object]) -> float:
    started = perf_counter()
    action()
    return perf_counter() - started
