"""A cache of thinned curves that are read incrementally.

A live run is drawn again and again. Its series are read once; later only new points are read, and
thinned together with the cached ones.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.records.metric import MetricKind, Series
from aml_magics.services.run import metric
from aml_magics.store.journal import chunk
from aml_magics.views.chart.decimation import keep_extremes_at
from aml_magics.views.chart.metric import MOST_POINTS, drawable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from aml_magics.records.metric import MetricHead
    from aml_magics.records.run import RunRecord
    from aml_magics.services.run.metric import Tail
    from aml_magics.store.store import Store

MOST_CURVES: Final = 600
"""Curves cached per store: 30 MB at most."""


@dataclass(frozen=True, slots=True)
class Curve:
    """At most 2,000 points of a series of ``count``; ``positions`` are their indices in the series."""

    count: int
    positions: npt.NDArray[np.int64]
    series: Series
    damaged: int


@dataclass(frozen=True, slots=True)
class MetricSource:
    """Heads of a run's metrics, and series by name: scalars thinned, all others whole.

    ``positions`` are the indices of the points kept of a scalar, ``problems`` lists what could not be
    read, and ``ends`` the size in bytes of each journal that was read.
    """

    heads: list[MetricHead]
    series: dict[str, Series]
    positions: dict[str, npt.NDArray[np.int64]]
    problems: list[str]
    ends: dict[Path, int]


class CurveBook:
    """The curve cache of one store, by run and metric; thread-safe."""

    def __init__(self) -> None:
        self._curves: OrderedDict[tuple[str, str], Curve] = OrderedDict()
        self._lock = threading.Lock()
        self.process = os.getpid()

    def known(self, run_id: str) -> dict[str, Curve]:
        """The cached curves of a run, by metric."""
        with self._lock:
            found = {key: curve for key, curve in self._curves.items() if key[0] == run_id}
            for key in found:
                self._curves.move_to_end(key)
        return {key[1]: curve for key, curve in found.items()}

    def keep(self, run_id: str, name: str, curve: Curve) -> None:
        """Cache a curve and evict the least recently used ones."""
        with self._lock:
            self._curves[run_id, name] = curve
            self._curves.move_to_end((run_id, name))
            while len(self._curves) > MOST_CURVES:
                self._curves.popitem(last=False)


def _book(store: Store) -> CurveBook:
    book = _books.get(store)
    if book is None or book.process != os.getpid():  # a fork may have copied it locked
        book = _books[store] = CurveBook()
    return book


_books: weakref.WeakKeyDictionary[Store, CurveBook] = weakref.WeakKeyDictionary()


def read_metrics(
    store: Store,
    record: RunRecord,
    wanted: Callable[[MetricHead], bool],
    most: int | None = None,
) -> MetricSource:
    """The heads of a run's metrics, and the series of the first ``most`` that are wanted."""
    book = _book(store)
    kept = book.known(record.id)
    counts = {name: curve.count for name, curve in kept.items()}
    read = metric.read(store, record, wanted, since=counts, most=most)
    found: dict[str, Series] = {}
    positions: dict[str, npt.NDArray[np.int64]] = {}
    problems: list[str] = []
    for head in [head for head in read.heads if wanted(head)][:most]:
        tail = read.tails.get(head.name)
        if head.kind is not MetricKind.SCALAR:
            series, damaged = (None, 0) if tail is None else (tail.points, tail.damaged)
        else:
            curve = _continued(kept.get(head.name), head, tail)
            if curve is None:
                series, damaged = None, 0 if tail is None else tail.damaged
            else:
                series, damaged = curve.series, curve.damaged
                positions[head.name] = curve.positions
            if curve is not None and curve is not kept.get(head.name):
                book.keep(record.id, head.name, curve)
        if series is not None:
            found[head.name] = series
        if damaged:
            problems.append(damage(head.name, damaged))
    return MetricSource(read.heads, found, positions, problems, read.ends)


def curves(store: Store, record: RunRecord, heads: Iterable[MetricHead]) -> dict[str, Series]:
    """Thinned series of a run by name; series that have not grown come from the cache."""
    book = _book(store)
    kept = book.known(record.id)
    asked = {head.name: head for head in heads}
    found = {
        name: kept[name].series
        for name, head in asked.items()
        if name in kept and kept[name].count == head.count
    }
    rest = asked.keys() - found.keys()
    if rest:
        found |= read_metrics(store, record, lambda head: head.name in rest).series
    return {name: found[name] for name in asked if name in found}


def curves_until(store: Store, record: RunRecord, counts: Mapping[str, int]) -> dict[str, Series]:
    """Thinned series of a run by name, each up to its given number of points."""
    import numpy as np

    read = read_metrics(store, record, lambda head: head.name in counts)
    return {
        name: read.series[name].at(np.flatnonzero(positions < counts[name]))
        for name, positions in read.positions.items()
    }


def damage(name: str, chunks: int) -> str:
    """The warning for a metric with unreadable chunks."""
    return f"{chunks} stretches of metric {name!r} are damaged and left out."


def _continued(before: Curve | None, head: MetricHead, tail: Tail | None) -> Curve | None:
    """The cached curve extended by new points, or a new curve if the series was read from its start."""
    import numpy as np

    if tail is None:
        return before
    if before is None or tail.first != before.count:
        before = None
    if tail.points is None:
        if before is None:
            return None
        return Curve(head.count, before.positions, before.series, before.damaged + tail.damaged)
    # counted from the end, as a damaged stretch may be missing before these points
    positions = np.arange(head.count - len(tail.points), head.count)
    series, damaged = tail.points, tail.damaged
    if before is not None:
        positions = np.concatenate([before.positions, positions])
        series, damaged = chunk.join([before.series, series]), before.damaged + damaged
    values = drawable(series.values)
    return Curve(
        head.count,
        *_picked(positions, series, keep_extremes_at(positions, values, MOST_POINTS)),
        damaged,
    )


def _picked(
    positions: npt.NDArray[np.int64], series: Series, kept: list[int]
) -> tuple[npt.NDArray[np.int64], Series]:
    if len(kept) == len(series):
        return positions, series
    return positions[kept], series.at(kept)
