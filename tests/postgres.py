"""A throw-away PostgreSQL cluster for one run of the tests, where PostgreSQL is installed."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Debian keeps the server's programs out of PATH.
_PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def find_server() -> Path | None:
    """The folder with initdb and pg_ctl, or None."""
    for place in _PLACES:
        if (place / "initdb").exists():
            return place
    found = shutil.which("initdb")
    return Path(found).parent if found else None


@contextmanager
def running_cluster(programs: Path, *, durable: bool = False) -> Iterator[str]:
    """The URL of a database in a fresh cluster that listens on a socket only; gone afterwards.

    Only a `durable` one waits for the disk, as PostgreSQL does by itself.
    PostgreSQL refuses to run as root, so root starts it as the user `postgres`.
    """
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(prefix="haven-pg-") as folder:
        if as_user:
            shutil.chown(folder, "postgres")
        data = f"{folder}/data"
        _run([*as_user, f"{programs}/initdb", "-D", data, "-U", "haven", "-A", "trust",
              "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"], folder)  # fmt: skip
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}'"
        if not durable:
            options += " -c fsync=off"
        _run([*as_user, f"{programs}/pg_ctl", "-D", data, "-w", "-l", f"{folder}/log",
              "-o", options, "start"], folder)  # fmt: skip
        try:
            yield f"postgresql://haven@/{{name}}?host={folder}"
        finally:
            _run([*as_user, f"{programs}/pg_ctl", "-D", data, "-m", "immediate", "stop"], folder)


def _run(command: list[str], folder: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
