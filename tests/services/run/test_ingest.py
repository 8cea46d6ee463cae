"""Points move from journals to the catalogue, each exactly once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from aml_magics.services.run import ingest, metric, pending_points, run
from aml_magics.services.run import recovery as recover
from aml_magics.services.run.ingest import JournalName
from aml_magics.store.catalogue.schema import journal as marks
from aml_magics.store.journal import journal
from tests.services.conftest import finish, kill


@pytest.fixture
def unkept(monkeypatch):
    """Nothing is read in but by the test."""
    monkeypatch.setattr("aml_magics.services.run.run.start_heartbeat", lambda store: None)
    monkeypatch.setattr("aml_magics.services.run.metric.start_heartbeat", lambda store: None)


def _marks(store):
    with store.catalogue.read() as connection:
        return dict(connection.execute(sa.select(marks.c.file, marks.c.done)).all())


def _dead_journal(store, scripts, points=3):
    program = scripts.start(f"""
        import aml_magics.services.run.metric as services
        run.keep = services.keep = lambda store: None
        record = run.start(store, "e", run_id="r")
        writer = metric.writer(store, record)
        for step in range({points}):
            writer.number("x", float(step))
        say(writer.path.name)
        time.sleep(600)
    """)
    path = store.journals / program.stdout.readline().strip()
    kill(program)
    return path


@pytest.mark.parametrize(
    "name", ["1-a.journal", "1-a-b-2.journal", "x-a-1.journal", "1-a-x.journal", "note.txt"]
)
def test_other_files_are_no_journals(tmp_path, name):
    assert JournalName.of(tmp_path / name) is None


def test_name_of_a_journal_reads_back(tmp_path):
    name = JournalName(7, "abc", 12)
    assert name.file == "7-abc-0012.journal"
    assert JournalName.of(tmp_path / name.file) == name


def test_journal_goes_when_it_is_read_in_and_its_mark_with_the_next(store, unkept):
    record = run.start(store, "e")
    writer = metric.writer(store, record)
    writer.number("x", 1.0)
    ingest.ingest_live(store, writer)
    writer.number("x", 2.0)
    ingest.ingest_live(store, writer)
    assert _marks(store) == {writer.path.name: writer.written}
    assert writer.path.exists()
    run.complete(store, record)
    assert not writer.path.exists()
    second = run.start(store, "e")
    metric.writer(store, second).number("x", 1.0)
    run.complete(store, second)
    assert list(_marks(store)) == [f"{second.key}-{store.owner.id}-0000.journal"]
    assert metric.get_metrics(store, record) == {"x": [1.0, 2.0]}


def test_reading_in_twice_changes_nothing(store, unkept):
    record = run.start(store, "e")
    writer = metric.writer(store, record)
    writer.number("x", 1.0)
    for _ in range(3):
        ingest.ingest_live(store, writer)
    assert metric.series(store, record, "x").plain() == [1.0]


def test_crash_between_commit_and_unlink_adds_nothing(store, scripts):
    """The journal is still there after it was read in: its mark says that all of it is known."""
    path = _dead_journal(store, scripts)
    crash = scripts.start(
        f"""
        from aml_magics.services.run import ingest
        ingest.retire = lambda *_: os._exit(9)
        ingest.ingest_finished(store, Path({str(path)!r}))
        """,
        UNRECOVERED="yes",
    )
    assert crash.wait(60) == 9
    assert path.exists()
    assert metric.series(store, run.get(store, "r"), "x").plain() == [0.0, 1.0, 2.0]
    recover.recover(store)
    assert not path.exists()
    assert metric.series(store, run.get(store, "r"), "x").plain() == [0.0, 1.0, 2.0]


def test_four_processes_read_in_the_same_journal_once(store, scripts):
    path = _dead_journal(store, scripts, points=20_000)
    racers = [
        scripts.start(
            f"""
            from aml_magics.services.run import ingest
            say("ready")
            sys.stdin.readline()
            ingest.ingest_finished(store, Path({str(path)!r}))
            """,
            UNRECOVERED="yes",
        )
        for _ in range(4)
    ]
    for racer in racers:
        assert racer.stdout.readline() == "ready\n"
    assert path.exists()
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    for racer in racers:
        finish(racer)
    points = metric.series(store, run.get(store, "r"), "x")
    assert points.plain() == [float(step) for step in range(20_000)]
    assert list(store.journals.glob("*.journal")) == []


def test_parts_are_read_in_order(store, unkept, monkeypatch):
    monkeypatch.setattr(journal, "PART", 1 << 16)
    record = run.start(store, "e")
    writer = metric.writer(store, record)
    for step in range(10_000):
        writer.number("x", float(step))
        if step == 5_000:
            ingest.ingest_live(store, writer)
    assert writer.part > 3
    before = metric.series(store, record, "x").plain()
    run.complete(store, record)
    assert before == metric.series(store, record, "x").plain() == [float(x) for x in range(10_000)]
    assert list(store.journals.glob("*.journal")) == []


def test_file_that_is_no_journal_is_left_alone(sqlite_store):
    path = sqlite_store.journals / "note.journal"
    path.write_text("mine")
    ingest.ingest_finished(sqlite_store, path)
    assert path.read_text() == "mine"


def test_journal_that_two_processes_set_aside_is_there_once(sqlite_store):
    path = sqlite_store.journals / "1-a-0000.journal"
    path.write_bytes(b"x")
    aside = ingest.set_aside(sqlite_store, path)
    assert ingest.set_aside(sqlite_store, path) == aside
    assert [one.name for one in aside.iterdir()] == [path.name]


def test_reading_sees_each_point_once_while_they_move(store):
    """A live series never misses a point that was seen before, nor shows one twice."""
    record = run.start(store, "e")
    writer = metric.writer(store, record)
    for step in range(40):
        for _ in range(25):
            writer.number("x", 1.0)
        count = (step + 1) * 25
        if step % 3 == 0:
            ingest.ingest_live(store, writer)
        assert len(metric.series(store, record, "x")) == count
        assert metric.heads(store, [record])[record.key][0].count == count


def test_points_that_move_while_they_are_read_are_counted_once(store, unkept, monkeypatch):
    record = run.start(store, "e")
    writer = metric.writer(store, record)
    writer.number("x", 1.0)
    real = store.metrics.heads

    def slow(connection, keys):
        if not store.catalogue.is_sqlite:  # which would wait for the reader's own thread
            ingest.ingest_live(store, writer)
        return real(connection, keys)

    monkeypatch.setattr(store.metrics, "heads", slow)
    assert [head.count for head in metric.heads(store, [record])[record.key]] == [1]


def test_journal_that_goes_while_it_is_looked_at_is_in_the_catalogue(store, unkept, monkeypatch):
    record = run.start(store, "e")
    writer = metric.writer(store, record)
    writer.number("x", 1.0)
    real, done = pending_points.JournalReader, []

    def reader(path):
        if not done:
            done.append(1)
            run.complete(store, record)
        return real(path)

    monkeypatch.setattr(pending_points, "JournalReader", reader)
    assert metric.get_metrics(store, record) == {"x": 1.0}


def test_journal_of_a_run_that_had_the_same_key_is_not_mixed_in(sqlite_store, unkept):
    """After a backup was put back, a key can be another run's."""
    record = run.start(sqlite_store, "e")
    stranger = journal.JournalWriter(sqlite_store.journals, record.key, "another id", "owner")
    stranger.number("x", 1.0)
    stranger.close()
    assert metric.get_metrics(sqlite_store, record) == {}
    recover.recover(sqlite_store)
    assert (sqlite_store.journals / "quarantine" / stranger.path.name).exists()
