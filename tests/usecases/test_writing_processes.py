"""Real processes that write for one learner: no acknowledged text is lost, none is unreadable."""

import multiprocessing
import subprocess
import sys
from datetime import datetime, timedelta
from multiprocessing.synchronize import Barrier
from uuid import UUID, uuid4

from app.learning.people import Learner
from app.secrets.sealing import Keyring
from app.settings import ROOT
from app.storage import database, keys, learners, reflections
from app.usecases.missing_keys import missing_keys
from app.usecases.read_journal import read_journal
from app.usecases.write_reflection import write_reflection
from tests.conftest import REFLECTION_KEYS, Clock

PROCESSES = 4


def write(learner: Learner, text: str, now: datetime, keys_: str = REFLECTION_KEYS) -> UUID:
    name = uuid4()
    keyring = Keyring.of_text(keys_)
    write_reflection(keyring, learner, name, "dichtbij", now.date(), text, now)
    return name


def test_four_processes_that_write_somebodys_first_text_make_one_key(
    anna: Learner, db_url: str, clock: Clock, keyring: Keyring
) -> None:
    database.close()
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Barrier(PROCESSES)
    given = (db_url, anna.id, clock(), REFLECTION_KEYS, start)
    workers = [spawn.Process(target=write_once, args=given) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(300)
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    assert len(keys.keys_of(anna.id, keys.Purpose.JOURNAL)) == 1
    assert len(read_journal(keyring, anna).reflections) == PROCESSES


def write_once(url: str, learner_id: int, now: datetime, keys_: str, start: Barrier) -> None:
    database.bind(url)
    learner = learners.learner_of(learner_id)
    assert learner is not None
    start.wait(300)
    write(learner, "Zij knikte.", now, keys_)
    database.close()


def test_what_was_acknowledged_before_a_process_is_killed_is_read(
    anna: Learner, db_url: str, clock: Clock, keyring: Keyring
) -> None:
    database.close()
    command = [sys.executable, "-m", __name__, db_url, str(anna.id), clock().isoformat()]
    with subprocess.Popen(
        [*command, REFLECTION_KEYS], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as writer:
        assert writer.stdout is not None
        acknowledged = [writer.stdout.readline().strip() for _ in range(40)]
        writer.kill()
        acknowledged += writer.stdout.read().split()
    kept = {
        each.id for each in reflections.reflections_of(anna.id, clock() + timedelta(days=1), 10_000)
    }
    assert {UUID(name) for name in acknowledged} <= kept
    assert missing_keys(keyring) is None
    assert read_journal(keyring, anna).unreadable == 0


def write_until_killed(url: str, learner_id: str, now: str, keys_: str) -> None:
    database.bind(url)
    learner = learners.learner_of(int(learner_id))
    assert learner is not None
    while True:
        name = write(learner, "Zij knikte.", datetime.fromisoformat(now), keys_)
        sys.stdout.write(f"{name.hex}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    write_until_killed(*sys.argv[1:])
