"""`python -m bench`: every promise about speed, measured, as one table of ratios."""

import gc
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
from peewee import SqliteDatabase
from peewee import sqlite3 as sqlite  # type: ignore[attr-defined]

from app.content.library import read_library
from app.learning.course import Course
from app.settings import ROOT
from app.storage import database
from bench import (
    anki_connect,
    anki_peer,
    exporting,
    folding,
    grading,
    mailing,
    servers,
    serving,
    sessions,
)
from bench.measure import (
    Result,
    a_second,
    in_microseconds,
    in_milliseconds,
    median_seconds,
    ratio,
    table,
    take_turns,
)
from bench.scene import CARDS, EMPTY_PAGE, Scene, set_scene, sqlite_url, with_generated_cards
from tests.postgres import find_server, running_cluster

ROUNDS = 10
# Grades in one block of the bare kinds; short, so that turns come often.
GRADES = 60


@click.command()
@click.option("--strict", is_flag=True, help="Exit with 1 where a promise is not kept.")
@click.option("--rounds", default=ROUNDS, show_default=True, help="Blocks of each side.")
@click.option("--servers", "weigh", is_flag=True, help="Weigh granian, gunicorn and waitress too.")
@click.option("--postgresql", is_flag=True, help="Measure on PostgreSQL too.")
@click.option("--only-cohort", is_flag=True, help="Measure an instructor's pages alone.")
def main(strict: bool, rounds: int, weigh: bool, postgresql: bool, only_cohort: bool) -> None:
    """Measure Haven beside its peers, in turns, and print the ratios."""
    click.echo(
        f"{platform.platform()}, {os.cpu_count()} CPUs, Python {platform.python_version()}, "
        f"SQLite {sqlite.sqlite_version}; {rounds} rounds; ratios are medians of pairs\n"
    )
    course = with_generated_cards(read_library(ROOT))
    gc.freeze()  # as wsgi.py does
    results: list[Result] = []
    cohort = _cohort(rounds, postgresql)
    everything = (
        _grades(course, rounds),
        _over_http(rounds),
        _mails(rounds),
        _sessions(course, rounds),
        cohort,
        _to_anki(course, rounds),
        _from_the_log(rounds),
        _by_server(rounds) if weigh else iter(()),
        _on_postgresql(course, rounds) if postgresql else iter(()),
    )
    for measured in (cohort,) if only_cohort else everything:
        for result in measured:
            click.echo(f"{result.name}: {result.ratio:.2f} {result.bound}", err=True)
            results.append(result)
    click.echo(table(results))
    broken = [result.name for result in results if not result.is_met]
    sys.exit(1 if strict and broken else 0)


def _grades(course: Course, rounds: int) -> Iterator[Result]:
    """Below HTTP: our use cases, the bare driver, and Anki."""
    with _folder() as folder:
        scene = set_scene(sqlite_url(folder), people=1)
        (learner,) = scene.learners
        _checkpoint()
        shutil.copy(folder / "haven.db", folder / "bare.db")
        anki_peer.make_collection(folder / "anki.anki2")
        collection = anki_peer.open_collection(folder / "anki.anki2")
        ours = grading.ours(course, learner)
        bare = grading.bare(folder / "bare.db", learner)
        grades = grading.Grades()
        # Short blocks, and many: they cost little.
        taken = take_turns(
            rounds * 5,
            {
                "ours": lambda: median_seconds(ours, GRADES),
                "bare": lambda: median_seconds(bare, GRADES),
                "anki": lambda: median_seconds(
                    lambda: anki_peer.answer_next(collection, grades()), GRADES
                ),
            },
        )
        collection.close()
        database.close()
    shown = {side: in_microseconds(seconds) for side, seconds in taken.items()}
    yield Result(
        "a grade (next card, fold, commit), p50 / Anki's answer_card",
        shown["ours"], shown["anki"], ratio(taken["ours"], taken["anki"]), "<= 1.0",
    )  # fmt: skip
    yield Result(
        "the same / four bare statements",
        shown["ours"], shown["bare"], ratio(taken["ours"], taken["bare"]),
    )  # fmt: skip


def _cohort(rounds: int, postgresql: bool) -> Iterator[Result]:
    """An instructor's pages, alone and where the log is ten times as long."""
    # After gc.freeze, or DuckDB complains at the end of what is never collected.
    from bench.cohort import cohort_results

    course = read_library(ROOT)
    for others in (0, 9):
        with _folder() as folder:
            yield from cohort_results(course, sqlite_url(folder), folder, others, rounds)
        programs = find_server() if postgresql else None
        if programs is not None:
            with running_cluster(programs, durable=True) as url, _folder() as folder:
                own = url.format(name="postgres")
                yield from cohort_results(course, own, folder, others, rounds)


def _over_http(rounds: int) -> Iterator[Result]:
    """The same with session, token and page, and the pages themselves."""
    program = anki_connect.installed()
    with _folder() as folder, ExitStack() as stack:
        scene = _crowd(sqlite_url(folder))
        shutil.copy(folder / "haven.db", folder / "bare.db")
        port = stack.enter_context(servers.haven(scene.url))
        browsers = servers.signed_in(scene, port)
        review = serving.reviews(port, browsers)
        alone = serving.reviews(port, browsers[:1])
        bare = grading.bare(folder / "bare.db", scene.learners[0])
        sides: dict[str, Callable[[], float]] = {
            "bare": lambda: median_seconds(bare, 300),
            "ours": lambda: 1 / review().a_second,
            "alone": lambda: alone().p50,
        }
        if program is not None:
            cards = anki_peer.make_collection(folder / "anki.anki2")
            peer_port = stack.enter_context(
                servers.anki_connect_server(program, folder / "anki.anki2")
            )
            answers = serving.anki_answers(peer_port, cards, wants_next=False)
            answers_next = serving.anki_answers(peer_port, cards, wants_next=True)
            sides["anki"] = lambda: 1 / answers().a_second
            sides["anki_next"] = lambda: 1 / answers_next().a_second
        taken = take_turns(rounds, sides)
        yield Result(
            "a grade over HTTP, 8 connections, time for each / four bare statements",
            in_microseconds(taken["ours"]), in_microseconds(taken["bare"]),
            ratio(taken["ours"], taken["bare"]), "<= 3.0",
        )  # fmt: skip
        yield Result(
            "a grade over HTTP, one connection, p50 / four bare statements",
            in_microseconds(taken["alone"]), in_microseconds(taken["bare"]),
            ratio(taken["alone"], taken["bare"]),
        )  # fmt: skip
        if "anki" in taken:
            rates = {side: [1 / seconds for seconds in blocks] for side, blocks in taken.items()}
            yield Result(
                "grades a second over HTTP, with the next card / anki-connect-server, with it too",
                a_second(rates["ours"]), a_second(rates["anki_next"]),
                ratio(rates["ours"], rates["anki_next"]), ">= 1.5",
            )  # fmt: skip
            yield Result(
                "the same / anki-connect-server, asked for no next card",
                a_second(rates["ours"]), a_second(rates["anki"]),
                ratio(rates["ours"], rates["anki"]),
            )  # fmt: skip
        else:
            click.echo("anki-connect-server needs Python 3.12 and there is none here", err=True)
        yield from _pages(rounds, port, browsers[0])
        database.close()


def _pages(rounds: int, port: int, browser: tuple[str, str]) -> Iterator[Result]:
    chapter = read_library(ROOT).chapters[0]
    lesson = serving.page(port, f"/{chapter.slug}/{chapter.lessons[0].slug}", browser)
    empty = serving.page(port, EMPTY_PAGE, browser)
    taken = take_turns(rounds, {"lesson": lambda: lesson().p50, "empty": lambda: empty().p50})
    yield Result(
        "the first lesson, signed in, p50 / a page with nothing in its layout",
        in_microseconds(taken["lesson"]), in_microseconds(taken["empty"]),
        ratio(taken["lesson"], taken["empty"]), "<= 2.0",
    )  # fmt: skip


def _mails(rounds: int) -> Iterator[Result]:
    """Who is due among many, and mails a second of one worker and of two."""
    with _folder() as folder:
        database.bind(sqlite_url(folder))
        database.migrate()
        mailing.gather_crowd(mailing.CROWD, mailing.DUE)
        few = mailing.DUE
        batch = [mailing.find_one_batch() for _ in range(20)]
        seconds, most = mailing.find_due()
        database.close()
    with _folder() as folder:
        database.bind(sqlite_url(folder))
        database.migrate()
        mailing.gather_crowd(few * 2, few)
        alone = [mailing.find_one_batch() for _ in range(20)]
        database.close()
    click.echo(
        f"all {few:,} who are due of {mailing.CROWD:,}: {seconds * 1000:,.0f} ms in batches, "
        f"{most / 1e6:.1f} MB at most",
        err=True,
    )
    yield Result(
        f"the first 50 who are due of {mailing.CROWD:,} / of {few * 2:,}",
        in_microseconds(batch), in_microseconds(alone), ratio(batch, alone), "<= 2.0",
    )  # fmt: skip
    with _folder() as folder:
        yield from _workers(rounds, "SQLite", sqlite_url(folder))


def _workers(rounds: int, engine: str, url: str) -> Iterator[Result]:
    """Workers beside smtplib, which sends the same bytes again and again and neither decides, builds
    nor writes anything down."""
    database.bind(url)
    database.migrate()
    mailing.gather_crowd(mailing.MAILS, mailing.MAILS)
    mailing.give_cards(mailing.course(), mailing.MAILS)
    database.close()
    with mailing.sink("aiosmtpd") as slow, mailing.sink("bare") as fast:
        taken = take_turns(
            rounds,
            {
                "peer": mailing.bare(slow),
                "ours": mailing.ours(url, slow, 1),
                "fast peer": mailing.bare(fast),
                "one": mailing.ours(url, fast, 1),
                "two": mailing.ours(url, fast, 2),
            },
        )
    yield Result(
        f"mails a second of one worker, {engine} / smtplib on one kept line, to aiosmtpd",
        a_second(taken["ours"]), a_second(taken["peer"]), ratio(taken["ours"], taken["peer"]), ">= 0.5",
    )  # fmt: skip
    yield Result(
        f"the same, {engine}, to a server that does not even look",
        a_second(taken["one"]), a_second(taken["fast peer"]), ratio(taken["one"], taken["fast peer"]),
    )  # fmt: skip
    yield Result(
        f"mails a second of two workers, {engine} / of one",
        a_second(taken["two"]), a_second(taken["one"]), ratio(taken["two"], taken["one"]), ">= 1.0",
    )  # fmt: skip


def _sessions(course: Course, rounds: int) -> Iterator[Result]:
    """Today's session, for somebody who has been at it for long."""
    with _folder() as folder:
        database.bind(sqlite_url(folder))
        database.migrate()
        learner = sessions.studious_learner()
        _checkpoint()
        ours, plain = sessions.ours(course, learner), sessions.plain(folder / "haven.db", learner)
        sides = {
            "ours": lambda: median_seconds(ours, 50),
            "plain": lambda: median_seconds(plain, 50),
        }
        taken = take_turns(rounds, sides)
        database.close()
    yield Result(
        "today's session with 300 cards and 50,000 reviews, p50 / its six plain queries",
        in_microseconds(taken["ours"]), in_microseconds(taken["plain"]),
        ratio(taken["ours"], taken["plain"]),
    )  # fmt: skip


def _to_anki(course: Course, rounds: int) -> Iterator[Result]:
    """Cards with their log into a package, by us and by Anki: of one learner, and far more."""
    with _folder() as folder:
        scene = set_scene(sqlite_url(folder), people=1)
        (everything,) = scene.learners
        ordinary = exporting.ordinary_learner(everything)
        for learner, size in ((ordinary, exporting.CARDS), (everything, CARDS)):
            ours = exporting.ours(course, learner, folder / "ours.apkg")
            ours()
            anki = exporting.ankis(folder / "ours.apkg", folder / "anki.apkg")
            taken = take_turns(min(rounds, 4), {"ours": ours, "anki": anki})
            yield Result(
                f"{size:,} cards with their log into an .apkg / Anki's own export",
                in_milliseconds(taken["ours"]), in_milliseconds(taken["anki"]),
                ratio(taken["ours"], taken["anki"]),
            )  # fmt: skip
        database.close()


def _from_the_log(rounds: int) -> Iterator[Result]:
    """Memories folded again from 10,000 reviews; the database left out."""
    cards = folding.logs()
    sides = {"ours": folding.ours, "py-fsrs": folding.py_fsrs, "fsrs-rs": folding.fsrs_rs}
    taken = take_turns(rounds, {name: side(cards) for name, side in sides.items()})
    for peer, note in (
        ("py-fsrs", "py-fsrs's reschedule_card"),
        ("fsrs-rs", "fsrs-rs's memory_state_batch, without due days"),
    ):
        yield Result(
            f"10,000 reviews folded into memories and due days / {note}",
            in_milliseconds(taken["ours"]), in_milliseconds(taken[peer]),
            ratio(taken["ours"], taken[peer]),
        )  # fmt: skip


def _by_server(rounds: int) -> Iterator[Result]:
    """The same load on the same site under each server."""
    with _folder() as folder, ExitStack() as stack:
        sides: dict[str, Callable[[], float]] = {}
        for number, name in enumerate(servers.COMMANDS):
            own = folder / str(number)
            own.mkdir()
            scene = _crowd(sqlite_url(own))
            port = stack.enter_context(servers.haven(scene.url, name))
            review = serving.reviews(port, servers.signed_in(scene, port))
            sides[name] = lambda review=review: review().a_second  # type: ignore[misc]
            database.close()
        taken = take_turns(rounds, sides)
    first, *others = taken
    for other in others:
        yield Result(
            f"grades a second under {first} / {other}",
            a_second(taken[first]), a_second(taken[other]), ratio(taken[first], taken[other]),
        )  # fmt: skip


def _on_postgresql(course: Course, rounds: int) -> Iterator[Result]:
    """A cluster that syncs every commit, on the same disk; for information."""
    programs = find_server()
    if programs is None:
        click.echo("PostgreSQL is not installed (Debian: apt-get install postgresql)", err=True)
        return
    with running_cluster(programs, durable=True) as address:
        yield from _workers(rounds, "PostgreSQL", address.format(name="postgres"))
    with ExitStack() as stack:
        url = stack.enter_context(running_cluster(programs, durable=True)).format(name="postgres")
        folder = stack.enter_context(_folder())
        both = {"PostgreSQL": _crowd(url), "SQLite": _crowd(sqlite_url(folder))}
        grades: dict[str, Callable[[], float]] = {}
        requests: dict[str, Callable[[], float]] = {}
        for name, scene in both.items():
            answer = grading.ours(course, scene.learners[0])
            grades[name] = _bound_to(scene, lambda answer=answer: median_seconds(answer, GRADES))  # type: ignore[misc]
            port = stack.enter_context(servers.haven(scene.url))
            database.bind(scene.url)
            review = serving.reviews(port, servers.signed_in(scene, port))
            requests[name] = lambda review=review: review().a_second  # type: ignore[misc]
            database.close()
        taken = take_turns(rounds, grades)
        yield Result(
            "a grade, PostgreSQL / SQLite",
            in_microseconds(taken["PostgreSQL"]), in_microseconds(taken["SQLite"]),
            ratio(taken["PostgreSQL"], taken["SQLite"]),
        )  # fmt: skip
        taken = take_turns(rounds, requests)
        yield Result(
            "grades a second over HTTP, PostgreSQL / SQLite",
            a_second(taken["PostgreSQL"]), a_second(taken["SQLite"]),
            ratio(taken["PostgreSQL"], taken["SQLite"]),
        )  # fmt: skip


def _crowd(url: str) -> Scene:
    """One learner for every connection."""
    scene = set_scene(url, people=serving.CONNECTIONS)
    _checkpoint()
    return scene


def _bound_to(scene: Scene, block: Callable[[], float]) -> Callable[[], float]:
    def run() -> float:
        database.bind(scene.url)
        try:
            return block()
        finally:
            database.close()

    return run


def _checkpoint() -> None:
    if isinstance(database.db.obj, SqliteDatabase):
        database.db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder on the disk of the checkout, gone afterwards; /tmp may be memory."""
    (ROOT / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "var") as folder:
        yield Path(folder)


if __name__ == "__main__":
    main(prog_name="python -m bench")
