"""Metrics read back in Azure's shapes, whatever the value, on both databases, live and ended."""

from __future__ import annotations

import io
import json
import math

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aml_magics.errors import InvalidMetricError, InvalidNameError
from aml_magics.records.metric import MetricKind
from aml_magics.services.run import artifact, heartbeat, metric, run
from aml_magics.services.run.ingest import ingest_live, journals_of
from aml_magics.store.catalogue import schema
from aml_magics.store.catalogue.schema import chunk as chunks
from aml_magics.store.journal.reader import JournalReader
from aml_magics.warnings import QuarantineWarning
from tests.services.conftest import finish

AWKWARD = [
    float("nan"),
    float("inf"),
    float("-inf"),
    -0.0,
    1e308,
    5e-324,
    10**30,
    -(2**63),
    2**63,
    2**63 - 1,
    0,
    True,
    None,
    "",
    "text é\U0001f600 \u0000 'q' \"d\"",
    '<img src=x onerror="window.__pwned=1">',
]


def same(one, other):
    """Equal in type and in bits; JSON tells NaN, -0.0, 1 and 1.0 apart."""
    return json.dumps(one) == json.dumps(other)


@pytest.fixture
def record(store):
    return run.start(store, "e")


def _value(store, record, kind, *values):
    for value in values:
        metric.writer(store, record).value("x", kind, value)
    live = metric.get_metrics(store, record)["x"]
    run.complete(store, record)
    ended = metric.get_metrics(store, record)["x"]
    assert same(live, ended)
    return ended


@pytest.mark.parametrize(
    ("kind", "logged", "read"),
    [
        (MetricKind.SCALAR, [0.5], 0.5),
        (MetricKind.SCALAR, [1, 2], [1, 2]),
        (MetricKind.SCALAR, [1, 2.5], [1.0, 2.5]),
        (MetricKind.SCALAR, ["a", 1, None, True], ["a", 1, None, True]),
        (MetricKind.SCALAR, [10**30, 0.5], [1e30, 0.5]),
        (MetricKind.LIST, [[1, 2, 3]], [1, 2, 3]),
        (MetricKind.LIST, [[7]], 7),
        (MetricKind.LIST, [[1], [2.0, 3]], [1.0, 2.0, 3.0]),
        (MetricKind.LIST, [[]], []),
        (MetricKind.ROW, [{"a": 1, "b": "x"}], {"a": 1, "b": "x"}),
        (MetricKind.ROW, [{"a": 1, "b": 1}, {"a": 2, "b": 0.5}], {"a": [1, 2], "b": [1.0, 0.5]}),
        (MetricKind.ROW, [{"a": 1}, {"b": 2}], {"a": [1, None], "b": [None, 2]}),
        (MetricKind.TABLE, [{"a": [1, 2], "b": ["x", "y"]}], {"a": [1, 2], "b": ["x", "y"]}),
        (MetricKind.TABLE, [{"a": [1], "b": [None]}], {"a": 1, "b": None}),
        (MetricKind.TABLE, [{"a": [1]}, {"a": [2.5]}], {"a": [1.0, 2.5]}),
    ],
)
def test_metrics_have_the_shapes_of_azure(store, record, kind, logged, read):
    found = _value(store, record, kind, *logged)
    assert same(found, read)


def test_metrics_can_be_asked_for_by_name(store, record):
    metric.writer(store, record).number("a", 1.0)
    metric.writer(store, record).number("b", 2.0)
    assert metric.get_metrics(store, record, "b") == {"b": 2.0}
    assert metric.get_metrics(store, record, "c") == {}
    assert metric.series(store, record, "c") is None


def test_chart_is_an_address_until_it_is_populated(store, record):
    chart = {"schema_type": "confusion_matrix", "data": {"matrix": [[1, 0], [0, 1]]}}
    artifact.add_stream(store, record.key, "cm", io.BytesIO(json.dumps(chart).encode()))
    artifact.add_stream(store, record.key, "plot.png", io.BytesIO(b"\x89PNG"))
    writer = metric.writer(store, record)
    writer.value("cm", MetricKind.CONFUSION_MATRIX, metric.artifact_uri(record, "cm"))
    writer.value("plot", MetricKind.IMAGE, metric.artifact_uri(record, "plot.png"))
    uri = f"aml://artifactId/ExperimentRun/dcid.{record.id}/"
    plain = {"cm": f"{uri}cm", "plot": f"{uri}plot.png"}
    assert metric.get_metrics(store, record) == plain
    assert metric.get_metrics(store, record, populate=True) == {**plain, "cm": chart}


def test_metric_keeps_the_kind_it_has(store, record):
    writer = metric.writer(store, record)
    writer.number("x", 1.0)
    message = r"Metric 'x' was logged as a scalar and cannot also be a list; log it under another"
    with pytest.raises(InvalidMetricError, match=message):
        writer.value("x", MetricKind.LIST, [1])
    run.fail(store, record)
    again = run.resume(store, record)
    with pytest.raises(InvalidMetricError, match=message):
        metric.writer(store, again).value("x", MetricKind.LIST, [1])
    metric.writer(store, again).number("x", 2.0)
    assert metric.get_metrics(store, again) == {"x": [1.0, 2.0]}


def test_bad_metric_name_is_refused(store, record):
    with pytest.raises(InvalidNameError, match="The name of a metric is empty"):
        metric.writer(store, record).number("", 1.0)
    assert metric.get_metrics(store, record) == {}


def test_heads_tell_last_low_and_high(store, record):
    writer = metric.writer(store, record)
    for step, value in enumerate([3.0, float("nan"), -1.0, float("inf"), 2.0]):
        writer.number("x", value, step * 10)
    other = run.start(store, "e")
    (head,) = metric.heads(store, [record, other])[record.key]
    assert (head.count, head.last, head.low, head.high, head.step) == (5, 2.0, -1.0, 3.0, 40)
    run.complete(store, record)
    found = metric.heads(store, [record, other])
    assert found == {record.key: [head], other.key: []}
    assert metric.heads(store, []) == {}


def test_every_awkward_value_reads_back_as_it_was(store, record):
    """R16, for heads as well as for series."""
    writer = metric.writer(store, record)
    for number, value in enumerate(AWKWARD):
        writer.value(f"m{number:02}", MetricKind.SCALAR, value)
    live = metric.get_metrics(store, record)
    heads = {head.name: head.value for head in metric.heads(store, [record])[record.key]}
    run.complete(store, record)
    kept = {head.name: head.value for head in metric.heads(store, [record])[record.key]}
    for found in (live, heads, kept, metric.get_metrics(store, record)):
        assert same([found[name] for name in sorted(found)], AWKWARD)


def test_awkward_values_are_seen_by_another_process_before_the_end(store, scripts):
    """R16, through the journal and through the catalogue."""
    program = scripts.start(f"""
        from math import inf, nan
        record = run.start(store, "e", run_id="r")
        for value in {AWKWARD!r}:
            metric.writer(store, record).value("x", MetricKind.SCALAR, value)
        say("logged")
        sys.stdin.readline()
        run.complete(store, record)
    """)
    assert program.stdout.readline() == "logged\n"
    found = run.get(store, "r")
    floats = [float(value) if type(value) is int else value for value in AWKWARD]
    assert same(metric.get_metrics(store, found)["x"], floats)
    program.communicate("end\n", timeout=60)
    assert same(metric.get_metrics(store, run.get(store, "r"))["x"], floats)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
RUNS = st.lists(
    st.tuples(st.sampled_from(["a", "b c", "é"]), JSON_VALUES, st.none() | st.integers(0, 9)),
    max_size=8,
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(points=RUNS)
def test_any_values_read_back_in_their_order(store, points):
    """R16 as a property: journal, catalogue, series."""
    record = run.start(store, "e")
    logged: dict[str, list[object]] = {}
    for name, value, step in points:
        metric.writer(store, record).value(name, MetricKind.SCALAR, value, step)
        logged.setdefault(name, []).append(value)
    live = {name: _plain(store, record, name) for name in logged}
    run.complete(store, record)
    ended = {name: _plain(store, record, name) for name in logged}
    for name, values in logged.items():
        assert same(live[name], ended[name])
        assert all(_alike(one, other) for one, other in zip(ended[name], values, strict=True))


def _plain(store, record, name):
    return metric.series(store, record, name).plain()


def _alike(found, logged):
    # whole numbers of a series with floats in it are floats
    return same(found, logged) or (
        type(logged) is int and type(found) is float and math.isclose(found, logged)
    )


def test_metrics_are_in_the_order_in_which_they_were_first_logged(store):
    others = run.start(store, "e")  # a name that another run had first has no other place
    for name in ("a", "loss", "z"):
        metric.writer(store, others).number(name, 1.0)
    run.complete(store, others)
    record = run.start(store, "e")
    writer = metric.writer(store, record)
    writer.number("z", 0.1)
    writer.value("matrix", MetricKind.LIST, [1, 2])
    writer.number("loss", 0.2)
    writer.value("text", MetricKind.SCALAR, "x")
    names = ["z", "matrix", "loss", "text"]
    assert list(metric.get_metrics(store, record)) == names
    ingest_live(store, writer)
    assert list(metric.get_metrics(store, record)) == names

    writer.value("rows", MetricKind.ROW, {"a": 1})
    writer.number("a", 0.3)
    writer.number("z", 0.4)
    writer.number("b", 0.5)
    names += ["rows", "a", "b"]
    assert list(metric.get_metrics(store, record)) == names
    run.complete(store, record)
    assert list(metric.get_metrics(store, record)) == names
    assert [head.name for head in metric.heads(store, [record])[record.key]] == names

    again = run.resume(store, run.fail(store, run.start(store, "e")))
    metric.writer(store, again).number("z", 0.6)
    run.fail(store, again)
    again = run.resume(store, again)
    metric.writer(store, again).number("b", 0.6)
    metric.writer(store, again).number("a", 0.6)
    run.complete(store, again)
    assert list(metric.get_metrics(store, again)) == ["z", "b", "a"]


def test_damaged_chunks_are_left_out_of_what_is_read_with_a_warning(store):
    record = run.start(store, "e")
    metric.writer(store, record).number("x", 1.0)
    run.complete(store, record)
    store.catalogue.transact(
        lambda connection: connection.execute(sa.update(chunks).values(data=b"x"))
    )

    with pytest.warns(QuarantineWarning, match="Damaged chunks of metric 'x' are left out: 1"):
        assert metric.get_metrics(store, record) == {}
    with pytest.warns(QuarantineWarning, match="Damaged"):
        assert metric.series(store, record, "x") is None


# Reading on from where one was: points behind those that are known, wherever they lie.


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
    real = JournalReader._bytes

    def noted(self, until):
        read.append(self.at)
        return real(self, until)

    monkeypatch.setattr(JournalReader, "_bytes", noted)
    assert metric.heads(store, [record])[record.key][0].count == 5_005
    assert min(read) >= 5_000 * 32


def test_a_bad_journal_hides_no_other(sqlite_store):
    store = sqlite_store
    record = run.start(store, "e")
    log(store, record, range(3))
    (store.journals / f"{record.key}-aaaaaaaaaaaa-0000.journal").mkdir()
    (store.journals / f"{record.key}-bbbbbbbbbbbb-0000.journal").write_bytes(b"\x04" * 640)
    assert len(tail(store, record, 0).points) == 3
