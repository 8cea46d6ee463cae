"""What a service had to do: requests, errors and latency by time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from aml_magics.services.service import traffic

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.records.service import ServiceRecord
    from aml_magics.services.service.traffic import TrafficSecond
    from aml_magics.store.store import Store

WINDOWS: Final = {"5m": 300, "1h": 3_600, "24h": 86_400}
"""Seconds that a screen shows."""

BUCKETS: Final = 300
"""Points of a curve; a window is cut into as many stretches of time."""

_DISORDER: Final = 5
"""Seconds by which a second may be told late: replicas write when it is over."""

Quantiles = tuple[float | None, float | None, float | None]


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
    latency: tuple[Quantiles, ...]


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

    def add(self, second: TrafficSecond) -> None:
        self.requests += second.requests
        self.errors += second.errors
        self.refused += second.refused
        self.latency.update(second.latency)

    @property
    def quantiles(self) -> Quantiles:
        p50, p95, p99 = (traffic.quantile(self.latency, share) for share in (0.5, 0.95, 0.99))
        return p50, p95, p99


class LoadReader:
    """Reads the traffic of a service: a window at first, and later what may have changed.

    Args:
        seconds: the length of the window.
    """

    def __init__(self, store: Store, record: ServiceRecord, seconds: int) -> None:
        self.width = max(1, seconds // BUCKETS)
        self._store = store
        self._record = record
        self._seconds = seconds
        self._stretches: dict[int, _Stretch] = {}

    def read(self, now: float) -> set[int]:
        """Read what is new; returns the beginnings of the stretches that changed."""
        since = now - self._seconds
        last = max(self._stretches, default=None)
        # Whole stretches are read again, so that they need not be told apart from what was added.
        begin = self._at(since if last is None else max(since, last - _DISORDER))
        found: dict[int, _Stretch] = {}
        for second in traffic.read(self._store, self._record, begin, now + 1):
            found.setdefault(self._at(second.time), _Stretch()).add(second)
        changed = {at for at, one in found.items() if self._stretches.get(at) != one}
        self._stretches.update(found)
        for at in [at for at in self._stretches if at + self.width <= since]:
            del self._stretches[at]
        return changed

    def view(self, now: float, changed: Iterable[int] | None = None) -> LoadView:
        """What was read, or the stretches alone that begin at these times."""
        shown = self._stretches if changed is None else changed
        times = sorted(at for at in shown if at in self._stretches)
        found = [self._stretches[at] for at in times]
        return LoadView(
            self.width,
            now,
            tuple(times),
            tuple(one.requests for one in found),
            tuple(one.errors for one in found),
            tuple(one.refused for one in found),
            tuple(one.quantiles for one in found),
        )

    def rate(self, now: float, seconds: int = 60) -> RateView:
        """The last minute, as far as the window has it."""
        total = _Stretch()
        for at, one in self._stretches.items():
            if at + self.width > now - seconds:
                total.requests += one.requests
                total.errors += one.errors
                total.latency.update(one.latency)
        return RateView(total.requests / seconds, total.quantiles[1], total.errors)

    def _at(self, seconds: float) -> int:
        return int(seconds) - int(seconds) % self.width
