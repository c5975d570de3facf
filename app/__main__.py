"""Every command: `python -m app --help`."""

import errno
import gc
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import IO, TYPE_CHECKING, Any, BinaryIO

import click

from app.content.course_map import course_map
from app.content.help_lines import check_help_lines, read_help_lines
from app.content.library import inspect_library
from app.content.readability import readability_report
from app.content.spelling import NoDictionary, check_spelling, unknown_words
from app.learning.cohorts import Role
from app.learning.course import Course
from app.learning.item_difficulty import LEAST_LEARNERS
from app.mail.address import normal_address
from app.mail.mailer import Mailer, mailer_at
from app.mail.reports import LARGEST_REPORT, BadReport
from app.mail.signing import BadKey
from app.secrets.sealing import Keyring, Unreadable
from app.settings import BadSettings, Settings
from app.storage import database, learners
from app.storage.backups import (
    BadBackup,
    restore_backup,
    restore_key_backup,
    write_backup,
    write_key_backup,
)
from app.storage.database import BadDatabase
from app.worker.timetable import Worker, mail_round, timetable

if TYPE_CHECKING:
    from app.usecases.fit_parameters import Fitted

# How many simulated learners are in the cohort of the demo, beside who can sign in.
DEMO_COHORT = 40


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(context: click.Context) -> None:
    """Haven: a course in attachment that comes back on the right day."""
    try:
        context.obj = Settings.from_environment(os.environ)
    except BadSettings as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.option("--demo", is_flag=True, help="Have a demo learner; not in production.")
@click.pass_obj
def serve(settings: Settings, demo: bool) -> None:
    """Migrate, read the course and serve it, with a worker beside it."""
    course = _course(settings.course_root)
    address = _free_address(settings.host, settings.port)
    _bind(settings)
    database.migrate()
    _require_keys(settings)
    demo = demo and not settings.is_production
    if demo:
        _seed_demo(course, others=DEMO_COHORT)
    database.close()
    _greet(settings, demo)
    with _worker_beside() if settings.has_worker else nullcontext():
        _serve(settings, address)


@main.command()
@click.option("--until-stdin-ends", is_flag=True, hidden=True)
@click.pass_obj
def work(settings: Settings, until_stdin_ends: bool) -> None:
    """Do what happens at a time: one tick a minute, until it is stopped."""
    course, mailer = _course(settings.course_root), _mailer(settings)
    _bind(settings)
    pending = database.pending_migrations()
    database.close()
    if pending:
        raise click.ClickException(f"the database is not migrated: {', '.join(pending)}")
    worker = Worker(_utc_now, timetable(course, mailer, _utc_now))
    gc.freeze()  # as wsgi.py does
    watch = Thread(target=_stop_after_stdin, args=[worker], daemon=True)
    worker.run(watch.start if until_stdin_ends else lambda: None)


@main.command("send-mail")
@click.option(
    "--now", "moment", metavar="ISO", help="As if it were that moment: 2026-11-22T08:00+01:00."
)
@click.pass_obj
def send_mail(settings: Settings, moment: str | None) -> None:
    """Do one round of the mails of the day; a line for each decision, with its reason."""
    now = _moment(moment) if moment else datetime.now(UTC)
    course, mailer = _course(settings.course_root), _mailer(settings)
    _bind(settings)
    decisions = 0
    for result in mail_round(course, mailer, lambda: now):
        decisions += 1
        decision = result.decision
        what = f"{decision.kind.value} " if decision.kind else ""
        what += result.state.value if result.state else "no mail"
        why = f"{decision.reason.value}{': ' if result.error else ''}{result.error}"
        click.echo(f"learner {result.learner_id}  {decision.day}  {what}  {why}")
    click.echo(f"{decisions} decisions at {now.isoformat()}")


@main.command("mail-report")
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 180))
@click.pass_obj
def mail_report(settings: Settings, days: int) -> None:
    """Count the mails of the last days, and list those that did not simply go out."""
    from app.storage import daily_mails

    _bind(settings)
    since = datetime.now(UTC).date() - timedelta(days=days)
    for state, number in sorted(
        daily_mails.counts_since(since).items(), key=lambda each: each[0].value
    ):
        click.echo(f"{state.value}  {number}")
    for mail in daily_mails.troubles_since(since, 1000):
        click.echo(
            f"learner {mail.learner_id}  {mail.due.day}  {mail.state.value}  attempt {mail.attempts} "
            f"by {mail.owner} at {mail.changed_at.isoformat()}  {mail.message_id}  {mail.error}"
        )


@main.command("note-bounce")
@click.argument("file", type=click.File("rb"), default="-")
@click.pass_obj
def note_bounce(settings: Settings, file: BinaryIO) -> None:
    """Read a mail that came back (RFC 3464), or a complaint (RFC 5965), from FILE or what is piped in.

    Exits with 1 where it is neither, or about no mail of ours.
    """
    from app.usecases.note_report import note_report

    _bind(settings)
    try:
        noted = note_report(file.read(LARGEST_REPORT + 1), datetime.now(UTC))
    except BadReport as error:
        raise click.ClickException(f"not noted: {error}") from error
    if noted is None:
        raise click.ClickException("not noted: no mail of ours to that address")
    click.echo(
        f"noted: {', '.join(event.value for event in noted) or 'nothing, it may still arrive'}"
    )


@main.command("seed-demo")
@click.option("--learners", default=DEMO_COHORT, show_default=True, type=click.IntRange(0, 10_000))
@click.option("--days", default=30, show_default=True, type=click.IntRange(7, 1000))
@click.option("--seed", default=1, show_default=True, help="The same seed, the same people.")
@click.pass_obj
def seed_demo(settings: Settings, learners: int, days: int, seed: int) -> None:
    """Add simulated learners with their reviews, and the demo learner who can sign in."""
    if settings.is_production:
        raise click.ClickException(
            "HAVEN_ENV is production; simulated learners do not belong there"
        )
    course = _course(settings.course_root)
    _bind(settings)
    database.migrate()
    if not _seed_demo(course, others=learners, days=days, seed=seed):
        click.echo("nobody to add")


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
    """Kijk de cursusbestanden na; noemt van elke fout bestand en regel."""
    course, problems = inspect_library(settings.course_root)
    problems += check_help_lines(read_help_lines(), datetime.now(UTC).date())
    for line in readability_report(course):
        click.echo(line)
    for problem in problems:
        click.echo(str(problem))
    if problems:
        click.echo(f"{len(problems)} fouten gevonden.")
        sys.exit(1)
    click.echo(
        f"De cursus is in orde: {len(course.lessons)} lessen, {len(course.cards)} kaarten, "
        f"{len(course.concepts)} begrippen, {len(course.references)} bronnen."
    )


@main.command("check-spelling")
@click.option("--words", is_flag=True, help="Noem alleen de woorden, elk één keer.")
@click.pass_obj
def show_spelling(settings: Settings, words: bool) -> None:
    """Kijk de spelling van lessen en kaarten na; noemt van elk woord het bestand en de regel."""
    try:
        if words:
            unknown = sorted({word.text for word in unknown_words(settings.course_root)})
            click.echo("".join(f"{word}\n" for word in unknown), nl=False)
            return
        problems = check_spelling(settings.course_root)
    except NoDictionary as error:
        raise click.ClickException(
            "hunspell of zijn Nederlandse woordenlijst ontbreekt. "
            "Debian: apt-get install hunspell hunspell-nl"
        ) from error
    for problem in problems:
        click.echo(str(problem))
    if problems:
        click.echo(f"{len(problems)} woorden gevonden.")
        sys.exit(1)
    click.echo("De spelling is in orde.")


@main.command("course-map")
@click.pass_obj
def show_course_map(settings: Settings) -> None:
    """Laat zien welke les wat leert, en welke kaarten ernaar vragen."""
    for line in course_map(inspect_library(settings.course_root)[0]):
        click.echo(line)


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


def invite_instructor(settings: Settings, email: str, admin: bool) -> None:
    """Let the account of EMAIL teach: make cohorts and follow them."""
    from app.usecases.invite_instructor import invite_instructor as invite

    address = normal_address(email)
    if address is None:
        raise click.ClickException(f"{email!r} is not an e-mail address")
    _bind(settings)
    database.migrate()
    invite(address, datetime.now(UTC), Role.ADMIN if admin else Role.INSTRUCTOR)
    click.echo(f"{address} may teach: {settings.site_url}/groepen")


for _name in ("invite-instructor", "make-instructor"):
    _verb = click.option("--admin", is_flag=True, help="May invite instructors too.")
    main.command(_name)(click.argument("email")(_verb(click.pass_obj(invite_instructor))))


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


@main.command("list-reports")
@click.argument("card", required=False)
@click.pass_obj
def list_reports(settings: Settings, card: str | None) -> None:
    """Noem wat deelnemers over kaarten meldden, per kaart; of alleen over CARD."""
    from app.usecases.list_reports import list_reports as reported

    course = _course(settings.course_root)
    _bind(settings)
    messages = 0
    for about in reported(course, card):
        place = about.place and f"{about.place.file}, regel {about.place.line}"
        click.echo(f"{about.card}  {place or 'staat niet meer in de cursus'}")
        for report in about.reports:
            messages += 1
            text = (
                "over deze tekst" if report.version == about.version else "over een eerdere tekst"
            )
            click.echo(f"  {report.reported_at:%Y-%m-%d}  {report.version}  {text}")
            for line in (report.message or "De vraag deugt niet.").splitlines():
                click.echo(f"    {line}")
    click.echo(f"{messages} {'melding' if messages == 1 else 'meldingen'}")


@main.command()
@click.option("--simulated", is_flag=True, help="Count simulated learners too; not in production.")
@click.option("--only-look", is_flag=True, help="Say what would be used and change nothing.")
@click.pass_obj
def fit(settings: Settings, simulated: bool, only_look: bool) -> None:
    """Fit FSRS to what people remembered; use it where that is better on reviews it has not seen."""
    from app.optimizer.parameters import NoOptimizer, load_optimizer
    from app.usecases.fit_parameters import fit_parameters

    if simulated and settings.is_production:
        raise click.ClickException("HAVEN_ENV is production; simulated learners do not count there")
    try:
        optimize = load_optimizer()
    except NoOptimizer as error:
        raise click.ClickException(str(error)) from error
    _bind(settings)
    too_few = cards = moved = 0
    for fitted in fit_parameters(
        optimize, datetime.now(UTC), with_simulated=simulated, only_look=only_look
    ):
        if fitted.learner_id is not None and fitted.trial.needed is not None:
            too_few += 1
        else:
            _say_fitted(fitted)
        if fitted.moved is not None:
            cards += fitted.moved.cards
            moved += fitted.moved.moved
    if too_few:
        click.echo(f"{too_few} learners have too few reviews for a fit of their own")
    click.echo("nothing was changed" if only_look else f"{moved} of {cards} due days moved")


@main.command("item-difficulty")
@click.option("--simulated", is_flag=True, help="Tel nagebootste deelnemers mee.")
@click.pass_obj
def item_difficulty(settings: Settings, simulated: bool) -> None:
    """Laat zien welke kaarten voor iedereen moeilijk zijn, de moeilijkste eerst."""
    from app.usecases.show_item_difficulty import show_item_difficulty

    course = _course(settings.course_root)
    _bind(settings)
    found = show_item_difficulty(course, learners.learner_ids(), with_simulated=simulated)
    if not found.cards:
        click.echo(
            f"Nog geen kaart is door {LEAST_LEARNERS} deelnemers na een dag of langer teruggezien."
        )
        return
    width = max(len(one.card) for one in found.cards)
    click.echo(f"{'kaart':{width}}  onthouden (95 %)    verwacht  deelnemers  verschuiving")
    for one in found.cards:
        interval = f"({one.low:.0%} tot {one.high:.0%})"
        shift = f"{one.shift:+.2f}".replace(".", ",")
        click.echo(
            f"{one.card:{width}}  {one.remembered:>4.0%} {interval:<14}  {one.expected:>8.0%}"
            f"  {one.learners:>10}  {shift:>12}"
        )
    click.echo(
        "Geteld is de eerste keer dat iemand een kaart na een dag of langer terugzag. Een verschuiving\n"
        "onder 0 is moeilijker dan FSRS verwachtte, boven 0 makkelijker. Kaarten die minder dan\n"
        f"{LEAST_LEARNERS} deelnemers terugzagen, staan er niet bij: {found.hidden}."
    )


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def backup(settings: Settings, file: Path) -> None:
    """Copy the whole database to a new FILE; people may go on learning meanwhile."""
    _bind(settings)
    try:
        write_backup(settings.database_url, file)
    except BadBackup as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{file}: {file.stat().st_size} bytes")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def restore(settings: Settings, file: Path) -> None:
    """Fill an empty database from the FILE of a backup; stop the server first."""
    _bind(settings)
    try:
        restore_backup(settings.database_url, file)
    except BadBackup as error:
        raise click.ClickException(str(error)) from error
    _replay_deletions()
    click.echo(f"{len(learners.learner_ids())} learners restored")


@main.command("backup-keys")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def backup_keys(settings: Settings, file: Path) -> None:
    """Copy the keys of what learners write to a new FILE; keep it apart, and not for long."""
    _bind(settings)
    try:
        write_key_backup(settings.database_url, file)
    except BadBackup as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{file}: {file.stat().st_size} bytes")


@main.command("restore-keys")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def restore_keys(settings: Settings, file: Path) -> None:
    """Fill an empty store of keys from the FILE of `backup-keys`; stop the server first."""
    _bind(settings)
    try:
        restore_key_backup(settings.database_url, file)
    except BadBackup as error:
        raise click.ClickException(str(error)) from error
    _replay_deletions()


@main.command("replay-deletions")
@click.pass_obj
def replay_deletions(settings: Settings) -> None:
    """Delete again what was deleted for good, after a backup was put back by other means."""
    _bind(settings)
    _replay_deletions()


@main.command("rotate-reflection-keys")
@click.pass_obj
def rotate_reflection_keys(settings: Settings) -> None:
    """Wrap every learner's key with the first of REFLECTION_KEYS; people may go on writing."""
    from app.usecases.rotate_reflection_keys import rotate_reflection_keys as rotate

    _bind(settings)
    keyring = Keyring.of_text(settings.reflection_keys)
    try:
        wrapped_anew = rotate(keyring)
    except Unreadable as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{wrapped_anew} keys wrapped anew; all are wrapped by {keyring.newest!r}")


@main.command("export-learner")
@click.argument("email")
@click.argument("file", type=click.Path(path_type=Path, exists=False))
@click.pass_obj
def export_learner(settings: Settings, email: str, file: Path) -> None:
    """Write everything of the learner with address EMAIL to a new zip FILE, as they could themselves.

    What they wrote stays behind: nobody but the learner reads that.
    """
    from app.usecases.export_learner import export_learner as export
    from app.web import create_app
    from app.web.export_files import EVERYTHING, ExportFiles

    _bind(settings)
    learner = learners.learner_with_email(normal_address(email) or email)
    if learner is None:
        raise click.ClickException(f"nobody here has the address {email}")
    site = create_app(settings)
    files = ExportFiles(site.extensions["haven"], site.jinja_env)
    try:
        with _private_file(file) as stream, export(learner, datetime.now(UTC)) as exported:
            files.write(EVERYTHING, exported, stream)
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
    click.echo(f"{file}: {file.stat().st_size} bytes")


@contextmanager
def _worker_beside() -> Iterator[None]:
    """A worker as a child. It ends with this process, however that ends: then its stdin ends."""
    command = [sys.executable, "-m", "app", "work", "--until-stdin-ends"]
    # A session of its own, because a terminal's Ctrl-C would hit it while it is still starting.
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as worker:
        if worker.stdin is not None:
            # The server forks, and a fork that lives on must not hold the other end open.
            os.register_at_fork(after_in_child=worker.stdin.close)
        yield


def _stop_after_stdin(worker: Worker) -> None:
    # Not through `sys.stdin`, whose lock a stopped thread would take to the grave.
    while os.read(sys.stdin.fileno(), 1):
        pass
    worker.stop()


def _serve(settings: Settings, address: str) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "wsgi:application",
        address=address,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        # A body that comes in slowly holds the thread that waits for it: with one, a single phone on a
        # bad line stops the site. More threads cost nothing while they wait, and end when idle.
        blocking_threads=128,
        websockets=False,
        # Not its warnings: one of them is that these are many threads.
        log_level=LogLevels.error,
        workers_kill_timeout=10,
    ).serve(target_loader=_application, wrap_loader=False)


def _application() -> Callable[..., Any]:
    """The site, loaded in a process of the server."""
    # A terminal's Ctrl-C reaches every process. Granian's first one passes it on as SIGTERM, and
    # a second signal while a process stops can make it hang or crash (granian 2.8).
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    # Until granian listens for it, a SIGTERM would reach what the fork brought along from the first
    # process, which does nothing here: the stop would wait until it is killed.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    from wsgi import application

    return application


def _private_file(path: Path) -> IO[bytes]:
    """A new file that is nobody else's to read."""
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600))


def _say_fitted(fitted: "Fitted") -> None:
    """One line of what was tried, and where it was judged the figures of before and after."""
    trial, moved = fitted.trial, fitted.moved
    whose = "course" if fitted.learner_id is None else f"learner {fitted.learner_id}"
    needed = f" of {trial.needed:,}" if trial.needed else ""
    days = f"; {moved.moved} of {moved.cards} due days moved" if moved else ""
    click.echo(f"{whose}: {trial.verdict.value} ({trial.reviews:,}{needed} reviews){days}")
    if trial.before is None or trial.after is None:
        return
    click.echo(f"  on {trial.before.reviews:,} held-out reviews:")
    for name, score in (("in use", trial.before), ("fitted", trial.after)):
        first = "-" if score.first is None else f"{score.first:.4f}"
        click.echo(
            f"  {name}: log loss {score.log_loss:.4f}, after a first interval {first}, "
            f"RMSE (bins) {score.rmse_bins:.4f}"
        )


def _bind(settings: Settings) -> None:
    try:
        database.bind(settings.database_url)
    except BadDatabase as error:
        raise click.ClickException(str(error)) from error


def _require_keys(settings: Settings) -> None:
    """Stop where writing of learners could not be read: silence would look like loss."""
    from app.usecases.missing_keys import missing_keys

    keyring = Keyring.of_text(settings.reflection_keys)
    missing = missing_keys(keyring)
    if missing and missing.texts:
        # They may be of a backup that was put back by hand, and deleted since.
        _replay_deletions()
        missing = missing_keys(keyring)
    if missing is None:
        return
    if missing.names:
        raise click.ClickException(f"REFLECTION_KEYS lacks {', '.join(missing.names)}")
    raise click.ClickException(
        f"the keys of {missing.texts} texts are not in the store of keys "
        "(keys.db beside the database); put it back, or fill an empty one: "
        "python -m app restore-keys FILE"
    )


def _replay_deletions() -> None:
    from app.usecases.replay_deletions import replay_deletions

    again = replay_deletions()
    if again:
        click.echo(f"{again} rows that were deleted for good before are deleted again")


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _moment(given: str) -> datetime:
    """The moment of an ISO 8601 text; without an offset it is UTC."""
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise click.ClickException(
            f"--now is {given!r}; it looks like 2026-11-22T08:00+01:00"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _mailer(settings: Settings) -> Mailer:
    try:
        return mailer_at(
            settings.mail_url,
            settings.mail_from,
            settings.site_url,
            read_help_lines(),
            settings.dkim_key,
            settings.dkim_selector,
        )
    except BadKey as error:
        raise click.ClickException(str(error)) from error


def _course(root: Path) -> Course:
    course, problems = inspect_library(root)
    if problems:
        lines = "\n".join(f"  {problem}" for problem in problems)
        raise click.ClickException(f"the course is broken:\n{lines}")
    return course


def _free_address(host: str, port: int) -> str:
    """The numeric address of `host`, where `port` is free; stops before anything else is done."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            # A port that was given back a moment ago is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise click.ClickException(
                f"HOST is {host!r}; this machine has no such address"
            ) from error
        raise click.ClickException(
            f"PORT {port} cannot be used ({error.strerror}); "
            f"try another: PORT={port % 65_535 + 1} make run"
        ) from error
    return str(address[0])


def _seed_demo(course: Course, others: int = 0, days: int = 30, seed: int = 1) -> bool:
    """Whether anybody was added."""
    from app.usecases.seed_demo import seed_demo

    seeded = seed_demo(course, datetime.now(UTC), others=others, days=days, seed=seed)
    if seeded.learners:
        click.echo(f"{seeded.learners} simulated learners, {seeded.reviews} reviews")
    return seeded.learners > 0


def _greet(settings: Settings, demo: bool) -> None:
    from app.usecases.seed_demo import DEMO_EMAIL, DEMO_PASSWORD, INSTRUCTOR_EMAIL

    click.echo(f"Haven  {settings.site_url}")
    if demo:
        click.echo(f"Demo   {settings.site_url}/inloggen  {DEMO_EMAIL}  {DEMO_PASSWORD}")
        click.echo(f"Docent {settings.site_url}/groepen  {INSTRUCTOR_EMAIL}  {DEMO_PASSWORD}")
    if not settings.is_production and settings.mail_url.startswith("folder:"):
        click.echo(f"Mail   {settings.site_url}/dev/mail")
    click.echo("Stop   Ctrl-C")


if __name__ == "__main__":
    main(prog_name="python -m app")
