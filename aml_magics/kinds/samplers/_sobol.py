"""Sobol's sequence: points that fill a cube evenly, each found by its number.

The direction numbers are those of S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better two-dimensional
projections" (2008).
"""

from __future__ import annotations

from functools import cache
from typing import Final

_BITS: Final = 32
_DIRECTIONS: Final[tuple[tuple[int, tuple[int, ...]], ...]] = (
    (3, (1,)),
    (7, (1, 3)),
    (11, (1, 3, 1)),
    (13, (1, 1, 1)),
    (19, (1, 1, 3, 3)),
    (25, (1, 3, 5, 13)),
    (37, (1, 1, 5, 5, 17)),
    (41, (1, 1, 5, 5, 5)),
    (47, (1, 1, 7, 11, 19)),
    (55, (1, 1, 5, 1, 1)),
    (59, (1, 1, 1, 3, 11)),
    (61, (1, 3, 5, 5, 31)),
    (67, (1, 3, 3, 9, 7, 49)),
    (91, (1, 1, 1, 15, 21, 21)),
    (97, (1, 3, 1, 13, 27, 49)),
    (103, (1, 1, 1, 15, 7, 5)),
    (109, (1, 3, 1, 15, 13, 25)),
    (115, (1, 1, 5, 5, 19, 61)),
    (131, (1, 3, 7, 11, 23, 15, 103)),
    (137, (1, 3, 7, 13, 13, 15, 69)),
    (143, (1, 1, 3, 13, 7, 35, 63)),
    (145, (1, 3, 5, 9, 1, 25, 53)),
    (157, (1, 3, 1, 13, 9, 35, 107)),
)
"""The primitive polynomial of each dimension after the first, in bits, and its initial numbers."""

MOST_DIMENSIONS: Final = len(_DIRECTIONS) + 1


def sobol_point(number: int, dimensions: int) -> list[float]:
    """The point with a number, from 0; each coordinate is in [0, 1)."""
    gray = number ^ (number >> 1)
    places = [bit for bit in range(_BITS) if gray >> bit & 1]
    point = []
    for dimension in range(dimensions):
        value = 0
        for bit in places:
            value ^= _columns(dimension)[bit]
        point.append(value / (1 << _BITS))
    return point


@cache
def _columns(dimension: int) -> tuple[int, ...]:
    """The direction numbers of a dimension, one a bit of the point's number."""
    if dimension == 0:
        return tuple(1 << (_BITS - 1 - bit) for bit in range(_BITS))
    polynomial, numbers = _DIRECTIONS[dimension - 1]
    degree = polynomial.bit_length() - 1
    found = list(numbers)
    for at in range(degree, _BITS):
        value = found[at - degree] ^ (found[at - degree] << degree)
        for k in range(1, degree):
            if polynomial >> (degree - k) & 1:
                value ^= found[at - k] << k
        found.append(value)
    return tuple(number << (_BITS - 1 - bit) for bit, number in enumerate(found))
