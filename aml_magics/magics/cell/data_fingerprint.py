"""Fingerprints of the arrays and tables that a cell uses: kind, shape, dtype and a checksum.

Neither numpy nor pandas is imported here: before someone imports them there are no arrays and tables.
"""

from __future__ import annotations

import sys
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WHOLE_BYTES = 8 << 20
SAMPLE = 100_000
OBJECT_SAMPLE = 1_000
MOST_COLUMNS = 200


def fingerprints(names: Iterable[str], values: Mapping[str, Any]) -> dict[str, str]:
    """Fingerprints by name, of those names that hold arrays or tables."""
    found: dict[str, str] = {}
    budget = WHOLE_BYTES
    for name in sorted(set(names)):
        value = values.get(name)
        size = size_of(value)
        if size is None:
            continue
        found[name] = fingerprint(value, whole=size <= budget)
        budget -= size if size <= budget else 0
    return found


def size_of(value: object) -> int | None:
    """Bytes of an array's or table's contents; None for anything else."""
    if isinstance(value, _loaded("numpy", "ndarray")):
        return int(value.nbytes)
    if isinstance(value, _loaded("pandas", "DataFrame", "Series")):
        return int(value.size) * 8
    return None


def _loaded(package: str, *names: str) -> tuple[Any, ...]:
    """Classes of a package, as far as it is imported; another thread may be importing it."""
    found = (getattr(sys.modules.get(package), name, None) for name in names)
    return tuple(one for one in found if one is not None)


def fingerprint(value: Any, *, whole: bool) -> str:  # noqa: ANN401 -- an array or a table
    """One line such as ``ndarray (150, 4) float64 crc32:1a2b3c4d``.

    Args:
        value: a numpy array, or a pandas frame or series.
        whole: read all values; else at most ``SAMPLE`` of them, evenly spaced.
    """
    kind, shape = type(value).__name__, tuple(value.shape)
    columns = _columns(value)
    checksum = 0
    for label, column in columns[:MOST_COLUMNS]:
        checksum = zlib.crc32(label.encode("utf-8", "replace"), checksum)
        checksum = _checksum(column, checksum, whole=whole)
    note = "" if whole and len(columns) <= MOST_COLUMNS else " (sample)"
    return f"{kind} {shape} {_types(value)} crc32:{checksum:08x}{note}"


def _columns(value: Any) -> list[tuple[str, Any]]:  # noqa: ANN401
    if not hasattr(value, "iloc"):
        return [("", value)]
    if value.ndim == 1:
        return [(str(value.name), value.to_numpy())]
    labels = [str(label) for label in value.columns[: MOST_COLUMNS + 1]]
    return [(label, value.iloc[:, i].to_numpy()) for i, label in enumerate(labels)]


def _types(value: Any) -> str:  # noqa: ANN401
    if not hasattr(value, "dtypes") or value.ndim == 1:
        return str(value.dtype)
    counts: dict[str, int] = {}
    for kind in value.dtypes:
        counts[str(kind)] = counts.get(str(kind), 0) + 1
    return ", ".join(f"{count} {kind}" for kind, count in counts.items())


def _checksum(array: Any, start: int, *, whole: bool) -> int:  # noqa: ANN401
    holds_objects = array.dtype.hasobject
    most = OBJECT_SAMPLE if holds_objects else SAMPLE
    if (holds_objects or not whole) and array.size > most:
        array = array.flat[:: array.size // most]
    if holds_objects:
        text = "\x1f".join(map(str, array.ravel().tolist()))
        return zlib.crc32(text.encode("utf-8", "replace"), start)
    return zlib.crc32(array.tobytes(), start)
