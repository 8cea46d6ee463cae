"""What a kill, a bad disk or a live writer leaves in a journal costs the points it hit and no others."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aml_magics.records.metric import MetricKind
from aml_magics.store.journal.journal import JournalWriter
from aml_magics.store.journal.reader import JournalReader
from aml_magics.store.journal.record_format import SLOT, SLOTS, VERSION, Tag, payload_record

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.store.journal.reader import Batch

SCALAR = MetricKind.SCALAR
TEXT = "some text that takes more than one slot of the journal"


@dataclass(frozen=True)
class Record:
    """Where one logged value lies in the file."""

    name: str
    value: Any
    start: int
    end: int

    @property
    def slots(self) -> int:
        return (self.end - self.start) // SLOT


def write(journal: JournalWriter, *points: tuple[str, Any]) -> list[Record]:
    """Log the points of metrics whose names were written before, and say where each lies."""
    found = []
    for name, value in points:
        start = journal.written
        journal.value(name, SCALAR, value)
        found.append(Record(name, value, start, journal.written))
    return found


def logged(journal: JournalWriter) -> list[Record]:
    """A journal with numbers, integers and texts in turn; the first record of each has its name."""
    journal.number("f", 0.0)
    journal.number("i", 0)
    journal.value("t", SCALAR, "first")
    return write(
        journal,
        *[("f", 1.5), ("t", TEXT), ("i", 7), ("f", 2.5), ("t", TEXT * 3), ("t", "x"), ("i", 8)],
        ("f", 3.5),
    )


def values(batch: Batch) -> dict[str, list[Any]]:
    return {one.name: one.plain() for one in batch.series}


def expected(records: list[Record], *, without: Record | None = None) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {"f": [0.0], "i": [0], "t": ["first"]}
    for one in records:
        if one is not without:
            found[one.name].append(one.value)
    return found


@pytest.fixture
def journal(tmp_path: Path) -> JournalWriter:
    return JournalWriter(tmp_path, 1, "run-1", "owner")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "1-copy-0000.journal"


@pytest.mark.parametrize("last", [3.5, 12, "x", TEXT, TEXT * 3])
def test_a_tail_cut_at_any_byte_costs_the_last_record_only(
    journal: JournalWriter, copy: Path, last: Any
) -> None:
    records = logged(journal)
    (torn,) = write(journal, ("t", last) if isinstance(last, str) else ("f", last))
    whole = journal.path.read_bytes()

    # what follows a text in its last slot is padding, and its loss is none
    content = slice(torn.start, torn.start + SLOT + len(json.dumps(last)))
    if not isinstance(last, str):
        content = slice(torn.start, torn.end)

    for end in range(torn.start, torn.end):
        for left in (whole[:end], whole[:end] + bytes(4096)):  # cut short, or blocks never written
            copy.write_bytes(left)
            batch = JournalReader(copy).read()

            is_whole = left[content] == whole[content]
            assert values(batch) == expected([*records, torn] if is_whole else records)
            assert batch.end == (torn.end if is_whole else torn.start)
            assert batch.bad == 0


def test_a_flipped_byte_costs_its_own_record_only_and_is_counted(
    journal: JournalWriter, copy: Path
) -> None:
    records = logged(journal)
    whole = journal.path.read_bytes()[: journal.written]

    for record in records[:-1]:
        for place in range(record.start, record.end):
            for flip in (0x01, 0xFF):
                damaged = bytearray(whole)
                damaged[place] ^= flip
                copy.write_bytes(damaged)

                batch = JournalReader(copy).read()

                is_padding = values(batch) == expected(records)
                assert is_padding or values(batch) == expected(records, without=record)
                assert batch.bad == (0 if is_padding else record.slots)
                assert batch.end == len(whole)
                if is_padding:
                    assert whole[place] == 0


def test_a_slot_whose_tag_became_any_other_costs_itself_only(
    journal: JournalWriter, copy: Path
) -> None:
    records = logged(journal)
    damaged = bytearray(journal.path.read_bytes()[: journal.written])

    for tag in set(range(256)) - {Tag.FLOAT}:
        damaged[records[0].start + 4] = tag
        copy.write_bytes(damaged)
        batch = JournalReader(copy).read()

        assert values(batch) == expected(records, without=records[0])
        assert batch.bad == 1


def test_a_damaged_record_before_a_torn_tail_is_counted(journal: JournalWriter, copy: Path) -> None:
    records = logged(journal)
    (torn,) = write(journal, ("t", TEXT * 5))
    damaged = bytearray(journal.path.read_bytes()[: torn.end - 40])
    damaged[records[0].start + 20] ^= 0xFF
    copy.write_bytes(damaged)

    batch = JournalReader(copy).read()

    assert values(batch) == expected(records, without=records[0])
    assert (batch.bad, batch.end) == (1, torn.start)


def test_the_last_record_is_left_for_the_next_read_since_it_may_be_half_written(
    journal: JournalWriter, copy: Path
) -> None:
    records = logged(journal)
    whole = journal.path.read_bytes()[: journal.written]
    copy.write_bytes(whole[: records[-1].start + 9])
    reader = JournalReader(copy)

    first = reader.read()
    copy.write_bytes(whole)
    second = reader.read()

    assert values(first) == expected(records[:-1])
    assert values(second) == {"f": [3.5]}
    assert (first.bad, second.bad, second.end) == (0, 0, len(whole))


def test_points_of_a_metric_whose_name_was_destroyed_are_counted_and_others_read(
    journal: JournalWriter, copy: Path
) -> None:
    journal.number("kept", 1.0)
    before = journal.written
    journal.number("lost", 1.0)
    name_end = journal.written - SLOT
    journal.number("lost", 2.0)
    journal.value("lost", SCALAR, "text")
    journal.number("kept", 2.0)
    damaged = bytearray(journal.path.read_bytes()[: journal.written])
    damaged[before + SLOT] ^= 0xFF
    copy.write_bytes(damaged)

    batch = JournalReader(copy).read()

    assert values(batch) == {"kept": [1.0, 2.0]}
    name_slots, points, text_slots = (name_end - before) // SLOT, 2, 2
    assert batch.bad == name_slots + points + text_slots


def test_a_destroyed_header_costs_no_point(journal: JournalWriter, copy: Path) -> None:
    records = logged(journal)
    damaged = bytearray(journal.path.read_bytes()[: journal.written])
    damaged[40] ^= 0xFF
    copy.write_bytes(damaged)
    reader = JournalReader(copy)

    batch = reader.read()

    assert values(batch) == expected(records)
    assert reader.run_id is None
    assert batch.bad > 0


def test_the_header_tells_the_run(journal: JournalWriter) -> None:
    journal.number("m", 1.0)
    reader = JournalReader(journal.path)

    reader.read()

    assert reader.run_id == "run-1"


@pytest.mark.parametrize("tag", [Tag.NAME, Tag.FLOAT])
def test_a_record_of_another_version_of_the_format_is_counted_as_bad(
    journal: JournalWriter, copy: Path, tag: Tag
) -> None:
    logged(journal)
    written = bytearray(journal.path.read_bytes()[: journal.written])
    newer = bytearray(payload_record(tag, 9, 0, 0.0, b'["new", "scalar"]'))
    assert newer[5] == VERSION
    newer[5] = VERSION + 1
    copy.write_bytes(bytes(written[:-SLOT]) + bytes(newer) + bytes(written[-SLOT:]))

    batch = JournalReader(copy).read()

    assert values(batch)["f"][-1] == 3.5
    assert "new" not in values(batch)
    assert batch.bad == len(newer) // SLOT


@pytest.mark.parametrize(
    "data",
    [b"", bytes(65_536), b"x", random.Random(1).randbytes(65_536 + 7), b"\x03" * 4096, b"\xff" * 4096],
    ids=["empty", "zeros", "one byte", "garbage", "tags", "ones"],
)  # fmt: skip
def test_a_file_without_a_whole_record_has_no_points(copy: Path, data: bytes) -> None:
    copy.write_bytes(data)

    batch = JournalReader(copy).read()

    assert (batch.series, batch.end, batch.bad) == ([], 0, 0)


@pytest.mark.parametrize("size", [-1, 2**62, -(2**63), 1 << 20])
def test_a_payload_of_an_impossible_size_is_passed_over(copy: Path, size: int) -> None:
    record = bytearray(payload_record(Tag.JSON, 1, 0, 0.0, b"1"))
    record[16:24] = size.to_bytes(8, "little", signed=True)
    copy.write_bytes(record)

    assert JournalReader(copy).read().series == []


def test_a_file_that_is_gone_is_an_error_of_its_own(copy: Path) -> None:
    with pytest.raises(FileNotFoundError):
        JournalReader(copy).read()


def test_a_payload_that_looks_like_records_is_not_read_as_records(
    journal: JournalWriter, copy: Path
) -> None:
    journal.number("m", 1.0)
    looks_like = payload_record(Tag.FLOAT, 1, 5, 0.0, b"")
    name = payload_record(Tag.NAME, 2, 0, 0.0, b'["other", "scalar"]')
    payload = b'"' + b" " * 31 + looks_like + name
    trap = payload_record(Tag.JSON, 77, 0, 0.0, payload)
    copy.write_bytes(journal.path.read_bytes()[: journal.written] + trap)

    batch = JournalReader(copy).read()

    assert values(batch) == {"m": [1.0]}
    assert batch.bad == len(trap) // SLOT


def test_a_reader_goes_on_where_it_stopped(journal: JournalWriter) -> None:
    reader = JournalReader(journal.path)
    found = []
    for number in range(5):
        journal.number("m", number)
        journal.value("t", SCALAR, f"{number}")
        found.append(values(reader.read()))

    assert found == [{"m": [number], "t": [f"{number}"]} for number in range(5)]
    assert reader.read().series == []


def test_points_before_an_offset_are_passed_over_but_their_names_are_known(
    journal: JournalWriter,
) -> None:
    journal.number("m", 1.0)
    journal.value("t", SCALAR, "a")
    middle = journal.written
    journal.number("m", 2.0)
    journal.value("t", SCALAR, "b")

    assert values(JournalReader(journal.path).read(since=middle)) == {"m": [2.0], "t": ["b"]}
    assert values(JournalReader(journal.path).read(until=middle)) == {"m": [1.0], "t": ["a"]}
    assert JournalReader(journal.path).read(since=journal.written).series == []


def test_a_slot_is_as_long_as_its_format_says() -> None:
    assert np.dtype(SLOTS).itemsize == SLOT == 32


class _Overtaken(JournalReader):
    """A reader that copies the file slowly: between two of its slots the writer writes both."""

    def __init__(self, journal: JournalWriter, place: int) -> None:
        super().__init__(journal.path)
        self._place = place
        self._looks = 0

    def _bytes(self, until: int | None) -> bytes:
        raw = super()._bytes(until)
        self._looks += 1
        if self._looks == 1:
            return raw[: self._place] + bytes(SLOT) + raw[self._place + SLOT :]
        return raw


def test_a_reader_that_a_writer_overtakes_misses_nothing(journal: JournalWriter) -> None:
    records = logged(journal)

    batch = _Overtaken(journal, records[0].start).read()

    assert values(batch) == expected(records)
    assert batch.bad == 0


def test_a_reader_beside_a_writing_thread_sees_every_point_once(journal: JournalWriter) -> None:
    journal.number("m", 0)

    def log() -> None:
        for number in range(1, 50_000):
            journal.number("m", number)
            if number % 100 == 0:
                journal.value("t", SCALAR, f"{number}")

    thread = threading.Thread(target=log)
    thread.start()
    reader, found, texts = JournalReader(journal.path), [], []
    while thread.is_alive() or len(found) < 50_000:
        batch = reader.read()
        assert batch.bad == 0
        found += values(batch).get("m", [])
        texts += values(batch).get("t", [])
    thread.join()

    assert found == list(range(50_000))
    assert texts == [f"{number}" for number in range(100, 50_000, 100)]


def _write_in_a_process(folder: Path) -> None:
    journal = JournalWriter(folder, 1, "run-1", "writer")
    for number in range(100_000):
        journal.number("m", number)
        if number % 100 == 0:
            journal.value("t", SCALAR, f"{number}")
    os._exit(0)


def test_a_reader_beside_a_writing_process_sees_every_point_once(tmp_path: Path) -> None:
    writer = multiprocessing.get_context("spawn").Process(
        target=_write_in_a_process, args=(tmp_path,)
    )
    writer.start()
    path = tmp_path / "1-writer-0000.journal"
    while not path.exists():
        writer.join(0.01)
    reader, found, texts = JournalReader(path), [], []
    while len(found) < 100_000:
        was_alive = writer.is_alive()
        batch = reader.read()
        assert batch.bad == 0
        found += values(batch).get("m", [])
        texts += values(batch).get("t", [])
        assert was_alive or len(found) == 100_000
    writer.join()

    assert found == list(range(100_000))
    assert texts == [f"{number}" for number in range(0, 100_000, 100)]
