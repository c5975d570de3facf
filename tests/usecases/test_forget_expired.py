"""What nobody can use any more does not stay."""

from datetime import timedelta

from app.learning.attempts import SIGN_IN_NETWORK, Attempt
from app.learning.email_codes import EmailCode, Purpose
from app.learning.people import Learner
from app.storage import email_codes, sessions
from app.storage.database import transaction
from app.storage.tables import Attempt as AttemptRow
from app.usecases.begin_session import begin_session
from app.usecases.count_attempts import count_attempts
from app.usecases.forget_expired import Forgotten, forget_expired
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
