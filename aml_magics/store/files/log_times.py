"""When the lines of a log were printed: a small file beside the log, which itself stays plain text.

A record of 16 bytes says from which byte on the log was written at which time: an offset, and
milliseconds since the epoch (UTC), both little-endian. It holds until the next record. Time 0 is an
unknown time. A tenth of a second shares one record, so a log that never pauses adds 160 bytes a second.
"""

from __future__ import annotations

import logging
import os
import struct
import time
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

GRAIN: Final = 0.1
"""Seconds that share a record."""

RECORD: Final = struct.Struct("<QQ")
UNKNOWN: Final = 0
_LATEST: Final = 253_402_300_799_999
"""The last millisecond of the year 9999; what is later is damaged."""

_MOST: Final = 1 << 20
"""Records that are read at once; a damaged file could name any number for a few bytes."""

_log = logging.getLogger("aml_magics")


def times_path(log: Path) -> Path:
    """The file beside a log."""
    return log.with_suffix(".times")


class LogClock:
    """Writes down when a log grows. It never stops who prints: what it cannot write is left out.

    Args:
        log: the log; the file beside it is made with the first record.
    """

    def __init__(self, log: Path) -> None:
        self._log = log
        self._file: IO[bytes] | None = None
        self._last = 0.0
        self._size = _size(log)
        self._is_broken = False

    def mark(self) -> None:
        """Note the time of what is written next. Costs little more than reading the clock."""
        now = time.time()
        if not 0 <= now - self._last < GRAIN:
            self._note(_size(self._log), now)

    def look(self) -> None:
        """Note the time of what others have written since the last look."""
        size = _size(self._log)
        if size > self._size:
            self._note(self._size, time.time())
            self._size = size

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _note(self, offset: int, now: float) -> None:
        self._last = now
        if self._is_broken:
            return
        try:
            if self._file is None:
                self._file = _opened(times_path(self._log), is_new=offset == 0)
            written = self._file.write(RECORD.pack(offset, max(UNKNOWN, int(1_000 * now))))
        except OSError as error:
            self._stop(error.strerror or str(error))
        else:
            if written != RECORD.size:  # whoever opens the file next drops the half
                self._stop("no room")

    def _stop(self, why: str) -> None:
        self._is_broken = True
        self.close()
        _log.info("The times of %s are kept no longer: %s", self._log, why)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _opened(path: Path, *, is_new: bool) -> IO[bytes]:
    """The file for appending, without half a record at its end, and without those of an earlier log."""
    file = _plain_file(path, "ab")
    size = 0 if is_new else file.tell() // RECORD.size * RECORD.size
    if size != file.tell():
        file.truncate(size)
    return file


def _plain_file(path: Path, mode: Literal["ab", "rb"]) -> IO[bytes]:
    """Open a file; a pipe in its place neither blocks nor is followed anywhere."""
    more = os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags | more, 0o600)

    return open(path, mode, buffering=0, opener=opener)


def times_beside(log: Path) -> IO[bytes]:
    """Open the file beside a log for reading; raises OSError where there is none that can be read."""
    return _plain_file(times_path(log), "rb")


@dataclass(frozen=True, slots=True)
class LogTimes:
    """The times of a stretch of a log: ``offsets`` ascend, and ``times`` has one for each."""

    offsets: Sequence[int] = ()
    times: Sequence[int] = ()

    def at(self, offset: int) -> int | None:
        """When the byte was written, in milliseconds since the epoch; None if that is not known."""
        place = bisect_right(self.offsets, offset) - 1
        found = UNKNOWN if place < 0 else self.times[place]
        return found if UNKNOWN < found <= _LATEST else None


NO_TIMES: Final = LogTimes()


def read_times(file: IO[bytes], low: int, high: int) -> LogTimes:
    """The times of bytes ``low`` to ``high`` of a log; of a damaged file any times, or none."""
    count = file.seek(0, 2) // RECORD.size

    def offset_of(place: int) -> int:
        file.seek(place * RECORD.size)
        data = file.read(RECORD.size)
        return int(RECORD.unpack(data)[0]) if len(data) == RECORD.size else 1 << 64

    places = range(count)
    first = max(0, bisect_right(places, low, key=offset_of) - 1)
    last = min(bisect_left(places, high, lo=first, key=offset_of), first + _MOST)
    file.seek(first * RECORD.size)
    data = file.read((last - first) * RECORD.size)
    whole = len(data) // RECORD.size
    values = struct.unpack(f"<{2 * whole}Q", data[: whole * RECORD.size])
    return LogTimes(values[::2], values[1::2])
