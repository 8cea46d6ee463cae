"""The bytes of a journal's records."""

from __future__ import annotations

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aml_magics.store.journal.record_format import (
    FLOAT_BODY,
    INT_BODY,
    SLOT,
    SLOTS,
    Tag,
    payload_record,
    slot_checksums,
    slots_of,
)


def test_a_number_takes_one_slot() -> None:
    assert FLOAT_BODY.size == INT_BODY.size == SLOT - 4


@pytest.mark.parametrize(
    ("payload", "slots"), [(0, 1), (1, 2), (32, 2), (33, 3), (64, 3), (65, 4), (1 << 20, 32_769)]
)
def test_a_payload_takes_whole_slots(payload: int, slots: int) -> None:
    record = payload_record(Tag.JSON, 1, 2, 3.0, b"x" * payload)

    assert slots_of(payload) == slots
    assert len(record) == slots * SLOT


@given(st.lists(st.binary(min_size=SLOT, max_size=SLOT), max_size=50))
def test_checksums_of_many_slots_are_those_of_each(raw: list[bytes]) -> None:
    slots = np.frombuffer(b"".join(raw), SLOTS, count=len(raw))

    assert slot_checksums(slots).tolist() == [zlib.crc32(one[4:]) for one in raw]
