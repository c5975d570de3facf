"""Every command: `python -m app --help`."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import click

from app.content.help_lines import check_help_lines, read_help_lines
from app.content.library import inspect_library
from app.settings import BadSettings, Settings
from app.storage import database, learners
from app.storage.database import BadDatabase
from app.worker.timetable import Worker


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(context: click.Context) -> None:
    """Haven: a course in attachment that comes back on the right day."""
    try:
        context.obj = Settings.from_environment(os.environ)
    except BadSettings as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.pass_obj
def serve(settings: Settings) -> None:
    """Migrate, read the course and serve it, with a worker beside it."""
    _require_course(settings.course_root)
    _bind(settings)
    database.migrate()
    database.close()
    click.echo(f"Haven: {settings.site_url}")
    with _worker_beside() if settings.has_worker else nullcontext():
        _serve(settings)


@main.command()
@click.option("--until-stdin-ends", is_flag=True, hidden=True)
@click.pass_obj
def work(settings: Settings, until_stdin_ends: bool) -> None:
    """Do what happens at a time: one tick a minute, until it is stopped."""
    _bind(settings)
    pending = database.pending_migrations()
    database.close()
    if pending:
        raise click.ClickException(f"the database is not migrated: {', '.join(pending)}")
    worker = Worker(lambda: datetime.now(UTC))
    if until_stdin_ends:
        Thread(target=_stop_after_stdin, args=[worker], daemon=True).start()
    worker.run()


@main.command()
@click.pass_obj
def migrate(settings: Settings) -> None:
    """Bring the tables of the database up to date."""
    _bind(settings)
    applied = database.migrate()
    click.echo("\n".join(applied) or "nothing to migrate")


@main.command("check-course")
@click.pass_obj
def check_course(settings: Settings) -> None:
    """Kijk de cursusbestanden na; noemt van elke fout het bestand en de regel."""
    course, problems = inspect_library(settings.course_root)
    problems += check_help_lines(read_help_lines(), datetime.now(UTC).date())
    for problem in problems:
        click.echo(str(problem))
    if problems:
        click.echo(f"{len(problems)} fouten gevonden.")
        sys.exit(1)
    click.echo(
        f"De cursus is in orde: {len(course.lessons)} lessen, {len(course.cards)} kaarten, "
        f"{len(course.concepts)} begrippen, {len(course.references)} bronnen."
    )


@main.command("rebuild-memory")
@click.pass_obj
def rebuild_memory(settings: Settings) -> None:
    """Make every memory again from the log of reviews."""
    from app.usecases.rebuild_memory import rebuild_memory as rebuild

    _bind(settings)
    cards = 0
    for learner_id in learners.learner_ids():
        learner = learners.learner_of(learner_id)
        cards += rebuild(learner) if learner else 0
    click.echo(f"{cards} memories made again from the log")


@main.command("check-data")
@click.pass_obj
def check_data(settings: Settings) -> None:
    """Compare everything that is derived with what it is derived from."""
    from app.usecases.check_data import check_data as check

    _bind(settings)
    differences = 0
    for difference in check():
        differences += 1
        click.echo(f"learner {difference.learner_id}: {difference.what}")
    click.echo(f"{differences} differences")
    sys.exit(1 if differences else 0)


@contextmanager
def _worker_beside() -> Iterator[None]:
    """A worker as a child. It ends with this process, however that ends: then its stdin ends."""
    command = [sys.executable, "-m", "app", "work", "--until-stdin-ends"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as worker:
        if worker.stdin is not None:
            # The server forks, and a fork that lives on must not hold the other end open.
            os.register_at_fork(after_in_child=worker.stdin.close)
        yield


def _stop_after_stdin(worker: Worker) -> None:
    sys.stdin.buffer.read()
    worker.stop()


def _serve(settings: Settings) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "wsgi:application",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=1,
        websockets=False,
    ).serve()


def _bind(settings: Settings) -> None:
    try:
        database.bind(settings.database_url)
    except BadDatabase as error:
        raise click.ClickException(str(error)) from error


def _require_course(root: Path) -> None:
    _, problems = inspect_library(root)
    if problems:
        lines = "\n".join(f"  {problem}" for problem in problems)
        raise click.ClickException(f"the course is broken:\n{lines}")


if __name__ == "__main__":
    main(prog_name="python -m app")
