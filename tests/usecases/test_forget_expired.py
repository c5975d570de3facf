"""What nobody can use any more does not stay."""

from datetime import date, timedelta

import pytest

from app.learning.attempts import SIGN_IN_NETWORK, Attempt
from app.learning.cohorts import Cohort, cohort_day
from app.learning.course import Course
from app.learning.email_codes import EmailCode, Purpose
from app.learning.people import Learner
from app.learning.retention import CHOICES, NOTICE, Kept, Period
from app.storage import cohorts, email_codes, learners, sessions, staff_log
from app.storage.database import transaction
from app.storage.tables import Attempt as AttemptRow
from app.usecases.begin_as_guest import begin_as_guest
from app.usecases.begin_session import begin_session
from app.usecases.change_cohort import archive_cohort
from app.usecases.change_retention import change_retention
from app.usecases.count_attempts import count_attempts
from app.usecases.create_cohort import create_cohort
from app.usecases.forget_expired import Forgotten, forget_expired
from app.usecases.join_cohort import join_cohort
from app.usecases.note_look import note_look
from app.usecases.note_session_seen import note_session_seen
from tests.conftest import Clock


def save_code(browser: str, clock: Clock, **lasts: float) -> None:
    code = EmailCode(Purpose.SIGN_UP, "anna@voorbeeld.nl", "h", "p", clock() + timedelta(**lasts))
    with transaction():
        email_codes.save_code(browser, code)


def test_what_has_run_out_goes_and_the_rest_stays(anna: Learner, clock: Clock) -> None:
    old = begin_session(anna, "old", "", clock())
    count_attempts([Attempt(SIGN_IN_NETWORK, "here")], clock())
    clock.forward(days=179)
    used = begin_session(anna, "used", "", clock())
    clock.forward(days=2, minutes=30)
    save_code("one", clock, minutes=-1)
    save_code("two", clock, minutes=1)
    count_attempts([Attempt(SIGN_IN_NETWORK, "here")], clock())

    assert forget_expired(clock()) == Forgotten(1, 1, 1, mails=0, invitations=0)
    assert forget_expired(clock()) == Forgotten(0, 0, 0, mails=0, invitations=0)

    since = clock() - timedelta(days=1000)
    assert sessions.session_of(old.key, since) is None
    assert sessions.session_of(used.key, since) is not None
    assert email_codes.code_of("two", Purpose.SIGN_UP) is not None
    assert AttemptRow.select().count() == 1


def test_a_session_in_use_is_written_once_a_day(anna: Learner, clock: Clock) -> None:
    session = begin_session(anna, "secret", "", clock())
    clock.forward(hours=23)
    assert not note_session_seen(session, clock())
    clock.forward(hours=1)
    assert note_session_seen(session, clock())
    seen = sessions.session_of(session.key, clock() - timedelta(days=1))
    assert seen is not None
    assert seen.last_seen_at == clock()


@pytest.fixture
def cohort(db_url: str, small_course: Course, clock: Clock) -> Cohort:
    """One whose two weeks end on Sunday 15 March."""
    today = cohort_day(clock())
    return create_cohort(small_course, "d@x.nl", name="B", institution="", starts_on=today, weeks=2)


def test_a_cohort_goes_a_year_after_its_end_and_its_learners_stay(
    cohort: Cohort, anna: Learner, clock: Clock
) -> None:
    assert learners.give_account(anna.id, "anna@voorbeeld.nl", "a hash")
    join_cohort(cohort, anna, "Anna", cohort_day(clock()))
    note_look(cohort, "d@x.nl", "deelnemers", cohort_day(clock()))
    goes_on = Period(365).goes_on(date(2026, 3, 15))
    clock.forward(days=(goes_on - cohort_day(clock())).days - 1)
    assert forget_expired(clock()).cohorts == 0
    clock.forward(days=1)
    assert forget_expired(clock()).cohorts == 1
    assert cohorts.every_cohort() == [] and learners.learner_of(anna.id) is not None
    (act,) = staff_log.acts_before(2**31 - 1, 9)
    assert (act.who, act.what.value, act.about) == ("worker", "cohort_deleted", "B")


def test_a_cohort_that_was_closed_early_ended_that_day(cohort: Cohort, clock: Clock) -> None:
    archive_cohort(cohort, cohort_day(clock()))
    clock.forward(days=365)
    assert forget_expired(clock()).cohorts == 0
    clock.forward(days=1)
    assert forget_expired(clock()).cohorts == 1


def test_nothing_goes_for_two_weeks_after_a_period_was_changed(
    cohort: Cohort, clock: Clock
) -> None:
    clock.forward(days=300)
    assert change_retention(Kept.COHORTS, 90, "b@x.nl", cohort_day(clock()), clock())
    assert not change_retention(Kept.COHORTS, 90, "b@x.nl", cohort_day(clock()), clock())
    clock.forward(days=NOTICE.days - 1)
    assert forget_expired(clock()).cohorts == 0
    clock.forward(days=1)
    assert forget_expired(clock()).cohorts == 1


def test_a_guest_who_did_nothing_goes_and_whoever_did_anything_stays(
    cohort: Cohort, clock: Clock
) -> None:
    idle, member, here = (begin_as_guest("Europe/Amsterdam", clock()) for _ in range(3))
    join_cohort(cohort, member, "Bram", cohort_day(clock()))
    clock.forward(days=CHOICES[Kept.GUESTS][0] + 1)
    note_session_seen(begin_session(here, "secret", "", clock()), clock())
    assert forget_expired(clock()).guests == 1
    assert learners.learner_of(idle.id) is None
    assert None not in (learners.learner_of(member.id), learners.learner_of(here.id))


def test_looks_go_after_their_own_period(cohort: Cohort, clock: Clock) -> None:
    note_look(cohort, "d@x.nl", "deelnemers", cohort_day(clock()))
    clock.forward(days=300)
    note_look(cohort, "d@x.nl", "deelnemers", cohort_day(clock()))
    clock.forward(days=66)
    assert forget_expired(clock()).looks == 1
