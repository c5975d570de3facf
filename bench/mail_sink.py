"""A mail server that takes everything and keeps nothing: `python -m bench.mail_sink KIND PORT`.

`aiosmtpd` is a server as people write one in Python. `bare` is faster than any client here: it looks
at the first letters of a line and for the end of a text.
"""

import asyncio
import sys
from collections.abc import Callable

from aiosmtpd.smtp import SMTP, Envelope, Session

_END = b"\r\n.\r\n"
_ANSWERS = {
    b"EHLO": b"250-here\r\n250-PIPELINING\r\n250 8BITMIME\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 bye\r\n",
}


class _Dialogue(asyncio.Protocol):
    def __init__(self) -> None:
        self._heard = b""
        self._is_in_text = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 here\r\n")

    def data_received(self, data: bytes) -> None:
        self._heard += data
        answers = []
        while True:
            said, end, left = self._heard.partition(_END if self._is_in_text else b"\r\n")
            if not end:
                break
            self._heard = left
            verb = b"" if self._is_in_text else said[:4].upper()
            self._is_in_text = verb == b"DATA"
            answers.append(_ANSWERS.get(verb, b"250 fine\r\n"))
        self._transport.write(b"".join(answers))


class _Handler:
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return "250 taken"


KINDS: dict[str, Callable[[], asyncio.Protocol]] = {
    "aiosmtpd": lambda: SMTP(_Handler()),
    "bare": _Dialogue,
}


async def serve(kind: str, port: int) -> None:
    """Listen on this machine until the process ends."""
    server = await asyncio.get_running_loop().create_server(KINDS[kind], "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2])))
