"""A device without room is told of, holds up no training, and loses nothing that was logged."""

from __future__ import annotations

import contextlib
import os
import resource
from typing import TYPE_CHECKING, Any

import pytest

from aml_magics.errors import JournalError, StoreFullError
from aml_magics.records.metric import MetricKind
from aml_magics.store.journal import journal as journal_module
from aml_magics.store.journal.journal import JournalWriter
from aml_magics.store.journal.reader import JournalReader
from aml_magics.warnings import StoreFullWarning

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fixtures.disk import SmallDisk

SCALAR = MetricKind.SCALAR


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask the device again at every call, not once a second."""
    monkeypatch.setattr(journal_module, "RETRY", 0.0)


def on_disk(folder: Path, name: str = "m") -> list[Any]:
    """What another process would read now."""
    found: list[Any] = []
    for path in sorted(folder.glob("*.journal")):
        batch = JournalReader(path).read()
        assert batch.bad == 0
        for one in batch.series:
            found += one.plain() if one.name == name else []
    return found


def log_until_full(journal: JournalWriter, start: int = 0) -> int:
    """Log numbers until the device has no room; returns how many were logged."""

    def log() -> int:
        number = start
        while not journal.held:
            journal.number("m", number)
            number += 1
        return number

    with pytest.warns(StoreFullWarning):
        return log()


def log_warned(journal: JournalWriter, numbers: range) -> None:
    """Log numbers, the first of them being told that there is no room."""
    with pytest.warns(StoreFullWarning):
        journal.number("m", numbers[0])
    for number in numbers[1:]:
        journal.number("m", number)


def test_a_full_disk_is_told_of_with_its_path_and_free_bytes(small_disk: SmallDisk) -> None:
    small_disk.fill()
    journal = JournalWriter(small_disk.folder, 1, "run-1", "owner")

    with pytest.warns(
        StoreFullWarning, match=rf"No room for metrics: {small_disk.folder} has [\d,]+ bytes free"
    ):
        journal.number("m", 0)
    journal.number("m", 1)  # and is not told of at every value

    assert journal.held == 3  # with the record of the name
    assert on_disk(small_disk.folder) == []
    assert list(small_disk.folder.glob("*.journal")) == []


def test_values_held_while_a_disk_is_full_are_written_once_it_is_freed(
    small_disk: SmallDisk,
) -> None:
    small_disk.fill()
    journal = JournalWriter(small_disk.folder, 1, "run-1", "owner")
    log_warned(journal, range(100))
    for number in range(100):
        journal.value("t", SCALAR, f"{number}")

    small_disk.free()
    journal.number("m", 100)

    assert journal.held == 0
    assert on_disk(small_disk.folder) == list(range(101))
    assert on_disk(small_disk.folder, "t") == [f"{number}" for number in range(100)]


def test_a_disk_that_fills_in_mid_run_loses_nothing_that_was_written(small_disk: SmallDisk) -> None:
    journal = JournalWriter(small_disk.folder, 1, "run-1", "owner")
    logged = log_until_full(journal)

    assert logged > 30_000
    assert on_disk(small_disk.folder) == list(range(logged - 1))

    for number in range(logged, logged + 1000):
        journal.number("m", number)
    assert journal.held == 1001
    assert on_disk(small_disk.folder) == list(range(logged - 1))

    small_disk.enlarge()
    journal.number("m", logged + 1000)
    assert on_disk(small_disk.folder) == list(range(logged + 1001))


def test_closing_on_a_full_disk_is_an_error_until_there_is_room(small_disk: SmallDisk) -> None:
    small_disk.fill(leave=256 << 10)
    journal = JournalWriter(small_disk.folder, 1, "run-1", "owner")
    logged = log_until_full(journal)

    with pytest.raises(
        StoreFullError,
        match=rf"1 logged values wait in memory: {small_disk.folder} has [\d,]+ bytes",
    ):
        journal.close()
    assert not journal.closed

    small_disk.free()
    journal.close()

    assert journal.closed
    assert on_disk(small_disk.folder) == list(range(logged))


def test_a_disk_may_fill_and_be_freed_again_and_again(small_disk: SmallDisk) -> None:
    journal = JournalWriter(small_disk.folder, 1, "run-1", "owner")
    logged = 0
    for _ in range(3):
        small_disk.fill(leave=100 << 10)
        logged = log_until_full(journal, logged)
        small_disk.free()
        journal.number("m", logged)
        logged += 1
        assert on_disk(small_disk.folder) == list(range(logged))


def test_a_new_part_that_finds_no_room_leaves_no_file_and_is_made_later(
    small_disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "PART", journal_module.FIRST)
    journal = JournalWriter(small_disk.folder, 1, "run-1", "owner")
    journal.number("m", 0)
    small_disk.fill()

    logged = log_until_full(journal, 1)
    for _ in range(3):
        journal.number("m", logged)
        logged += 1
    assert len(list(small_disk.folder.glob("*.journal"))) == 1

    small_disk.free()
    journal.number("m", logged)
    assert len(list(small_disk.folder.glob("*.journal"))) == 2
    assert on_disk(small_disk.folder) == list(range(logged + 1))


def test_a_new_part_without_room_for_all_names_is_made_later(
    small_disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "FIRST", 4096)
    monkeypatch.setattr(journal_module, "PART", 64 << 10)
    journal = JournalWriter(small_disk.folder, 1, "run-1", "owner")
    for number in range(250):  # their names take 40 KB at the head of every part
        journal.number(f"m{number}" + "n" * 100, 0)
    small_disk.fill(leave=8192)

    logged = log_until_full(journal)
    journal.number("m", logged)
    small_disk.free()
    journal.number("m", logged + 1)

    assert on_disk(small_disk.folder) == list(range(logged + 2))
    assert journal.part == 1


def test_memory_for_held_values_ends_with_an_error_and_keeps_what_it_holds(
    small_disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "MOST_HELD", 32 * 10)
    small_disk.fill()
    journal = JournalWriter(small_disk.folder, 1, "run-1", "owner")
    log_warned(journal, range(8))  # and the record of the name, which takes two slots

    with pytest.raises(StoreFullError, match=r"wait in memory and no more fit: .* bytes free"):
        journal.number("m", 99)

    small_disk.free()
    journal.number("m", 8)
    assert on_disk(small_disk.folder) == list(range(9))


def test_a_device_that_fails_while_held_values_are_written_makes_no_point_twice(
    small_disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "FIRST", 4096)
    monkeypatch.setattr(journal_module, "PART", 4096)
    small_disk.fill()
    journal = JournalWriter(small_disk.folder, 1, "run-1", "owner")
    log_warned(journal, range(300))
    small_disk.free()
    in_the_way = small_disk.folder / "1-owner-0001.journal"
    in_the_way.write_bytes(b"")

    with pytest.raises(JournalError, match="File exists"):
        journal.number("m", 300)
    in_the_way.unlink()
    journal.number("m", 301)

    assert on_disk(small_disk.folder) == [*range(300), 301]


def test_a_warning_that_is_made_an_error_loses_only_the_value_it_was_raised_for(
    small_disk: SmallDisk,
) -> None:
    journal = JournalWriter(small_disk.folder, 1, "run-1", "owner")
    journal.number("m", 0)
    small_disk.fill()
    for number in range(1, 3000):
        try:
            journal.number("m", number)
        except StoreFullWarning:
            break

    small_disk.free()
    journal.number("m", -1)
    assert on_disk(small_disk.folder) == [*range(number), -1]


def test_a_read_only_disk_holds_the_values_until_it_can_be_written(small_disk: SmallDisk) -> None:
    small_disk.make_read_only()
    journal = JournalWriter(small_disk.folder, 1, "run-1", "owner")

    with pytest.warns(StoreFullWarning, match=r"free some space, or make it writable"):
        journal.number("m", 0)
    small_disk.make_read_only(now=False)
    journal.number("m", 1)

    assert on_disk(small_disk.folder) == [0, 1]


@pytest.fixture
def _largest_file() -> Iterator[None]:
    """Of 100 kB for this process, as `ulimit -f` sets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("_largest_file")
def test_a_limit_on_the_size_of_files_holds_the_values(tmp_path: Path) -> None:
    journal = JournalWriter(tmp_path, 1, "run-1", "owner")
    logged = log_until_full(journal)
    assert on_disk(tmp_path) == list(range(logged - 1))

    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    journal.number("m", logged)

    assert on_disk(tmp_path) == list(range(logged + 1))


def test_a_folder_that_may_not_be_written_is_an_error_with_the_remedy(tmp_path: Path) -> None:
    folder = tmp_path / "journals"
    folder.mkdir(mode=0o500)
    journal = JournalWriter(folder, 1, "run-1", "owner")

    with (
        _as_nobody(),
        pytest.raises(
            JournalError,
            match=r"cannot be written: Permission denied. Its folder must .* be writable",
        ),
    ):
        journal.number("m", 0)

    folder.chmod(0o700)
    journal.number("m", 1)
    assert on_disk(folder) == [1]


@contextlib.contextmanager
def _as_nobody() -> Iterator[None]:
    """Root may write everywhere, so it becomes another user for a while."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65_534)
    try:
        yield
    finally:
        if user == 0:
            os.seteuid(user)


def test_a_folder_that_cannot_be_reached_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(_folder: Path) -> int:
        raise OSError(5, "Input/output error")

    def no_room(*_: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(journal_module, "free_bytes", unreachable)
    monkeypatch.setattr(journal_module, "_reserve", no_room)
    journal = JournalWriter(tmp_path, 1, "run-1", "owner")

    with pytest.warns(StoreFullWarning, match=r"cannot be reached \(Input/output error\)"):
        journal.number("m", 0)
