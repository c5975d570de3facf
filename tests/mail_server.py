"""A mail server that does what a test says: refuse, hang up or dawdle at any point of a dialogue."""

import socketserver
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread
from typing import Any

STAGES = ("connect", "EHLO", "MAIL", "RCPT", "DATA", "text")


@dataclass
class Plan:
    """What the server does at a stage, and what it has taken.

    `answers` maps a stage to what is said instead of yes; "drop" hangs up before answering, and at
    "text" "lost" takes the mail and hangs up. `before` is called with each stage as it comes.
    `greeting` says what it can do.
    """

    greeting: str = "250-here\r\n250 PIPELINING"
    answers: dict[str, str] = field(default_factory=dict)
    taken: list[EmailMessage] = field(default_factory=list)
    connections: int = 0
    before: Callable[[str], object] = lambda _stage: None
    port: int = 0

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.taken if mail["To"] == address]


class _Dialogue(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        plan: Plan = self.server.plan  # type: ignore[attr-defined]
        plan.connections += 1
        has_receiver = False
        try:
            if not self._answer(plan, "connect", "220 here"):
                return
            while line := self.rfile.readline():
                verb = line.split()[0].decode().upper() if line.split() else ""
                if verb == "QUIT":
                    self._say("221 bye")
                    return
                if verb in ("HELO", "RSET", "NOOP"):
                    self._say("250 fine")
                elif verb == "DATA" and not has_receiver:
                    self._say("503 nobody to send to")
                elif verb == "DATA":
                    has_receiver = False
                    if not self._answer(plan, "DATA", "354 go on"):
                        return
                    if not plan.answers.get("DATA") and not self._take(plan):
                        return
                elif not self._answer(plan, verb, plan.greeting if verb == "EHLO" else "250 fine"):
                    return
                elif verb == "RCPT":
                    has_receiver = plan.answers.get("RCPT", "250").startswith("2")
        except OSError:
            pass

    def _take(self, plan: Plan) -> bool:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        if not line:
            return False
        answer = plan.answers.get("text", "")
        if answer in ("", "lost"):
            mail = message_from_bytes(b"".join(lines), EmailMessage, policy=policy.default)
            plan.taken.append(mail)
        return answer != "lost" and self._answer(plan, "text", "250 taken")

    def _answer(self, plan: Plan, stage: str, yes: str) -> bool:
        plan.before(stage)
        answer = plan.answers.get(stage, yes)
        if answer in ("drop", "lost"):
            return False
        self._say(answer)
        return True

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@contextmanager
def mail_server(**given: Any) -> Iterator[Plan]:
    """Runs on a free port of this machine; its plan may be changed while it runs."""
    plan = Plan(**given)
    with _Server(("127.0.0.1", 0), _Dialogue) as server:
        server.plan = plan  # type: ignore[attr-defined]
        plan.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, args=[0.02], daemon=True)
        thread.start()
        try:
            yield plan
        finally:
            server.shutdown()
            thread.join()
