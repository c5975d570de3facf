"""A mail server that takes everything and keeps nothing: `python -m bench.mail_sink PORT`."""

import asyncio
import sys

from aiosmtpd.smtp import SMTP, Envelope, Session


class _Sink:
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return "250 taken"


async def serve(port: int) -> None:
    """Listen on this machine until the process ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(_Sink()), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
