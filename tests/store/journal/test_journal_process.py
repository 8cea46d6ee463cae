"""Processes that are killed, and processes that are forked, lose and spoil nothing."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from aml_magics.errors import RunFinishedError
from aml_magics.records.metric import MetricKind
from aml_magics.store.journal.journal import JournalWriter
from aml_magics.store.journal.reader import JournalReader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aml_magics.store.store import Store

# Python 3.12 warns of a fork beside threads, such as those of pytest-xdist
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

_ROUNDS, _WRITERS = 12, 3
_WRITER = """
import os, sys
from pathlib import Path
from aml_magics.records.metric import MetricKind
from aml_magics.store.journal import journal

journal.FIRST, journal.STEP, journal.PART = 4096, 1 << 15, 1 << 16
writer = journal.JournalWriter(Path(sys.argv[1]), 1, "run-1", sys.argv[2])
number = 0
while True:
    if number % 7 == 0:
        writer.value(f"text{number % 3}", MetricKind.SCALAR, f"{number} " + "x" * (number % 90))
    elif number % 5 == 0:
        writer.number(f"integer{number % 400}", number)
    else:
        writer.number("float", float(number))
    os.write(1, number.to_bytes(4, "little"))  # only now is it promised
    number += 1
"""


def _promised(pipe: int, at_least: int) -> int:
    """How many numbers a writer has told of, once it told of some."""
    told = 0
    while told < at_least * 4:
        told += len(os.read(pipe, min(1 << 16, at_least * 4 - told)))
    return told


def _kill(writer: subprocess.Popen[bytes], after: int) -> int:
    """Kill a writer at some moment after so many values; returns how many it told of."""
    assert writer.stdout is not None
    told = _promised(writer.stdout.fileno(), after)
    writer.send_signal(signal.SIGKILL)
    told += len(writer.stdout.read())
    writer.stdout.close()
    assert writer.wait() == -signal.SIGKILL
    return told // 4


def test_what_log_returned_from_is_there_after_36_kills_of_writers(tmp_path: Path) -> None:
    chance = random.Random(7)
    for round_ in range(_ROUNDS):
        owners = [f"w{round_}x{number}" for number in range(_WRITERS)]
        command = [sys.executable, "-c", _WRITER, tmp_path]
        writers = {
            owner: subprocess.Popen([*command, owner], stdout=subprocess.PIPE) for owner in owners
        }
        for owner, writer in writers.items():
            promised = _kill(writer, after=chance.randrange(1, 12_000))

            found = _numbers(tmp_path, owner)
            # one more may have been written, and not yet told of
            assert len(found) - promised in (0, 1), (owner, promised, len(found))
            assert found == list(range(len(found)))


def _numbers(folder: Path, owner: str) -> list[int]:
    found: list[int] = []
    for path in folder.glob(f"1-{owner}-*.journal"):
        batch = JournalReader(path).read()
        assert batch.bad == 0
        for one in batch.series:
            found += [int(str(value).split()[0].split(".")[0]) for value in one.plain()]
    return sorted(found)


def _in_a_child(work: Callable[[], None]) -> int:
    """Do something in a forked child; returns 0, or 1 after an exception, or 14 if it hung."""
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        try:
            work()
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _writer(store: Store) -> JournalWriter:
    journal = JournalWriter(store.journals, 1, "run-1", store.owner.id)
    store.writers[1] = journal
    return journal


def test_a_forked_child_cannot_write_to_the_journal_of_its_parent(sqlite_store: Store) -> None:
    journal = _writer(sqlite_store)
    journal.number("m", 0)

    def child() -> None:
        for log in (
            lambda: journal.number("m", 99),
            lambda: journal.number("new", 99),
            lambda: journal.value("m", MetricKind.SCALAR, "text"),
        ):
            with pytest.raises(RunFinishedError, match="Start a new run, or resume"):
                log()
        assert sqlite_store.writers == {}

    assert _in_a_child(child) == 0
    journal.number("m", 1)

    (series,) = JournalReader(journal.path).read().series
    assert series.plain() == [0, 1]


def test_a_forked_child_has_a_journal_of_its_own(sqlite_store: Store) -> None:
    journal = _writer(sqlite_store)
    journal.number("m", 0)

    def child() -> None:
        own = _writer(sqlite_store)
        assert own.path != journal.path
        for number in range(5000):
            own.number("m", number)

    assert _in_a_child(child) == 0
    for number in range(1, 5000):
        journal.number("m", number)

    paths = sorted(sqlite_store.journals.glob("1-*.journal"))
    assert len(paths) == 2
    for path in paths:
        (series,) = JournalReader(path).read().series
        assert series.plain() == list(range(5000))


def test_a_child_forked_while_a_thread_logs_does_not_hang(sqlite_store: Store) -> None:
    journal = _writer(sqlite_store)
    journal.number("m", 0)

    def child() -> None:
        with pytest.raises(RunFinishedError, match="The run has ended"):
            journal.number("m", 1)

    with journal._lock:  # what another thread would hold
        assert _in_a_child(child) == 0


def test_forking_while_a_thread_logs_costs_the_parent_nothing(sqlite_store: Store) -> None:
    journal = _writer(sqlite_store)
    done = threading.Event()

    def log() -> None:
        number = 0
        # fewer than fill a part of the journal, however long the forks take
        while number < 1000 or (number < 500_000 and not done.is_set()):
            journal.number("m", number)
            number += 1

    thread = threading.Thread(target=log)
    thread.start()
    codes = [_in_a_child(journal.close) for _ in range(10)]
    done.set()
    thread.join()

    assert codes == [0] * 10
    (series,) = JournalReader(journal.path).read().series
    assert series.plain() == list(range(len(series)))


def test_values_that_a_parent_holds_are_not_written_by_its_child(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = _writer(sqlite_store)
    journal.number("m", 0)
    with journal._lock:
        journal._held.append(b"\3" * 32)

    def child() -> None:
        assert journal.held == 0
        journal.close()

    assert _in_a_child(child) == 0
    assert journal.held == 1
    journal._held.clear()


def test_a_forked_child_uses_the_catalogue_without_spoiling_the_parents(store: Store) -> None:
    def names() -> list[str]:
        with store.catalogue.read() as connection:
            return [one.name for one in store.experiments.list(connection)]

    def child() -> None:
        for number in range(20):
            store.catalogue.transact(
                lambda connection, number=number: store.experiments.ensure(
                    connection, f"child-{number}", 0.0
                )
            )
        assert "parent" in names()

    store.catalogue.transact(lambda connection: store.experiments.ensure(connection, "parent", 0.0))
    assert _in_a_child(child) == 0
    store.catalogue.transact(lambda connection: store.experiments.ensure(connection, "after", 0.0))

    assert names() == ["parent", *[f"child-{number}" for number in range(20)], "after"]
    assert store.owner.pid == os.getpid()
