"""What a service had to do: requests, errors and latency by time.

Replicas write a line for each second in which they answered (``traffic/<day>.jsonl``). A latency is kept as the
number of a bucket, ``round(8 * log2(microseconds))``, so that lines of replicas and of seconds add up; a
quantile of the sum is right to about 9 %.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import IO

WINDOWS: Final = {"5m": 300, "1h": 3_600, "24h": 86_400}
"""Seconds that a screen shows."""

BUCKETS: Final = 300
"""Points of a curve; a window is cut into as many stretches of time."""

QUANTILES: Final = (0.5, 0.95, 0.99)
_BY_OCTAVE: Final = 8
_DAY: Final = timedelta(days=1)
_NEAR: Final = 1 << 16
_DISORDER: Final = 5
"""Seconds by which a line may come later than one of a newer second: replicas write to one file."""

_SERVER_ERROR: Final = 500
_CLIENT_ERROR: Final = 400


class _Line(msgspec.Struct):
    """A second of one replica."""

    t: int
    codes: dict[str, int] = {}
    latency: dict[str, int] = {}


_decoder: Final = msgspec.json.Decoder(_Line)


@dataclass(frozen=True, slots=True)
class LoadView:
    """Requests in stretches of ``width`` seconds, of which those without a request are left out.

    ``times`` are the seconds since the epoch at which they begin. ``errors`` are answers of 500 and above,
    ``refused`` of 400 to 499. ``latency`` holds the quantiles 50, 95 and 99 % in milliseconds of each.
    ``end`` is when it was read, by the clock of the service's machine.
    """

    width: int
    end: float
    times: tuple[int, ...]
    requests: tuple[int, ...]
    errors: tuple[int, ...]
    refused: tuple[int, ...]
    latency: tuple[tuple[float | None, float | None, float | None], ...]


@dataclass(frozen=True, slots=True)
class RateView:
    """The last minute: requests a second, the latency that 95 % keep below in milliseconds, errors of 500 and above."""

    rate: float
    p95: float | None
    errors: int


@dataclass(slots=True)
class _Stretch:
    requests: int = 0
    errors: int = 0
    refused: int = 0
    latency: Counter[int] = field(default_factory=Counter)

    def add(self, line: _Line) -> None:
        for code, count in line.codes.items():
            self.requests += count
            status = int(code) if code.isdecimal() else _SERVER_ERROR
            self.errors += count * (status >= _SERVER_ERROR)
            self.refused += count * (_CLIENT_ERROR <= status < _SERVER_ERROR)
        for bucket, count in line.latency.items():
            self.latency[int(bucket)] += count


class LoadReader:
    """Reads the traffic of a service: a window at first, and later what was added.

    Args:
        folder: holds a file a day.
        seconds: the length of the window.
    """

    def __init__(self, folder: Path, seconds: int) -> None:
        self.width = max(1, seconds // BUCKETS)
        self._folder = folder
        self._seconds = seconds
        self._places: dict[Path, int] = {}
        self._stretches: dict[int, _Stretch] = {}

    def read(self, now: float) -> set[int]:
        """Read what is new; returns the beginnings of the stretches that changed."""
        since = now - self._seconds
        changed: set[int] = set()
        for path in self._files(since, now):
            start = self._places.get(path)
            try:
                with path.open("rb") as stream:
                    size = stream.seek(0, 2)
                    if start is None or start > size:  # another file of the name
                        start = first_since(stream, size, since - _DISORDER)
                    lines, self._places[path] = _lines(stream, start)
            except FileNotFoundError:
                continue
            for line in lines:
                if line.t >= since:
                    at = line.t - line.t % self.width
                    self._stretches.setdefault(at, _Stretch()).add(line)
                    changed.add(at)
        for at in [at for at in self._stretches if at + self.width <= since]:
            del self._stretches[at]
        return changed

    def view(self, now: float, since: float = -math.inf) -> LoadView:
        """What was read, from a time on."""
        times = sorted(at for at in self._stretches if at >= since)
        return self._view(now, times)

    def view_of(self, now: float, changed: Iterable[int]) -> LoadView:
        """The stretches that begin at these times."""
        return self._view(now, sorted(at for at in changed if at in self._stretches))

    def rate(self, now: float, seconds: int = 60) -> RateView:
        """The last minute, as far as the window has it."""
        total = _Stretch()
        for at, one in self._stretches.items():
            if at + self.width > now - seconds:
                total.requests += one.requests
                total.errors += one.errors
                total.latency.update(one.latency)
        return RateView(total.requests / seconds, quantiles(total.latency)[1], total.errors)

    def _view(self, now: float, times: list[int]) -> LoadView:
        found = [self._stretches[at] for at in times]
        return LoadView(
            self.width,
            now,
            tuple(times),
            tuple(one.requests for one in found),
            tuple(one.errors for one in found),
            tuple(one.refused for one in found),
            tuple(quantiles(one.latency) for one in found),
        )

    def _files(self, since: float, now: float) -> Iterator[Path]:
        day = datetime.fromtimestamp(since, UTC).date()
        last = datetime.fromtimestamp(now, UTC).date()
        while day <= last:
            yield self._folder / f"{day.isoformat()}.jsonl"
            day += _DAY


def quantiles(latency: Mapping[int, int]) -> tuple[float | None, float | None, float | None]:
    """The quantiles 50, 95 and 99 % in milliseconds; None without a request."""
    total = sum(latency.values())
    if not total:
        return (None, None, None)
    found: list[float] = []
    passed = 0
    buckets = iter(sorted(latency.items()))
    bucket = 0
    for share in QUANTILES:
        while passed < share * total:
            bucket, count = next(buckets)
            passed += count
        found.append(milliseconds(bucket))
    return (found[0], found[1], found[2])


def milliseconds(bucket: int) -> float:
    """The latency in the middle of a bucket, to three digits."""
    return float(f"{2 ** (bucket / _BY_OCTAVE) / 1_000:.3g}")


def first_since(stream: IO[bytes], size: int, since: float) -> int:
    """The byte near which the lines from a time on begin; found by halving, as lines come by time."""
    low, high = 0, size
    while high - low > _NEAR:
        middle = (low + high) // 2
        stream.seek(middle)
        stream.readline()  # the rest of a line
        at = stream.tell()
        line = _parsed(stream.readline())
        if line is None or at >= high or line.t >= since:
            high = middle
        else:
            low = at
    return low


def _lines(stream: IO[bytes], start: int) -> tuple[list[_Line], int]:
    """The whole lines from a byte on, and where the next one begins; what is damaged is passed over."""
    stream.seek(start)
    data = stream.read()
    end = data.rfind(b"\n") + 1
    found = [_parsed(line) for line in data[:end].splitlines()]
    return [line for line in found if line is not None], start + end


def _parsed(line: bytes) -> _Line | None:
    try:
        return _decoder.decode(line)
    except msgspec.DecodeError:
        return None
