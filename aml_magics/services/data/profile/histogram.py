"""The arithmetic of histograms and quantiles: bin edges, and results from counts."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Final

from aml_magics.records.data.profile import BINS, SHARES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SURE: Final = 4.0
"""A quantile of a sample is off by less than this many standard deviations."""

_HALF: Final = 0.5


def histogram_edges(low: float, high: float, *, is_whole: bool, bins: int = BINS) -> list[float]:
    """The edges of equally wide bins, at most ``bins`` of them.

    Each bin of a small integer range covers equally many integers: else some bins would hold more than others and
    show steps that are not in the data.

    Args:
        low: the least finite value.
        high: the greatest finite value.
    """
    if is_whole and high - low < bins * bins and high + 1 > high and low - 1 < low:
        numbers = int(high - low) + 1
        each = -(-numbers // bins)
        return [low - _HALF + each * step for step in range(-(-numbers // each) + 1)]
    if low == high:
        half = max(_HALF, abs(low) * 1e-3)
        ends = [low - half, low + half]
        return ends if all(map(math.isfinite, ends)) else [low, high]
    # weights, since high - low may be more than a double can hold
    inner = [low * (1 - step / bins) + high * (step / bins) for step in range(1, bins)]
    edges = [low, *inner, high]
    return edges if all(a < b for a, b in itertools.pairwise(edges)) else [low, high]


def bracket_shares(drawn: int) -> list[float]:
    """Shares around the requested ones, as far off as a sample of ``drawn`` rows may be."""
    shares = []
    for share in SHARES:
        off = _SURE * math.sqrt(share * (1 - share) / max(1, drawn))
        shares += [max(0.0, share - off), share, min(1.0, share + off)]
    return shares


def bracket_bounds(values: Sequence[float]) -> list[float]:
    """Bounds around a sample's quantiles; a frequent value gets its own bin."""
    found = set(values)
    for value, following in itertools.pairwise(values):
        if value == following:
            found.add(math.nextafter(value, -math.inf))
    return sorted(found)


def bin_counts(edges: Sequence[float], counted: Mapping[float, int]) -> tuple[int, ...]:
    """The counts of a histogram from those of finer bins.

    Args:
        edges: edges of the histogram; all but the first are bounds of the finer bins.
        counted: by bound, the number of values at or below it and above the previous bound.
    """
    counts = [0] * (len(edges) - 1)
    place = 0
    for bound in sorted(counted):
        while place < len(counts) - 1 and bound > edges[place + 1]:
            place += 1
        counts[place] += counted[bound]
    return tuple(counts)


def quantiles(low: float, counted: Mapping[float, int], *, is_whole: bool) -> list[float]:
    """The quantiles at :data:`SHARES` from counts of fine bins: exact ranks, linear within a bin.

    Args:
        counted: as for :func:`bin_counts`.
    """
    bounds = sorted(counted)
    total = sum(counted.values())
    found: list[float] = []
    below, place, previous = 0, 0, low
    for share in SHARES:
        rank = share * total
        while place < len(bounds) - 1 and below + counted[bounds[place]] < rank:
            below += counted[bounds[place]]
            previous = bounds[place]
            place += 1
        part = (rank - below) / max(1, counted[bounds[place]])
        found.append(_within(previous, bounds[place], part, is_whole=is_whole))
    return found


def _within(low: float, high: float, part: float, *, is_whole: bool) -> float:
    if math.nextafter(low, math.inf) >= high:  # the bin of one value
        return high
    value = low * (1 - part) + high * part
    return min(high, float(math.ceil(value))) if is_whole and abs(value) < 2**52 else value
