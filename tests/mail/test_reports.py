"""Mails that come back, as mail servers write them, and everything that only looks like it."""

import pytest

from app.learning.daily_mail import Returned
from app.mail.reports import LARGEST_REPORT, BadReport, Report, read_report

ID = "<176380.4711.83@example.nl>"
ANNA = frozenset({"anna@voorbeeld.nl"})

ORIGINAL = f"""Content-Description: Undelivered Message
Content-Type: message/rfc822

From: Haven <haven@example.nl>
To: anna@voorbeeld.nl
Subject: Je moment van vandaag
Message-ID: {ID}

Hoi,
"""

POSTFIX = """Return-Path: <>
Date: Mon,  2 Mar 2026 09:00:02 +0100 (CET)
From: MAILER-DAEMON@mail.example.nl (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: haven@example.nl
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
    boundary="4A1B2C3D4E.1772438402/mail.example.nl"

This is a MIME-encapsulated message.

--4A1B2C3D4E.1772438402/mail.example.nl
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

<anna@voorbeeld.nl>: host mx.voorbeeld.nl[192.0.2.7] said: 550 5.1.1 User unknown

--4A1B2C3D4E.1772438402/mail.example.nl
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.nl
X-Postfix-Sender: rfc822; haven@example.nl
Arrival-Date: Mon,  2 Mar 2026 09:00:01 +0100 (CET)

Final-Recipient: rfc822; anna@voorbeeld.nl
Original-Recipient: rfc822;Anna@voorbeeld.nl
Action: ACTION
Status: STATUS
Remote-MTA: dns; mx.voorbeeld.nl
Diagnostic-Code: smtp; 550 5.1.1 <anna@voorbeeld.nl>: Recipient address
    rejected: User unknown

--4A1B2C3D4E.1772438402/mail.example.nl
ORIGINAL
--4A1B2C3D4E.1772438402/mail.example.nl--
"""

# As Exchange and others write it: only the head of the mail, folded, and comments in the status.
HEAD_ONLY = f"""From: postmaster@voorbeeld.nl
To: haven@example.nl
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

PHA+SGVsYWFzLjwvcD4=
--b
Content-Type: message/delivery-status

Reporting-MTA: dns;AM0PR01.voorbeeld.nl
Received-From-MTA: dns;mail.example.nl

Final-Recipient: RFC822;<anna@voorbeeld.nl>
Action: Failed (no mailbox)
Status: 5.1.10 (recipient not found)

--b
Content-Type: text/rfc822-headers

From: Haven <haven@example.nl>
To: anna@voorbeeld.nl
Message-ID:
 {ID}

--b--
"""

COMPLAINT = f"""From: <feedback@provider.example>
To: <haven@example.nl>
Subject: FW: Je moment van vandaag
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="part"

--part
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report for a message received on 2 March.
--part
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1
Original-Rcpt-To: <redacted@provider.example>

--part
{ORIGINAL}
--part--
"""


def postfix(action: str = "failed", status: str = "5.1.1", original: str = ORIGINAL) -> bytes:
    text = POSTFIX.replace("ACTION", action).replace("STATUS", status)
    return text.replace("ORIGINAL", original).encode()


@pytest.mark.parametrize(
    ("status", "returned"),
    [("5.1.1", Returned.HARD), ("5.0.0", Returned.HARD), ("5.2.1", Returned.HARD),
     ("5.2.2", Returned.SOFT), ("5.7.1", Returned.SOFT), ("5.4.7", Returned.SOFT),
     ("4.4.1", Returned.SOFT), ("", Returned.SOFT)],
)  # fmt: skip
def test_a_bounce_says_whether_the_address_is_no_more_or_it_may_pass(
    status: str, returned: Returned
) -> None:
    assert read_report(postfix(status=status)) == [Report(ID, returned, ANNA)]
    assert read_report(postfix(status=status).replace(b"\n", b"\r\n"))[0].returned is returned


def test_a_bounce_with_only_the_head_of_the_mail_is_read_too() -> None:
    assert read_report(HEAD_ONLY.encode()) == [Report(ID, Returned.HARD, ANNA)]


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_a_mail_that_is_late_or_arrived_did_not_come_back(action: str) -> None:
    assert read_report(postfix(action, "4.4.1")) == []


def test_a_complaint_is_read_and_a_report_about_signatures_is_none() -> None:
    assert read_report(COMPLAINT.encode()) == [Report(ID, Returned.COMPLAINT)]
    for kind in ("auth-failure", "not-spam", "onzin"):
        assert read_report(COMPLAINT.replace("abuse\n", f"{kind}\n").encode()) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0\xff\xfe" * 100,
        b"Subject: Afwezig\n\nIk ben er niet. 550 5.1.1\n",
        ORIGINAL.encode(),
        COMPLAINT.replace("feedback-report\n", "something-else\n").encode(),
        COMPLAINT.replace("Message-ID", "X-Message-ID").encode(),
        postfix().replace(b"Action:", b"X-Action:"),
        postfix(original="Content-Type: text/plain\n\nniets"),
        postfix(original="Content-Type: text/rfc822-headers\nContent-Transfer-Encoding: base64\n\n!"),
        postfix().replace(b"multipart/report", b"multipart/mixed"),
        postfix().replace(b'boundary="4A1B2C3D4E', b'boundary="anders'),
        b"".join(b"Content-Type: multipart/report; boundary=%d\n\n--%d\n" % (n, n) for n in range(3000)),
        postfix() + b"x" * 10_000_000,
    ],
)  # fmt: skip
def test_what_is_no_report_is_refused_with_a_reason(raw: bytes) -> None:
    with pytest.raises(BadReport, match=r"."):
        read_report(raw)


def test_a_report_that_breaks_off_anywhere_is_read_as_meant_or_refused() -> None:
    whole = postfix()
    for length in range(0, len(whole), 7):
        try:
            found = read_report(whole[:length])
        except BadReport:
            continue
        assert found in ([], [Report(found[0].message_id, Returned.HARD, ANNA)])
        assert ID.startswith(found[0].message_id)
    assert len(whole) < LARGEST_REPORT
