"""What a process holds open, and that a forked child has none of it."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING

import pytest

from aml_magics.errors import RunFinishedError
from aml_magics.records.metric import MetricKind
from aml_magics.services.run.open_runs import open_runs
from aml_magics.store.journal.journal import JournalWriter
from aml_magics.store.journal.reader import JournalReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from aml_magics.store.store import Store

# Python 3.12 warns of a fork beside threads, such as those of pytest-xdist
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


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
    open_runs(store).add_writer(journal)
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
        assert not open_runs(sqlite_store).are_there()

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


def test_a_journal_of_a_run_that_another_process_has_is_no_run_of_this_one(
    sqlite_store: Store,
) -> None:
    runs = open_runs(sqlite_store)
    journal = _writer(sqlite_store)

    assert (runs.has(1), runs.keys(), runs.are_there()) == (False, set(), True)

    runs.remove_writer(journal)
    assert not runs.are_there()


def test_a_run_stays_open_without_its_journal_and_is_unlogged_until_it_has_one(
    sqlite_store: Store,
) -> None:
    runs = open_runs(sqlite_store)
    runs.begin(1, is_new=True)
    assert runs.is_unlogged(1)

    runs.remove_writer(_writer(sqlite_store))

    assert (runs.has(1), runs.is_unlogged(1), runs.writer(1)) == (True, False, None)


def test_a_cancel_handler_outlives_the_end_of_its_run(sqlite_store: Store) -> None:
    runs = open_runs(sqlite_store)
    runs.begin(1, is_new=True)
    runs.set_cancel_handler(1, list)
    runs.end(1)
    runs.begin(1, is_new=False)  # the cell has resumed it

    assert runs.cancel_handler(1) is list
    runs.remove_cancel_handler(1)
    assert runs.cancel_handler(1) is None
