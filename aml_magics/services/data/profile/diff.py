"""Changes between two profiles, in words, by column."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from aml_magics.records.data.profile import ColumnProfile, Histogram, Profile, ProfileValue

_SLIGHT: Final = 0.1
_LARGE: Final = 0.25
_FLOOR: Final = 1e-4
_POINT: Final = 0.005
_PART: Final = 0.01
_LONGEST: Final = 40


class ColumnChange(NamedTuple):
    """A column before and after, None if missing; ``changes`` are phrases, empty if nothing changed."""

    name: str
    before: ColumnProfile | None
    after: ColumnProfile | None
    changes: tuple[str, ...]


def column_changes(before: Profile, after: Profile) -> tuple[ColumnChange, ...]:
    """Columns in the order of ``after``, then the removed ones."""
    old = {column.name: column for column in before.columns}
    new = {column.name: column for column in after.columns}
    found = [_change(name, old.get(name), column) for name, column in new.items()]
    return tuple(
        found + [_change(name, column, None) for name, column in old.items() if name not in new]
    )


def stability_index(before: Histogram, after: Histogram) -> float:
    """The population stability index: how far the second histogram is from the first.

    Both are brought to the bins of the first; values beyond its range go to its end bins. The index is the sum of
    (q - p) * ln(q / p) over the shares p and q of each bin. Below 0.1 little has changed, above 0.25 much. An empty
    bin counts as one value in ten thousand.
    """
    old = _shares(list(before.counts))
    new = _shares(_rebinned(before.edges, after))
    return sum((q - p) * math.log(q / p) for p, q in zip(old, new, strict=True))


def _change(name: str, before: ColumnProfile | None, after: ColumnProfile | None) -> ColumnChange:
    if before is None:
        return ColumnChange(name, before, after, ("new column",))
    if after is None:
        return ColumnChange(name, before, after, ("column is gone",))
    if before.type != after.type:
        return ColumnChange(
            name, before, after, (f"type {before.type} → {after.type}", *_missing(before, after))
        )
    phrases = [phrase for compare in _COMPARISONS for phrase in compare(before, after)]
    return ColumnChange(name, before, after, tuple(phrases))


def _missing(before: ColumnProfile, after: ColumnProfile) -> list[str]:
    old, new = _missing_share(before), _missing_share(after)
    is_seen = abs(old - new) >= _POINT or (old == 0) != (new == 0)
    return [f"missing {_percent(old)} → {_percent(new)}"] if is_seen else []


def _distinct(before: ColumnProfile, after: ColumnProfile) -> list[str]:
    """Estimates are off by a few percent, so a small difference of one is ignored."""
    if before.distinct is None or after.distinct is None:
        return []
    is_exact = before.is_exact and after.is_exact
    allowed = 0.0 if is_exact else 0.1 * max(before.distinct, after.distinct)
    if abs(before.distinct - after.distinct) <= allowed:
        return []
    about = "" if is_exact else "about "
    return [f"distinct {about}{before.distinct:,} → {after.distinct:,}"]


def _mean(before: ColumnProfile, after: ColumnProfile) -> list[str]:
    """A mean has changed if it moved by 1% of the deviation, or of itself if there is no deviation."""
    if before.mean is None or after.mean is None:
        return []
    scale = before.deviation or abs(before.mean)
    if abs(after.mean - before.mean) <= _PART * scale:
        return []
    return [f"mean {_text(before.mean)} → {_text(after.mean)}"]


def _range(before: ColumnProfile, after: ColumnProfile) -> list[str]:
    if before.type in ("boolean", "string"):
        return []
    ends = (("min", before.low, after.low), ("max", before.high, after.high))
    return [f"{end} {_text(old)} → {_text(new)}" for end, old, new in ends if old != new]


def _distribution(before: ColumnProfile, after: ColumnProfile) -> list[str]:
    if before.histogram is None or after.histogram is None:
        return []
    index = stability_index(before.histogram, after.histogram)
    if index < _SLIGHT:
        return []
    word = "somewhat" if index < _LARGE else "much"
    return [f"distribution {word} changed (population stability index {index:.2f})"]


def _frequent(before: ColumnProfile, after: ColumnProfile) -> list[str]:
    """Values that entered or left the most frequent ones; only for columns with few values."""
    if len(before.top) != before.distinct or len(after.top) != after.distinct:
        return []
    old, new = dict(before.top), dict(after.top)
    come = [_text(value) for value in new if value not in old]
    gone = [_text(value) for value in old if value not in new]
    phrases = [f"new values {', '.join(come)}"] if come else []
    return [*phrases, f"no more values {', '.join(gone)}"] if gone else phrases


_COMPARISONS: Final[tuple[Callable[[ColumnProfile, ColumnProfile], list[str]], ...]] = (
    _missing,
    _distribution,
    _mean,
    _range,
    _distinct,
    _frequent,
)


def _missing_share(column: ColumnProfile) -> float:
    rows = column.count + column.missing
    return column.missing / rows if rows else 0.0


def _percent(share: float) -> str:
    if 0 < share < _POINT:
        return "under 1 %"
    return "over 99 %" if 1 - _POINT < share < 1 else f"{share * 100:.0f} %"


def _text(value: ProfileValue) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    text = "nothing" if value is None else str(value).removesuffix("T00:00:00")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _shares(counts: list[float] | list[int]) -> list[float]:
    total = sum(counts)
    return [max(_FLOOR, count / total) if total else _FLOOR for count in counts]


def _rebinned(edges: tuple[float, ...], other: Histogram) -> list[float]:
    """The counts of a histogram in the bins of another, spread evenly within each bin."""
    counts = [0.0] * (len(edges) - 1)
    for place, count in enumerate(other.counts):
        low, high = other.edges[place], other.edges[place + 1]
        shares = [_below(edge, low, high) for edge in edges]
        shares[0], shares[-1] = 0.0, 1.0
        for at in range(len(counts)):
            counts[at] += count * (shares[at + 1] - shares[at])
    return counts


def _below(edge: float, low: float, high: float) -> float:
    """The fraction of a bin below an edge."""
    if edge <= low:
        return 0.0
    if edge >= high:
        return 1.0
    return (edge / 2 - low / 2) / (high / 2 - low / 2)
