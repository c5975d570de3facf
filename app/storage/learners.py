"""Learners: guests, and people with an account."""

from datetime import date, datetime
from functools import lru_cache
from secrets import randbits
from typing import Any

from peewee import IntegrityError

from app.learning.parameters import BY_DEFAULT, ParametersInUse
from app.learning.people import Account, Learner, Track
from app.learning.rhythm import WEEKDAYS, Rhythm
from app.learning.scheduling import Spacing
from app.storage import tables
from app.storage.database import Statement, attempt
from app.storage.fields import from_day_number, from_microseconds
from app.storage.parameters import parameters_columns, parameters_in, values_in

_RHYTHM_COLUMNS = (
    "learner.retention, learner.easy_days, learner.new_a_day, learner.paused_until, "
    "learner.exam_on, learner.exam_retention"
)
SPACING_COLUMNS = f"learner.seed, {_RHYTHM_COLUMNS}, learner.parameters"
SPACING_WIDTH = len(SPACING_COLUMNS.split(", "))
LEARNER_COLUMNS = (
    "learner.id, learner.email, learner.seed, learner.joined_at, learner.zone_name, "
    f"learner.track, learner.buttons, learner.simulated, {_RHYTHM_COLUMNS}, "
    "learner.parameters, learner.parameters_source, learner.parameters_since"
)
_LEARNER = Statement(f"SELECT {LEARNER_COLUMNS} FROM learner WHERE id = ?")
_LEARNER_BY_EMAIL = Statement(f"SELECT {LEARNER_COLUMNS} FROM learner WHERE email = ?")
_ACCOUNT_BY_EMAIL = Statement(
    f"SELECT {LEARNER_COLUMNS}, learner.password_hash FROM learner WHERE email = ?"
)
_SIMULATED_IDS = Statement("SELECT id FROM learner WHERE simulated ORDER BY id")
_LEARNER_IDS = Statement("SELECT id FROM learner ORDER BY id")


def add_guest(
    *, seed: int, now: datetime, zone_name: str, parameters: ParametersInUse = BY_DEFAULT
) -> Learner:
    """A new learner without an account."""
    row = tables.Learner.create(
        seed=seed,
        person=randbits(63),
        joined_at=now,
        zone_name=zone_name,
        track=Track.KERN.value,
        buttons=2,
        simulated=False,
        **parameters_columns(parameters),
    )
    return Learner(row.id, None, seed, now, zone_name, Track.KERN, 2, parameters=parameters)


def add_simulated(
    *, email: str, password_hash: str | None, seed: int, now: datetime, zone_name: str
) -> Learner:
    """A new learner whose reviews a program makes, marked as such; signs in where there is a hash."""
    row = tables.Learner.create(
        email=email,
        password_hash=password_hash,
        seed=seed,
        person=randbits(63),
        joined_at=now,
        zone_name=zone_name,
        track=Track.KERN.value,
        buttons=2,
        simulated=True,
    )
    return Learner(row.id, email, seed, now, zone_name, Track.KERN, 2, simulated=True)


def learner_of(learner_id: int) -> Learner | None:
    row = _LEARNER.row(learner_id)
    return None if row is None else learner_of_row(row)


def learner_with_email(email: str) -> Learner | None:
    """The learner of that address, which must be in its normal form."""
    row = _LEARNER_BY_EMAIL.row(email)
    return None if row is None else learner_of_row(row)


def account_with_email(email: str) -> Account | None:
    """The account of that address, which must be in its normal form, with its password."""
    row = _ACCOUNT_BY_EMAIL.row(email)
    if row is None or row[-1] is None:
        return None
    return Account(learner_of_row(row[:-1]), row[-1])


def learner_ids() -> list[int]:
    """Everybody, in order."""
    return [row[0] for row in _LEARNER_IDS.rows()]


def simulated_ids() -> list[int]:
    """Everybody whose reviews a program makes, in order."""
    return [row[0] for row in _SIMULATED_IDS.rows()]


def give_account(learner_id: int, email: str, password_hash: str) -> bool:
    """Make a guest somebody with an account; False where the address has one, or the guest is
    none any more."""
    guest = (tables.Learner.id == learner_id) & tables.Learner.email.is_null()
    try:
        with attempt():
            update = tables.Learner.update(email=email, password_hash=password_hash)
            return update.where(guest).execute() == 1
    except IntegrityError:
        return False


def set_password(learner_id: int, password_hash: str) -> None:
    _update(learner_id, password_hash=password_hash)


def set_joined_at(learner_id: int, moment: datetime) -> None:
    _update(learner_id, joined_at=moment)


def set_preferences(learner_id: int, *, track: Track, buttons: int, zone_name: str) -> None:
    """`buttons` is 2 or 4; `zone_name` a valid IANA zone."""
    _update(learner_id, track=track.value, buttons=buttons, zone_name=zone_name)


def set_seed(learner_id: int, seed: int) -> None:
    """Whoever does this folds the memories again: the seed spreads their intervals."""
    _update(learner_id, seed=seed)


def set_rhythm(learner_id: int, rhythm: Rhythm) -> None:
    """Write the choices about time; they must have no flaws."""
    _update(
        learner_id,
        retention=rhythm.retention,
        easy_days=sum(1 << day for day in rhythm.easy_days),
        new_a_day=rhythm.new_a_day,
        paused_until=rhythm.paused_until,
        exam_on=rhythm.exam_on,
        exam_retention=rhythm.exam_retention,
    )


def set_parameters(learner_id: int, parameters: ParametersInUse) -> None:
    """Whoever does this folds the memories again."""
    _update(learner_id, **parameters_columns(parameters))


def remove_learner(learner_id: int) -> None:
    """Remove somebody with everything that is theirs."""
    tables.Learner.delete().where(tables.Learner.id == learner_id).execute()


def _update(learner_id: int, **columns: object) -> None:
    tables.Learner.update(columns).where(tables.Learner.id == learner_id).execute()


def learner_of_row(row: tuple[Any, ...]) -> Learner:
    """The learner in a row of LEARNER_COLUMNS."""
    id_, email, seed, joined_at, zone_name, track, buttons, simulated = row[:8]
    return Learner(
        id=id_,
        email=email,
        seed=seed,
        joined_at=from_microseconds(joined_at),
        zone_name=zone_name,
        track=Track(track),
        buttons=buttons,
        simulated=bool(simulated),
        rhythm=_rhythm_of_row(row[8:-3]),
        parameters=parameters_in(*row[-3:]),
    )


def spacing_of_row(row: tuple[Any, ...]) -> Spacing:
    """What decides when somebody's cards return, in a row of SPACING_COLUMNS."""
    return _rhythm_of_row(row[1:-1]).spacing(row[0], values_in(row[-1]))


# Nearly everybody has the same one, and it is read at every request.
@lru_cache(maxsize=1024)
def _rhythm_of_row(row: tuple[Any, ...]) -> Rhythm:
    """The choices in a row of _RHYTHM_COLUMNS."""
    retention, easy_days, new_a_day, paused_until, exam_on, exam_retention = row
    return Rhythm(
        retention=retention,
        easy_days=frozenset(day for day in WEEKDAYS if easy_days >> day & 1),
        new_a_day=new_a_day,
        paused_until=_day(paused_until),
        exam_on=_day(exam_on),
        exam_retention=exam_retention,
    )


def _day(number: int | None) -> date | None:
    return None if number is None else from_day_number(number)
