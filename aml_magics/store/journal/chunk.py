"""A chunk: many points of one series packed into one binary column of the catalogue.

Layout, little-endian: CRC-32 of the rest, codes of the three columns, number of points; then steps
(first and stride where they are even, else int64), times (first, then microseconds since it), and
values (float64, float32 where that is exact, int64, or JSON). A point of a training curve takes
12 bytes or fewer.
"""

from __future__ import annotations

import json
import struct
import zlib
from typing import TYPE_CHECKING, Any

from aml_magics.records.metric import MetricKind, Series
from aml_magics.store.deferred import Deferred

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
else:
    np = Deferred("numpy")

_HEAD = struct.Struct("<cccI")
_PAIR = struct.Struct("<qq")
_FIRST = struct.Struct("<d")


def pack(series: Series) -> bytes:
    """Encode the points of a series."""
    step_code, steps = _pack_steps(series.steps)
    time_code, times = _pack_times(series.times)
    value_code, values = _pack_values(series.values)
    body = _HEAD.pack(step_code, time_code, value_code, len(series)) + steps + times + values
    return zlib.crc32(body).to_bytes(4, "little") + body


def unpack(name: str, kind: MetricKind, packed: bytes) -> Series | None:
    """Decode a chunk; None if it is damaged."""
    body = memoryview(packed)[4:]
    if len(body) < _HEAD.size or zlib.crc32(body) != int.from_bytes(packed[:4], "little"):
        return None
    step_code, time_code, value_code, count = _HEAD.unpack_from(body)
    at = _HEAD.size
    if step_code == b"r":
        first, stride = _PAIR.unpack_from(body, at)
        steps = first + stride * np.arange(count, dtype=np.int64)
        at += _PAIR.size
    else:
        steps = np.frombuffer(body, "<i8", count, at)
        at += 8 * count
    (first_time,) = _FIRST.unpack_from(body, at)
    at += _FIRST.size
    unit = np.dtype("<u4") if time_code == b"u" else np.dtype("<f8")
    offsets: npt.NDArray[Any] = np.frombuffer(body, unit, count, at)
    times = first_time + (offsets / 1e6 if time_code == b"u" else offsets)
    at += unit.itemsize * count
    return Series(name, kind, steps, _unpack_values(value_code, body[at:], count), times)


def join(parts: list[Series]) -> Series:
    """Concatenate series; the values become a list if any part has one, floats if any has."""
    if len(parts) == 1:
        return parts[0]
    if any(isinstance(part.values, list) for part in parts):
        values: npt.NDArray[Any] | list[Any] = [value for part in parts for value in part.plain()]
    else:
        values = np.concatenate([part.values for part in parts])
    steps = np.concatenate([part.steps for part in parts])
    times = np.concatenate([part.times for part in parts])
    return Series(parts[0].name, parts[0].kind, steps, values, times)


def _pack_steps(steps: npt.NDArray[np.int64]) -> tuple[bytes, bytes]:
    strides = np.diff(steps)  # int64 differences may wrap around, and wrap back when unpacked
    stride = int(strides[0]) if len(strides) else 1
    if bool((strides == stride).all()):
        return b"r", _PAIR.pack(int(steps[0]) if len(steps) else 0, stride)
    return b"q", steps.astype("<i8").tobytes()


def _pack_times(times: npt.NDArray[np.float64]) -> tuple[bytes, bytes]:
    first = float(times[0]) if len(times) else 0.0
    micro = np.rint((times - first) * 1e6)
    # a clock set back, or over 71 minutes in a chunk, does not fit 32 bits
    if len(times) and (micro.min() < 0 or micro.max() >= 2**32):
        return b"d", _FIRST.pack(first) + (times - first).astype("<f8").tobytes()
    return b"u", _FIRST.pack(first) + micro.astype("<u4").tobytes()


def _pack_values(values: npt.NDArray[Any] | list[Any]) -> tuple[bytes, bytes]:
    if isinstance(values, list):
        return b"j", zlib.compress(json.dumps(values).encode(), 6)
    if values.dtype.kind == "i":
        return b"q", values.astype("<i8").tobytes()
    with np.errstate(over="ignore"):
        single = values.astype("<f4")
    # compared as bits, so that NaN and -0.0 come back as they were
    if np.array_equal(
        single.astype("<f8").view(np.int64), np.ascontiguousarray(values).view(np.int64)
    ):
        return b"f", single.tobytes()
    return b"d", values.astype("<f8").tobytes()


def _unpack_values(code: bytes, body: memoryview, count: int) -> npt.NDArray[Any] | list[Any]:
    if code == b"j":
        found: list[Any] = json.loads(zlib.decompress(body))
        return found
    if code == b"q":
        return np.frombuffer(body, "<i8", count)
    if code == b"f":
        return np.frombuffer(body, "<f4", count).astype(np.float64)
    return np.frombuffer(body, "<f8", count)
