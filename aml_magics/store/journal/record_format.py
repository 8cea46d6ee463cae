"""The records of a metric journal: 32-byte slots, each with its own checksum.

A number takes one slot; text and JSON take a header slot and as many more as their bytes need. So
a reader finds its place again after a damaged slot, and numpy reads a million points at once.

====  =====  =====================================================================
byte  type   meaning
====  =====  =====================================================================
0     u32    CRC-32 of all that follows in the record
4     u8     what it is, see :class:`Tag`; 0 is a slot never written
5     u8     version of this format
6     u16    number of the metric
8     i64    step
16    f64    the value (FLOAT), i64 the value (INT), i64 bytes of payload (others)
24    f64    seconds since the epoch
====  =====  =====================================================================
"""

from __future__ import annotations

import struct
import zlib
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, Final

from aml_magics.store.deferred import Deferred

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
else:
    np = Deferred("numpy")

SLOT: Final = 32
VERSION: Final = 1
MAX_METRICS: Final = 65_535


class Tag(IntEnum):
    """The type of a record."""

    HEADER = 1
    NAME = 2
    FLOAT = 3
    INT = 4
    JSON = 5


FLOAT_BODY: Final = struct.Struct("<BBHqdd")
INT_BODY: Final = struct.Struct("<BBHqqd")
SLOTS: Final = [
    ("crc", "<u4"),
    ("tag", "u1"),
    ("version", "u1"),
    ("metric", "<u2"),
    ("step", "<i8"),
    ("value", "<f8"),
    ("time", "<f8"),
]
"""The numpy dtype of a number slot."""


def payload_record(tag: Tag, metric: int, step: int, time: float, payload: bytes) -> bytes:
    """A record with a payload, padded to full slots."""
    body = INT_BODY.pack(tag, VERSION, metric, step, len(payload), time) + payload
    record = zlib.crc32(body).to_bytes(4, "little") + body
    return record + bytes(-len(record) % SLOT)


def slots_of(payload_bytes: int) -> int:
    """The number of slots of a record with this payload size."""
    return 1 + -(-payload_bytes // SLOT)


@cache
def _crc_tables() -> tuple[int, npt.NDArray[np.uint32]]:
    """The CRC of 28 zero bytes, and what each byte at each place changes in it, shape (28, 256).

    CRC-32 is linear, so the checksum of a slot is the exclusive or of one table entry a byte.
    """
    size = SLOT - 4
    zero = zlib.crc32(bytes(size))
    table = np.zeros((size, 256), np.uint32)
    values = np.arange(256)
    for place in range(size):
        for bit in range(8):
            one = bytes(place) + bytes([1 << bit]) + bytes(size - place - 1)
            table[place, values >> bit & 1 == 1] ^= np.uint32(zlib.crc32(one) ^ zero)
    return zero, table


def slot_checksums(slots: npt.NDArray[np.void]) -> npt.NDArray[np.uint32]:
    """The CRC-32 that each one-slot record should carry, shape (n,)."""
    zero, table = _crc_tables()
    raw = np.ascontiguousarray(slots).view(np.uint8).reshape(len(slots), SLOT)
    found = np.full(len(slots), zero, np.uint32)
    for place in range(SLOT - 4):
        found ^= table[place].take(raw[:, place + 4])
    return found
