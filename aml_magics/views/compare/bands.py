"""The curves of a metric over groups of runs: the mean of each group, and how far its runs lie apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from aml_magics.errors import UsageError
from aml_magics.records.metric import MetricKind
from aml_magics.services.run import metric
from aml_magics.views.chart.curve import curves
from aml_magics.views.chart.metric import MOST_POINTS, drawable
from aml_magics.views.text.encoding import JsonScalar, json_number, json_scalar

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from aml_magics.records.metric import MetricHead, Series
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

Spread = Literal["deviation", "range"]
Along = Literal["step", "time"]

STEPS: Final = 400
"""Steps or times at which groups are compared; where the runs have more, they are spread evenly."""

MOST_GROUPS: Final = 16
MOST_READ: Final = 4_000_000
"""Points that are read in full; curves beyond are read thinned."""

_COLUMNS: Final = ("experiment", "status", "name")


@dataclass(frozen=True, slots=True)
class BandView:
    """One group: ``value`` is what its ``runs`` runs share; None where they have none.

    ``counts`` says how many runs reach each ``x``, between their first and last point; where none does, the
    mean is None. Of a single run ``low`` and ``high`` are its value.
    """

    value: JsonScalar
    runs: int
    counts: tuple[int, ...]
    mean: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class BandsView:
    """A metric over groups of runs; ``more`` groups with fewer runs are left out.

    ``x`` are the steps at which they are compared, or the seconds since each run started.
    ``is_thinned``: some curves were too long to be read whole, so that their values between are about right.
    """

    metric: str
    by: str
    spread: Spread
    along: Along
    x: tuple[float | int | str, ...]
    groups: tuple[BandView, ...]
    more: int
    without: int
    is_thinned: bool


def bands_view(
    store: Store,
    records: Sequence[RunRecord],
    name: str,
    *,
    by: str = "",
    spread: Spread,
    along: Along = "step",
) -> BandsView:
    """The mean and spread of a metric by step or time, over groups of runs.

    Between its points a run is interpolated; it is never continued beyond its first or last one.

    Args:
        by: ``params.NAME``, ``tags.NAME``, ``experiment``, ``status`` or ``name``; empty for all in one group.
        spread: the standard deviation (of a sample) around the mean, or the lowest and highest run.
        along: whether runs are held against each other at the same step, or the same time since their start.

    Raises:
        UsageError: ``by`` is something else.
    """
    _refuse_unknown(by)
    lines, is_thinned = _lines(store, records, name, along)
    groups: dict[str, list[RunRecord]] = {}
    for record in records:
        if record.key in lines:
            groups.setdefault(_key(value_of(record, by)), []).append(record)
    drawn = sorted(groups.values(), key=len, reverse=True)[:MOST_GROUPS]
    kept = [lines[record.key] for group in drawn for record in group]
    x = _grid([line[0] for line in kept], along)
    found = [
        _band([lines[one.key] for one in group], x, spread, json_scalar(value_of(group[0], by)))
        for group in drawn
    ]
    return BandsView(
        metric=name,
        by=by,
        spread=spread,
        along=along,
        x=tuple(map(json_number, x.round(6).tolist())),
        groups=tuple(sorted(found, key=lambda one: _order(one.value))),
        more=len(groups) - len(drawn),
        without=len(records) - len(lines),
        is_thinned=is_thinned,
    )


def value_of(record: RunRecord, by: str) -> object:
    """What a run has of a field to group by; None if it has none."""
    group, _, name = by.partition(".")
    if group == "params" and name:
        return record.params.get(name)
    if group == "tags" and name:
        return record.tags.get(name)
    columns = {"experiment": record.experiment, "status": str(record.status), "name": record.name}
    return columns.get(by)


def _refuse_unknown(by: str) -> None:
    group, dot, name = by.partition(".")
    if by and by not in _COLUMNS and not (dot and name and group in ("params", "tags")):
        raise UsageError(
            f"Runs are grouped by params.NAME, tags.NAME, {', '.join(_COLUMNS)} or nothing, not by {by!r:.60}."
        )


def _key(value: object) -> str:
    # 1 and True are two groups, 1 and 1.0 are one
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"number {float(value) if abs(value) < 2**53 else value}"
    return f"{type(value).__name__} {value}"


def _order(value: JsonScalar) -> tuple[int, float, str]:
    """Numbers by size, then words, then what has none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return 0, float(value), ""
    return (2, 0.0, "") if value is None else (1, 0.0, str(value))


Line = tuple["npt.NDArray[np.float64]", "npt.NDArray[np.float64]"]


def _lines(
    store: Store, records: Sequence[RunRecord], name: str, along: Along
) -> tuple[dict[int, Line], bool]:
    """Steps or seconds, and finite values, by the run's key; and whether any were thinned."""
    import numpy as np

    heads = {
        key: head
        for key, found in (metric.heads(store, records) if records else {}).items()
        for head in found
        if head.name == name and head.kind is MetricKind.SCALAR
    }
    room = MOST_READ
    is_thinned = False
    lines: dict[int, Line] = {}
    for record in records:
        head = heads.get(record.key)
        if head is None:
            continue
        is_whole = MOST_POINTS < head.count <= room
        room -= head.count if is_whole else 0
        series = _series(store, record, head, is_whole=is_whole)
        if series is None:
            continue
        is_thinned |= not is_whole and head.count > MOST_POINTS
        values = np.asarray(drawable(series.values), dtype=np.float64)
        is_drawn = np.isfinite(values)
        if is_drawn.any():
            x = series.steps if along == "step" else _seconds(series, record)
            lines[record.key] = _ascending(x[is_drawn], values[is_drawn])
    return lines, is_thinned


def _series(store: Store, record: RunRecord, head: MetricHead, *, is_whole: bool) -> Any:  # noqa: ANN401 -- a Series or None
    if is_whole:
        return metric.series(store, record, head.name)
    return curves(store, record, [head]).get(head.name)


def _seconds(series: Series, record: RunRecord) -> npt.NDArray[np.float64]:
    """The times of a series in seconds since the run started, as curves have them."""
    start = float(series.times[0]) if record.started is None else record.started
    return series.times - start


def _ascending(x: npt.NDArray[Any], values: npt.NDArray[np.float64]) -> Line:
    """In the order of x; of several points at one x the last counts."""
    import numpy as np

    order = np.argsort(x, kind="stable")
    x, values = x[order], values[order]
    is_last = np.append(x[1:] != x[:-1], True)
    return x[is_last].astype(np.float64), values[is_last]


def _grid(lines: Sequence[npt.NDArray[np.float64]], along: Along) -> npt.NDArray[Any]:
    """The x of all lines; where those are too many, so many evenly spread ones."""
    import numpy as np

    if not lines:
        return np.empty(0, dtype=np.int64)
    x = np.unique(np.concatenate(lines))
    if len(x) > STEPS:
        x = np.linspace(x[0], x[-1], STEPS)
        x = x if along == "time" else np.unique(x.round())
    return x if along == "time" else x.astype(np.int64)


def _band(
    lines: Sequence[Line], x: npt.NDArray[Any], spread: Spread, value: JsonScalar
) -> BandView:
    import numpy as np

    at = x.astype(np.float64)
    values = np.stack(
        [np.interp(at, line[0], line[1], left=np.nan, right=np.nan) for line in lines]
    )
    is_there = np.isfinite(values)
    counts = is_there.sum(axis=0)
    mean = np.where(is_there, values, 0.0).sum(axis=0) / np.maximum(counts, 1)
    if spread == "range":
        low = np.where(is_there, values, np.inf).min(axis=0)
        high = np.where(is_there, values, -np.inf).max(axis=0)
    else:
        squares = np.where(is_there, (values - mean) ** 2, 0.0).sum(axis=0)
        deviation = np.sqrt(squares / np.maximum(counts - 1, 1))
        low, high = mean - deviation, mean + deviation
    return BandView(
        value=value,
        runs=len(lines),
        counts=tuple(counts.tolist()),
        mean=_optional(mean, counts),
        low=_optional(low, counts),
        high=_optional(high, counts),
    )


def _optional(
    values: npt.NDArray[np.float64], counts: npt.NDArray[np.int64]
) -> tuple[float | None, ...]:
    import numpy as np

    is_known = (counts > 0) & np.isfinite(values)
    return tuple(
        value if known else None
        for value, known in zip(values.tolist(), is_known.tolist(), strict=True)
    )
