"""Fewer points that draw the same curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt


def keep_extremes(values: Sequence[float] | npt.NDArray[np.number[Any]], limit: int) -> list[int]:
    """Which points to keep so that at most ``limit`` are left and no peak is lost.

    The points are cut into runs of equal length and each gives its lowest and its highest; the
    first and the last point stay. A stretch without a finite number keeps one point, so that the
    gap is still seen.

    Args:
        values: numbers of shape (n,), NaN where there is none.
        limit: at least 4.

    Returns:
        Ascending positions in ``values``.
    """
    if len(values) <= limit:
        return list(range(len(values)))
    import numpy as np

    numbers = np.asarray(values, np.float64)
    edges = np.linspace(0, len(numbers), (limit - 2) // 2 + 1).astype(np.int64)
    kept = {0, len(numbers) - 1}
    for start, stop in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        kept.update(_extremes(numbers[start:stop], start))
    return sorted(kept)


def _extremes(numbers: npt.NDArray[np.float64], start: int) -> set[int]:
    import numpy as np

    finite = np.flatnonzero(np.isfinite(numbers))
    if not len(finite):
        return {start}
    some = numbers[finite]
    return {start + int(finite[some.argmin()]), start + int(finite[some.argmax()])}
