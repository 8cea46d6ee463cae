"""The captured output of a run: live from its file, afterwards from its artifacts."""

from __future__ import annotations

import io

from aml_magics.services.run import artifact, log, run


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
