"""The captured output of a run: live from its file, afterwards from its artifacts."""

from __future__ import annotations

import io
import os
import time

import pytest

from aml_magics.errors import ArtifactNotFoundError
from aml_magics.records.distribution import Distribution
from aml_magics.services.run import artifact, log, run
from aml_magics.services.run.manage.deletion import delete, purge
from aml_magics.store.files.log_times import LogClock, times_path


def test_run_that_printed_nothing_has_an_empty_log(store):
    record = run.start(store, "e")
    assert log.read_log(store, record) == ""
    log.log_path(store, record).touch()
    run.complete(store, record)
    assert log.read_log(store, record) == ""
    assert artifact.files(store, record) == []
    assert not log.log_path(store, record).exists()


def test_log_is_read_while_it_grows_and_after_the_end(store):
    record = run.start(store, "e")
    with log.log_path(store, record).open("ab") as file:
        file.write("é\n".encode())
        file.flush()
        assert log.read_log(store, record) == "é\n"
        file.write(b"\xff\0\x1b[31mred")
    run.fail(store, record)
    assert log.read_log(store, record) == "é\n�\0\x1b[31mred"
    assert [one.name for one in artifact.files(store, record)] == ["user_logs/std_log.txt"]


def test_end_of_a_long_log_is_read(store):
    record = run.start(store, "e")
    log.log_path(store, record).write_text("x" * 100 + "end")
    assert log.read_log(store, record, most=4) == "xend"
    run.complete(store, record)
    assert log.read_log(store, record, most=4) == "xend"
    assert len(log.read_log(store, record)) == 103


def test_log_that_another_process_has_kept_meanwhile_is_no_trouble(sqlite_store, monkeypatch):
    record = run.start(sqlite_store, "e")
    path = log.log_path(sqlite_store, record)
    path.write_text("printed")
    real = log.add_stream

    def late(*arguments):
        path.unlink()
        return real(*arguments)

    monkeypatch.setattr(log, "add_stream", late)
    run.complete(sqlite_store, record)
    log.keep_log(sqlite_store, record.key)
    assert log.read_log(sqlite_store, record) == "printed"


def test_logs_are_named_and_opened_where_they_lie(sqlite_store):
    store = sqlite_store
    record = run.start(store, "e")
    assert (log.log_names(store, record), log.log_size(store, record)) == ([], 0)
    log.log_path(store, record).write_bytes(b"live")
    artifact.add_file(store, record, "logs/b.txt", io.BytesIO(b"b"))
    artifact.add_file(store, record, "other.txt", io.BytesIO(b"c"))
    assert log.log_names(store, record) == [log.LOG_NAME, "logs/b.txt"]
    assert log.log_size(store, record) == 4
    for name, data in ((log.LOG_NAME, b"live"), ("logs/b.txt", b"b")):
        with log.open_log(store, record, name) as file:
            assert file.read() == data
    run.complete(store, record)
    assert log.log_size(store, record) == 4
    with log.open_log(store, record) as file:
        assert file.read() == b"live"


def printed(store, record, *lines):
    """Print lines through the writer that a worker uses."""
    with log.appended_log(store, record) as say:
        for line in lines:
            say(line)


def times_of(store, record, name=log.LOG_NAME):
    size = log.log_size(store, record)
    times = log.log_times(store, record, 0, size, name)
    return [times.at(offset) for offset in range(size)]


def test_lines_have_their_times_while_the_run_is_live_and_after_its_end(store):
    before = 1_000 * time.time() - 1
    record = run.start(store, "e")
    printed(store, record, "one")
    live = times_of(store, record)
    assert all(before <= time_ <= 1_000 * time.time() for time_ in live)
    run.complete(store, record)

    assert times_of(store, record) == live
    assert list(store.journals.glob("*.times")) == []
    assert [one.name for one in artifact.files(store, record)] == [log.LOG_NAME]
    assert log.log_names(store, record) == [log.LOG_NAME]


def test_times_of_a_resumed_run_follow_the_earlier_ones(sqlite_store):
    store = sqlite_store
    record = run.start(store, "e")
    printed(store, record, "one")
    run.fail(store, record)
    [first, *_] = times_of(store, record)
    record = run.resume(store, record)
    printed(store, record, "two")
    live = times_of(store, record)
    run.complete(store, record)

    assert live[:4] == [first] * 4
    assert live[4] >= first
    assert times_of(store, record) == live
    assert log.read_log(store, record) == "one\ntwo\n"


def test_lines_of_a_release_without_times_have_none(sqlite_store):
    store = sqlite_store
    record = run.start(store, "e")
    printed(store, record, "one")
    run.fail(store, record)
    record = run.resume(store, record)
    times_path(log.log_path(store, record)).unlink()
    with log.log_path(store, record).open("a") as file:
        file.write("two\n")
    known = [time_ is not None for time_ in times_of(store, record)]
    run.complete(store, record)

    assert known == [True] * 4 + [False] * 4
    assert [time_ is not None for time_ in times_of(store, record)] == known


@pytest.mark.parametrize("data", [b"", b"half", b"\xff" * 1_000, None])
def test_times_that_are_damaged_or_gone_do_not_break_the_log(sqlite_store, data):
    store = sqlite_store
    record = run.start(store, "e")
    printed(store, record, "one")
    path = times_path(log.log_path(store, record))
    path.unlink()
    if data is None:
        os.mkfifo(path)
    else:
        path.write_bytes(data)
    assert times_of(store, record) == [None] * 4
    run.fail(store, record)
    assert times_of(store, record) == [None] * 4
    record = run.resume(store, record)
    printed(store, record, "two")

    assert log.read_log(store, record) == "one\ntwo\n"


def test_times_whose_bytes_are_lost_do_not_break_a_resumed_run(sqlite_store):
    store = sqlite_store
    record = run.start(store, "e")
    printed(store, record, "one")
    run.fail(store, record)
    with store.catalogue.read() as connection:
        kept = store.artifacts.get(connection, record.key, log.TIMES_NAME)
    store.blobs.remove(kept.digest)
    assert times_of(store, record) == [None] * 4
    record = run.resume(store, record)

    assert log.read_log(store, record) == "one\n"


def test_only_the_output_has_times(sqlite_store):
    store = sqlite_store
    record = run.start(store, "e")
    printed(store, record, "one")
    artifact.add_file(store, record, "logs/own.txt", io.BytesIO(b"own\n"))
    artifact.add_file(store, record, log.DRIVER_LOG, io.BytesIO(b"mine\n"))
    run.complete(store, record)

    assert times_of(store, record, "logs/own.txt") == [None] * 4
    assert times_of(store, record, log.DRIVER_LOG) == [None] * 4
    artifact.add_file(store, record, log.DRIVER_LOG, io.BytesIO(b"one\n"))
    assert None not in times_of(store, record, log.DRIVER_LOG)


def test_times_are_no_file_of_the_users(sqlite_store, tmp_path):
    store = sqlite_store
    record = run.start(store, "e")
    printed(store, record, "one")
    run.complete(store, record)

    for name in (log.TIMES_NAME, log.TIMES_NAME.removeprefix("./")):
        with pytest.raises(ArtifactNotFoundError, match="has no file"):
            artifact.download(store, record, name, tmp_path / "x")


def test_times_go_with_their_run(sqlite_store):
    store = sqlite_store
    record = run.start(store, "e")
    printed(store, record, "one")
    run.complete(store, record)
    with store.catalogue.read() as connection:
        kept = store.artifacts.get(connection, record.key, log.TIMES_NAME)
    delete(store, [record.id])
    purge(store, older_than=-1)

    with pytest.raises(ArtifactNotFoundError, match="no longer"):
        store.blobs.open(kept.digest)


def test_each_process_of_a_run_has_a_log_live_and_afterwards(store):
    record = run.start(store, "e")
    log.log_path(store, record).write_text("first\n")
    for rank in (10, 2):
        path = log.process_log_path(store, record, str(rank))
        path.write_text(f"rank {rank}\n")
        clock = LogClock(path)
        clock.mark()
        clock.close()
    log.process_log_path(store, record, "3").touch()
    names = [log.driver_log(str(rank)) for rank in (2, 3, 10)]
    live = log.log_names(store, record)
    sizes = log.process_logs(store, record)
    with log.open_log(store, record, names[2]) as file:
        assert file.read() == b"rank 10\n"
    run.complete(store, record)

    assert live == [log.LOG_NAME, *names]
    assert sizes == {names[0]: 7, names[1]: 0, names[2]: 8}
    assert log.log_names(store, record) == [log.LOG_NAME, names[0], names[2]]  # one was empty
    assert log.read_log(store, record) == "first\n"
    with log.open_log(store, record, names[0]) as file:
        assert file.read() == b"rank 2\n"
    assert log.process_logs(store, record) == {}
    assert log.log_times(store, record, 0, 8, names[2]).at(0) is None  # it was written before
    assert not list(store.journals.glob(f"{record.key}.*"))


def test_names_of_driver_logs_are_azures():
    first = "azureml-logs/70_driver_log"

    assert log.first_driver_log(None) == log.driver_log() == f"{first}.txt"
    assert log.first_driver_log(Distribution("mpi", 1, 2)) == f"{first}_0.txt"
    servers = Distribution("tensorflow", 1, 1, 2, 1)
    assert log.first_driver_log(servers) == f"{first}_worker_0.txt"
