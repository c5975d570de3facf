"""Zips: written part by part, and opened with care."""

import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import SEEK_END
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from app.learning.imports import BadFile, FileFlaw

# Half a million empty members take 200 MB of memory before one of them is read.
_LARGEST_DIRECTORY = 4_000_000
_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x07"
_END_FORMAT = "<4s4H2LH"
_LONGEST_END = struct.calcsize(_END_FORMAT) + 65_535
_PIECE = 1 << 16

# What zipfile raises for a damaged file (a ValueError where it is sent to before the beginning), for
# one that ends too soon, and for a member with a password (a RuntimeError).
_UNREADABLE = (
    BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError, OverflowError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One file in a zip. `write` gets a stream that can only be written to."""

    name: str
    write: Callable[[IO[bytes]], object]


def write_zip(file: IO[bytes], parts: Sequence[Part], made_at: datetime) -> None:
    """Write every part, one after the other; none has to fit in memory."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for part in parts:
            member = ZipInfo(part.name, made_at.timetuple()[:6])
            member.compress_type = ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            with archive.open(member, "w") as stream:
                part.write(stream)


@contextmanager
def opened_zip(file: IO[bytes]) -> Iterator[ZipFile]:
    """The zip in a file that somebody sent. Raises BadFile."""
    _require_small_directory(file)
    try:
        archive = ZipFile(file)
    except _UNREADABLE as error:
        raise BadFile(FileFlaw.NOT_AN_EXPORT) from error
    with archive:
        yield archive


def pieces_of(archive: ZipFile, name: str, most: int) -> Iterator[bytes]:
    """One member, a piece at a time, at most so many bytes together. Raises BadFile."""
    member = archive.getinfo(name)
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        # LZMA may ask for gigabytes before it gives the first byte.
        raise BadFile(FileFlaw.BROKEN)
    try:
        with archive.open(member) as stream:
            yield from limited(iter(lambda: stream.read(_PIECE), b""), most)
    except _UNREADABLE as error:
        raise BadFile(FileFlaw.BROKEN) from error


def limited(pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
    """The same pieces, at most so many bytes together; what a file says of its size is not trusted."""
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > most:
            raise BadFile(FileFlaw.TOO_LARGE)
        yield piece


def _require_small_directory(file: IO[bytes]) -> None:
    """Look at the end of a zip before `zipfile` reads the whole list of members into memory."""
    size = file.seek(0, SEEK_END)
    file.seek(max(0, size - _LONGEST_END))
    tail = file.read(_LONGEST_END)
    file.seek(0)
    place = tail.rfind(_END)
    if place < 0 or len(tail) - place < struct.calcsize(_END_FORMAT):
        raise BadFile(FileFlaw.NOT_AN_EXPORT)
    directory: int = struct.unpack_from(_END_FORMAT, tail, place)[5]
    # The larger form of zip, for more than 4 GB or 65,535 members, is never one of ours.
    if directory > _LARGEST_DIRECTORY or _END_64 in tail[:place]:
        raise BadFile(FileFlaw.TOO_LARGE)
