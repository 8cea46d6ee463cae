"""Reading on from where one was: points behind those that are known, wherever they lie."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from aml_magics.services.run import heartbeat, metric, run
from aml_magics.services.run.ingest import ingest_live, journals_of
from aml_magics.store.catalogue import schema
from tests.services.conftest import finish


def log(store, record, values, name="x"):
    journal = metric.writer(store, record)
    for value in values:
        journal.number(name, float(value))
    return journal


def tail(store, record, known, name="x"):
    return metric.read(store, record, lambda _: True, since={name: known}).tails.get(name)


@pytest.mark.parametrize("known", [0, 1, 999, 1_000, 1_023, 1_024, 1_500, 2_999])
def test_points_come_from_chunks_and_from_the_journal(store, known):
    record = run.start(store, "e")
    for start in range(0, 2_500, 500):
        ingest_live(store, log(store, record, range(start, start + 500)))
    log(store, record, range(2_500, 3_000))
    found = tail(store, record, known)
    assert found.points.plain() == [float(value) for value in range(known, 3_000)]
    assert (found.first, found.damaged) == (known, 0)


def test_nothing_new_is_nothing(store):
    record = run.start(store, "e")
    ingest_live(store, log(store, record, range(10)))
    assert tail(store, record, 10) is None
    run.complete(store, record)
    assert tail(store, record, 10) is None


def test_a_series_that_went_back_is_read_anew(store):
    record = run.complete(store, run.start(store, "e"))
    log(store, run.start(store, "e"), [1.0])
    again = run.start(store, "e")
    log(store, again, range(3))
    assert (tail(store, again, 99).first, len(tail(store, again, 99).points)) == (0, 3)
    assert tail(store, record, 99) is None


def test_only_damaged_stretches_are_left_out(sqlite_store):
    store = sqlite_store
    record = run.start(store, "e")
    for start in (0, 2_000, 4_000):
        ingest_live(store, log(store, record, range(start, start + 2_000)))
    store.catalogue.transact(
        lambda connection: connection.execute(
            sa.update(schema.chunk).where(schema.chunk.c.first == 2_000).values(data=b"bad")
        )
    )
    found = tail(store, record, 1_000)
    assert found.damaged == 1
    assert found.points.plain() == [
        *map(float, range(1_000, 2_000)),
        *map(float, range(4_000, 6_000)),
    ]


def test_news_of_another_process_is_seen_without_reading(store, scripts):
    writer = scripts.start("""
        record = run.start(store, "e", run_id="r")
        heartbeat.stop_heartbeat(store)
        journal = metric.writer(store, record)
        heartbeat.stop_heartbeat(store)
        journal.number("x", 1.0)
        say("one")
        input()
        journal.number("x", 2.0)
        say("two")
        input()
    """)
    writer.stdout.readline()
    record = run.get(store, "r")
    assert metric.has_news(store, record, {})
    read = metric.read(store, record, lambda _: True)
    assert list(read.ends) == journals_of(store, record.key)
    assert not metric.has_news(store, record, read.ends)
    writer.stdin.write("\n")
    writer.stdin.flush()
    writer.stdout.readline()
    assert metric.has_news(store, record, read.ends)
    assert tail(store, record, 1).points.plain() == [2.0]
    writer.stdin.write("\n")
    writer.stdin.flush()
    finish(writer)


def test_a_long_journal_is_not_read_from_its_beginning_again(sqlite_store, monkeypatch):
    store = sqlite_store
    record = run.start(store, "e")
    heartbeat.stop_heartbeat(store)
    journal = log(store, record, range(5_000))
    ingest_live(store, journal)
    metric.heads(store, [record])
    log(store, record, range(5))
    read = []
    real = metric.JournalReader._bytes

    def noted(self, until):
        read.append(self.at)
        return real(self, until)

    monkeypatch.setattr(metric.JournalReader, "_bytes", noted)
    assert metric.heads(store, [record])[record.key][0].count == 5_005
    assert min(read) >= 5_000 * 32


def test_a_bad_journal_hides_no_other(sqlite_store):
    store = sqlite_store
    record = run.start(store, "e")
    log(store, record, range(3))
    (store.journals / f"{record.key}-aaaaaaaaaaaa-0000.journal").mkdir()
    (store.journals / f"{record.key}-bbbbbbbbbbbb-0000.journal").write_bytes(b"\x04" * 640)
    assert len(tail(store, record, 0).points) == 3
