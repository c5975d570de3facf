"""A kept line to a mail server: what each refusal means, and when a mail may be tried again."""

import pytest

from app.mail.message import Mail, Subscription, build_message
from app.mail.outbox import Failure, MailFailed, SmtpOutbox
from tests.mail.test_message import FINE
from tests.mail_server import Plan, mail_server


@pytest.fixture
def mail() -> Mail:
    return build_message(**FINE)


def outcome(plan: Plan, mail: Mail, patience: float = 5) -> Failure | None:
    """What one mail came to; the fence must have been passed if and only if the text went."""
    fenced: list[bool] = []

    def fence() -> bool:
        fenced.append(True)
        return True

    failure = None
    with SmtpOutbox("127.0.0.1", plan.port).opened(patience) as post:
        try:
            assert post.deliver(mail, fence)
        except MailFailed as failed:
            failure = failed.failure
    is_before_the_text = bool(plan.answers.keys() - {"text"})
    assert bool(fenced) is not is_before_the_text
    return failure


@pytest.mark.parametrize(
    ("stage", "answer", "failure"),
    [
        ("connect", "421 busy", Failure.UNREACHABLE),
        ("connect", "554 no", Failure.UNREACHABLE),
        ("connect", "drop", Failure.UNREACHABLE),
        ("EHLO", "drop", Failure.UNREACHABLE),
        ("MAIL", "451 later", Failure.LATER),
        ("MAIL", "550 5.7.515 who are you", Failure.LATER),
        ("MAIL", "drop", Failure.LATER),
        ("RCPT", "450 4.2.1 greylisted", Failure.LATER),
        ("RCPT", "550 5.7.1 we do not like you", Failure.NEVER),
        ("RCPT", "550 5.1.1 no such user", Failure.NO_SUCH_ADDRESS),
        ("RCPT", "421 closing", Failure.LATER),
        ("RCPT", "drop", Failure.LATER),
        ("DATA", "451 later", Failure.LATER),
        ("DATA", "554 no", Failure.NEVER),
        ("DATA", "drop", Failure.LATER),
        ("text", "452 disk full", Failure.LATER),
        ("text", "554 spam", Failure.NEVER),
        ("text", "drop", Failure.UNKNOWN),
        ("text", "lost", Failure.UNKNOWN),
        ("text", "250 taken", None),
    ],
)
@pytest.mark.parametrize("greeting", ["250 here", "250-here\r\n250 PIPELINING"])
def test_a_refusal_means_what_it_means_at_its_stage(
    stage: str, answer: str, failure: Failure | None, mail: Mail, greeting: str
) -> None:
    with mail_server(answers={stage: answer}, greeting=greeting) as plan:
        assert outcome(plan, mail) is failure


@pytest.mark.parametrize(("stage", "failure"), [("RCPT", Failure.LATER), ("text", Failure.UNKNOWN)])
def test_a_server_that_dawdles_is_left(stage: str, failure: Failure, mail: Mail) -> None:
    from threading import Event

    go_on = Event()
    with mail_server(before=lambda at: at == stage and go_on.wait(10)) as plan:
        plan.answers = {} if stage == "text" else {stage: "250 at last"}
        assert outcome(plan, mail, patience=0.3) is failure
        go_on.set()


def test_one_line_takes_one_mail_after_another_also_after_a_refusal(mail: Mail) -> None:
    with mail_server() as plan, SmtpOutbox("127.0.0.1", plan.port).opened() as post:
        for answers in ({}, {"RCPT": "550 no"}, {}, {"text": "452 full"}, {}):
            plan.answers = answers
            if answers:
                with pytest.raises(MailFailed):
                    post.deliver(mail, lambda: True)
            else:
                assert post.deliver(mail, lambda: True)
        assert (len(plan.taken), plan.connections) == (3, 1)


def test_a_line_that_the_server_closed_is_made_again(mail: Mail) -> None:
    with mail_server() as plan, SmtpOutbox("127.0.0.1", plan.port).opened() as post:
        assert post.deliver(mail, lambda: True)
        plan.answers = {"RCPT": "drop"}
        with pytest.raises(MailFailed):
            post.deliver(mail, lambda: True)
        plan.answers = {}
        assert post.deliver(mail, lambda: True)
        plan.answers = {"MAIL": "421 you were silent"}
        with pytest.raises(MailFailed):
            post.deliver(mail, lambda: True)
        assert len(plan.taken) == 2


def test_a_mail_that_is_called_off_does_not_go(mail: Mail) -> None:
    with mail_server() as plan, SmtpOutbox("127.0.0.1", plan.port).opened() as post:
        assert post.deliver(mail, lambda: False) is False
        assert post.deliver(mail, lambda: True)
        assert len(plan.taken) == 1


def test_what_happens_at_the_fence_leaves_nothing_at_the_server(mail: Mail) -> None:
    def fence() -> bool:
        raise RuntimeError("the database is gone")

    with mail_server() as plan:
        with SmtpOutbox("127.0.0.1", plan.port).opened() as post, pytest.raises(RuntimeError):
            post.deliver(mail, fence)
        assert plan.taken == []


def test_a_point_at_the_start_of_a_line_arrives() -> None:
    mail = build_message(**{**FINE, "text": ".een\n..twee\n.\nGTUBE\n"})
    with mail_server() as plan:
        assert outcome(plan, mail) is None
        [taken] = plan.taken
        body = taken.get_body(("plain",))
        assert body is not None
        assert body.get_content().split() == [".een", "..twee", ".", "GTUBE"]


def test_a_long_address_to_unsubscribe_arrives_in_one_piece() -> None:
    address = f"https://{'een-lange-naam.' * 6}example.nl/mail/{'x' * 22}"
    mail = build_message(**FINE, subscription=Subscription("dagelijks.example.nl", address))
    with mail_server() as plan:
        assert outcome(plan, mail) is None
        [taken] = plan.taken
    assert taken["List-Unsubscribe"] == f"<{address}>"
    assert taken["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert taken["List-Id"] == "<dagelijks.example.nl>"
