"""Decimation: fewer points that draw the same curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.number[Any]]


def keep_extremes(values: Sequence[float] | Numbers, limit: int) -> list[int]:
    """Indices of at most ``limit`` points that keep every peak.

    The points are cut into runs of equal length and each gives its lowest and its highest; the
    first and the last point stay. A stretch without a finite number keeps one point, so that the
    gap is still seen.

    Args:
        values: shape (n,); NaN is a gap.
        limit: at least 4.
    """
    count = len(values)
    if count <= limit:
        return list(range(count))
    import numpy as np

    numbers = np.asarray(values, np.float64)
    width = -(-count // ((limit - 2) // 2))
    whole = count // width * width
    kept = [_extremes(numbers[:whole].reshape(-1, width))]
    if whole < count:
        kept.append(whole + _extremes(numbers[whole:].reshape(1, -1)))
    found: list[int] = np.unique(np.concatenate([[0, count - 1], *kept])).tolist()
    return found


def keep_extremes_at(positions: npt.NDArray[np.int64], values: Numbers, limit: int) -> list[int]:
    """:func:`keep_extremes` for points that were thinned before and lie at ascending ``positions``."""
    if len(positions) <= limit:
        return list(range(len(positions)))
    import numpy as np

    numbers = np.asarray(values, np.float64)
    width = -(-(int(positions[-1]) + 1) // ((limit - 2) // 2))
    stretch = positions // width
    kept: list[npt.NDArray[np.int64]] = [np.unique(stretch, return_index=True)[1]]
    finite = np.flatnonzero(np.isfinite(numbers))
    # a stretch with a finite number shows its extremes, not its first point
    kept[0] = kept[0][~np.isin(stretch[kept[0]], stretch[finite])]
    for sign in (1, -1):
        order = finite[np.lexsort((sign * numbers[finite], stretch[finite]))]
        kept.append(order[np.unique(stretch[order], return_index=True)[1]])
    found: list[int] = np.unique(np.concatenate([[0, len(positions) - 1], *kept])).tolist()
    return found


def _extremes(rows: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Positions of the lowest and highest number of each row; the first if the row has no number."""
    import numpy as np

    is_finite = np.isfinite(rows)
    if is_finite.all():
        low, high = rows.argmin(axis=1), rows.argmax(axis=1)
    else:
        low = np.where(is_finite, rows, np.inf).argmin(axis=1)
        high = np.where(is_finite, rows, -np.inf).argmax(axis=1)
    starts = np.arange(len(rows)) * rows.shape[1]
    return np.concatenate([starts + low, starts + high])
