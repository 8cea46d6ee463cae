"""What a service had to do: requests, answers and latency by the second.

Replicas append a line for each second in which they answered (``traffic/<day>.jsonl``, days in UTC). A latency is
kept as the number of a bucket, ``round(8 * log2(microseconds))``, so that the lines of replicas and of seconds add
up; a quantile of the sum is right to about 9 %.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from aml_magics.services.service.folder import service_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from pathlib import Path
    from typing import IO

    from aml_magics.records.service import ServiceRecord
    from aml_magics.store.store import Store

HOUR: Final = 3_600.0
_BY_OCTAVE: Final = 8
_NEAR: Final = 1 << 16
_DISORDER: Final = 5
"""Seconds by which a line may come later than one of a newer second: replicas write to one file."""

_DAY: Final = timedelta(days=1)
_SERVER_ERROR: Final = 500
_CLIENT_ERROR: Final = 400


class _Line(msgspec.Struct):
    """A second of one replica."""

    t: int
    revision: int = 0
    version: str = ""
    codes: dict[int, int] = {}
    latency: dict[int, int] = {}
    scoring: dict[int, int] = {}
    received: int = msgspec.field(name="in", default=0)
    sent: int = msgspec.field(name="out", default=0)


_decoder: Final = msgspec.json.Decoder(_Line)


@dataclass(slots=True)
class TrafficSecond:
    """A second of one revision, its replicas added up.

    ``codes`` counts answers by status. ``latency`` (whole requests) and ``scoring`` (``run`` alone) count by bucket.
    """

    time: int
    revision: int = 0
    version: str = ""
    codes: Counter[int] = field(default_factory=Counter)
    latency: Counter[int] = field(default_factory=Counter)
    scoring: Counter[int] = field(default_factory=Counter)
    received: int = 0
    sent: int = 0

    @property
    def requests(self) -> int:
        """How many requests were answered."""
        return self.codes.total()

    @property
    def errors(self) -> int:
        """How many of the answers were 500 and above."""
        return sum(count for code, count in self.codes.items() if code >= _SERVER_ERROR)

    @property
    def refused(self) -> int:
        """How many of the answers were 400 to 499."""
        codes = self.codes.items()
        return sum(count for code, count in codes if _CLIENT_ERROR <= code < _SERVER_ERROR)


@dataclass(frozen=True, slots=True)
class TrafficSummary:
    """Seconds added up; latencies in milliseconds, None without a request. ``rate`` is requests a second."""

    seconds: float
    requests: int
    errors: int
    refused: int
    rate: float
    p50: float | None
    p95: float | None
    p99: float | None
    scoring_p50: float | None
    received: int
    sent: int


def read(
    store: Store, record: ServiceRecord, since: float | None = None, until: float | None = None
) -> list[TrafficSecond]:
    """The seconds in which a service answered, by time; revisions apart, replicas added up.

    Only the part of a file that may belong to the time asked for is read. A line that is damaged, or still being
    written, is passed over.

    Args:
        since: seconds since the epoch; an hour before the end by default.
        until: the end, which does not belong to it; now by default.
    """
    end = time.time() + 1 if until is None else until
    begin = end - HOUR if since is None else since
    found: dict[tuple[int, int, str], TrafficSecond] = {}
    for path in _files(service_folder(store, record) / "traffic", begin, end):
        for line in _lines(path, begin, end):
            key = (line.t, line.revision, line.version)
            _add(found.setdefault(key, TrafficSecond(*key)), line)
    return [found[key] for key in sorted(found)]


def summary(seconds: Iterable[TrafficSecond], duration: float) -> TrafficSummary:
    """Add up what was read of a stretch of ``duration`` seconds."""
    codes: Counter[int] = Counter()
    latency: Counter[int] = Counter()
    scoring: Counter[int] = Counter()
    total = TrafficSecond(0, codes=codes, latency=latency, scoring=scoring)
    for one in seconds:
        codes.update(one.codes)
        latency.update(one.latency)
        scoring.update(one.scoring)
        total.received += one.received
        total.sent += one.sent
    p50, p95, p99 = (quantile(latency, share) for share in (0.5, 0.95, 0.99))
    return TrafficSummary(
        seconds=duration,
        requests=total.requests,
        errors=total.errors,
        refused=total.refused,
        rate=total.requests / duration if duration > 0 else 0.0,
        p50=p50,
        p95=p95,
        p99=p99,
        scoring_p50=quantile(scoring, 0.5),
        received=total.received,
        sent=total.sent,
    )


def quantile(latency: Mapping[int, int], share: float) -> float | None:
    """The milliseconds below which a share of the requests stayed; None without a request."""
    wanted, passed = share * sum(latency.values()), 0
    for bucket, count in sorted(latency.items()):
        passed += count
        if passed >= wanted:
            return milliseconds(bucket)
    return None


def milliseconds(bucket: int) -> float:
    """The latency in the middle of a bucket, to three digits."""
    return float(f"{2 ** (bucket / _BY_OCTAVE) / 1_000:.3g}")


def _add(total: TrafficSecond, line: _Line) -> None:
    total.codes.update(line.codes)
    total.latency.update(line.latency)
    total.scoring.update(line.scoring)
    total.received += line.received
    total.sent += line.sent


def _files(folder: Path, begin: float, end: float) -> list[Path]:
    """The files of the days, and of the next one: a second is written when it is over."""
    first, last = _day(begin), _day(end) + _DAY
    named = {path.stem: path for path in folder.glob("*.jsonl")}
    return [named[name] for name in sorted(named) if first.isoformat() <= name <= last.isoformat()]


def _day(seconds: float) -> date:
    """The UTC day; for a time no calendar has, the first or last one but one."""
    lowest, highest = datetime(1970, 1, 1, tzinfo=UTC), datetime(9998, 1, 1, tzinfo=UTC)
    bounded = min(max(seconds, lowest.timestamp()), highest.timestamp())
    return datetime.fromtimestamp(bounded, UTC).date()


def _lines(path: Path, begin: float, end: float) -> Iterator[_Line]:
    try:
        with path.open("rb") as stream:
            stream.seek(_first_since(stream, begin - _DISORDER))
            for text in stream:
                line = _parsed(text)
                if line is None or line.t < begin:
                    continue
                if line.t >= end + _DISORDER:
                    return
                if line.t < end:
                    yield line
    except FileNotFoundError:
        return


def _first_since(stream: IO[bytes], since: float) -> int:
    """A byte shortly before the lines from a time on; found by halving, as lines come by time."""
    low, high = 0, stream.seek(0, 2)
    while high - low > _NEAR:
        middle = (low + high) // 2
        stream.seek(middle)
        stream.readline()  # the rest of a line
        start = stream.tell()
        line = _parsed(stream.readline())
        if line is None or start >= high or line.t >= since:
            high = middle
        else:
            low = start
    return low


def _parsed(line: bytes) -> _Line | None:
    try:
        return _decoder.decode(line)
    except msgspec.DecodeError:
        return None
