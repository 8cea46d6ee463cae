"""The times of the lines of a log: a file of fixed records, which may be cut, damaged or gone."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import pytest

from aml_magics.store.files import log_times
from aml_magics.store.files.log_times import (
    RECORD,
    UNKNOWN,
    LogClock,
    read_times,
    times_beside,
    times_path,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ALL = 1 << 62


class Clock:
    """The clock of the module, which a test sets."""

    def __init__(self, now: float) -> None:
        self.now = now

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(1_000.0)
    monkeypatch.setattr(log_times, "time", clock)
    return clock


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "7.log"
    path.touch()
    return path


def grow(log: Path, text: str) -> None:
    with log.open("a", encoding="utf-8") as file:
        file.write(text)


def records(log: Path) -> list[tuple[int, int]]:
    return list(RECORD.iter_unpack(times_path(log).read_bytes()))


def at(pairs: Iterable[tuple[int, int]], *offsets: int) -> list[int | None]:
    file = io.BytesIO(b"".join(RECORD.pack(*pair) for pair in pairs))
    times = read_times(file, min(offsets), max(offsets) + 1)
    return [times.at(offset) for offset in offsets]


def test_what_is_written_has_the_time_of_its_mark(log: Path, clock: Clock) -> None:
    writer = LogClock(log)
    for text in ("one\n", "two\n"):
        writer.mark()
        grow(log, text)
        clock.now += 1.5
    writer.close()

    assert records(log) == [(0, 1_000_000), (4, 1_001_500)]
    assert times_path(log).stat().st_mode & 0o077 == 0


def test_lines_within_a_tenth_of_a_second_share_a_record(log: Path, clock: Clock) -> None:
    writer = LogClock(log)
    for _ in range(1_000):
        writer.mark()
        grow(log, "x\n")
        clock.now += 0.001
    writer.close()

    assert 9 <= len(records(log)) <= 11


def test_a_clock_that_is_set_back_stops_nobody(log: Path, clock: Clock) -> None:
    writer = LogClock(log)
    writer.mark()
    grow(log, "x\n")
    clock.now -= 3_600
    writer.mark()
    writer.close()

    assert records(log) == [(0, 1_000_000), (2, UNKNOWN)]


def test_what_others_write_has_the_time_at_which_it_was_seen(log: Path, clock: Clock) -> None:
    grow(log, "before\n")
    writer = LogClock(log)
    writer.look()
    assert not times_path(log).exists()
    grow(log, "one\n")
    writer.look()
    writer.look()
    clock.now += 1
    grow(log, "two\n")
    writer.look()
    writer.close()

    assert records(log) == [(7, 1_000_000), (11, 1_001_000)]


def test_a_later_writer_goes_on_after_half_a_record(log: Path, clock: Clock) -> None:
    grow(log, "one\n")
    times_path(log).write_bytes(RECORD.pack(0, 5) + b"half")
    writer = LogClock(log)
    writer.mark()
    writer.close()

    assert records(log) == [(0, 5), (4, int(1_000 * clock.now))]


def test_a_new_log_has_no_times_of_an_earlier_one(log: Path) -> None:
    times_path(log).write_bytes(RECORD.pack(0, 5) * 3)
    writer = LogClock(log)
    writer.mark()
    writer.close()

    assert len(records(log)) == 1


@pytest.mark.parametrize("kind", ["folder", "pipe", "link", "gone"])
def test_a_file_that_cannot_be_written_stops_nobody(log: Path, kind: str) -> None:
    path = times_path(log)
    elsewhere = log.with_name("elsewhere")
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "link":
        path.symlink_to(elsewhere)
    else:
        log.unlink()
        log.parent.rmdir()
    writer = LogClock(log)
    writer.mark()
    writer.look()
    writer.close()

    assert not elsewhere.exists()
    with pytest.raises(OSError, match=r"."), times_beside(log) as file:
        read_times(file, 0, ALL)


def test_a_full_disk_ends_the_times_at_a_whole_record(
    log: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.BytesIO):
        def write(self, data: object) -> int:
            del data
            return 5

    monkeypatch.setattr(log_times, "_opened", lambda *_, **__: Full())
    writer = LogClock(log)
    writer.mark()
    monkeypatch.undo()
    clock.now += 60
    writer.mark()
    writer.close()

    assert not times_path(log).exists()


def test_a_time_holds_from_its_byte_to_the_next_one() -> None:
    pairs = [(10, 1), (20, 2), (30, UNKNOWN), (40, 4)]

    assert at(pairs, 9, 10, 19, 20, 29, 30, 39, 40, 99) == [None, 1, 1, 2, 2, None, None, 4, 4]
    assert at([], 0, 5) == [None, None]


def test_a_stretch_is_read_alone() -> None:
    count = 100_000
    file = io.BytesIO(b"".join(RECORD.pack(10 * place, place + 1) for place in range(count)))
    times = read_times(file, 500_005, 500_035)

    assert list(times.offsets) == [500_000, 500_010, 500_020, 500_030]
    assert times.at(500_031) == 50_004


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"x" * 15,
        b"\xff" * 160,
        os.urandom(1 << 12),
        RECORD.pack(0, 1) * 5_000,
        RECORD.pack(50, 2) + RECORD.pack(0, 1),
    ],
    ids=["empty", "a letter", "half", "ones", "noise", "same", "backwards"],
)
def test_a_damaged_file_gives_some_times_or_none(data: bytes) -> None:
    times = read_times(io.BytesIO(data), 0, 100)

    for offset in range(100):
        found = times.at(offset)
        assert found is None or 0 < found < 1 << 48


def test_records_without_end_are_read_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_times, "_MOST", 100)

    assert len(read_times(io.BytesIO(RECORD.pack(5, 1) * 1_000), 0, 100).times) == 100
