"""What differs between two runs."""

from __future__ import annotations

import json

from aml_magics.records.diff import Change, RunDiff
from aml_magics.records.metric import MetricKind
from aml_magics.services.run import code_snapshot as snapshot
from aml_magics.services.run import metric, run
from aml_magics.services.run.diff import changes, compare_runs


def test_two_runs_differ_in_what_changed(store):
    first = run.start(store, "e", params={"lr": 0.1, "same": 1, "gone": 1}, tags={"t": "a"})
    second = run.start(store, "e", params={"lr": 0.2, "same": 1, "new": None}, tags={"t": "b"})
    metric.writer(store, first).number("acc", 0.5)
    metric.writer(store, second).number("acc", 0.7)
    run.complete(store, first)
    snapshot.put(
        store,
        first,
        {
            "source": "a\nb\nc",
            "packages": "numpy==1\nsame==1",
            "git": json.dumps({"commit": "1", "dirty": False}),
            "data": json.dumps({"x": "f1"}),
            "upstream": "u",
        },
    )
    snapshot.put(
        store,
        second,
        {
            "source": "a\nB\nc",
            "packages": "numpy==2\nsame==1",
            "git": json.dumps({"commit": "2", "dirty": False}),
            "data": "",
            "upstream": "u",
            "patch": "+x",
        },
    )
    found = compare_runs(store, first, second)
    names = (f"e-1 ({first.id[:8]})", f"e-2 ({second.id[:8]})")
    assert (found.first, found.second) == names
    assert found.params == [
        Change("lr", 0.1, 0.2),
        Change("gone", 1, None, has_after=False),
        Change("new", None, None, has_before=False),
    ]
    assert found.metrics == [Change("acc", 0.5, 0.7)]
    assert found.tags == [Change("t", "a", "b")]
    assert found.packages == [Change("numpy", "1", "2")]
    assert found.git == [Change("commit", "1", "2")]
    assert found.data == [Change("x", "f1", None, has_after=False)]
    assert found.code[:2] == [f"--- {names[0]}", f"+++ {names[1]}"]
    assert found.code[3:] == [" a", "-b", "+B", " c"]
    assert found.upstream == []
    assert found.patch[3:] == ["+", "++x"] or found.patch[-1] == "++x"


def test_runs_that_are_alike_do_not_differ(store):
    runs = [run.start(store, "e", params={"x": float("nan")}) for _ in range(2)]
    for one in runs:
        metric.writer(store, one).number("loss", float("nan"))
        snapshot.put(store, one, {"source": "x", "packages": "a==1"})
    for first, second in (runs, (runs[0], runs[0])):
        found = compare_runs(store, first, second)
        assert found == RunDiff(found.first, found.second)


def test_nan_is_the_same_as_nan_and_other_values_are_not():
    nan = float("nan")
    assert changes({"a": nan}, {"a": float("nan")}) == []
    assert [one.name for one in changes({"a": nan, "b": 1}, {"a": 1.0, "b": "1"})] == ["a", "b"]


def test_images_and_charts_are_no_difference(sqlite_store) -> None:
    first, second = (run.start(sqlite_store, "e") for _ in range(2))
    uri = metric.artifact_uri(first, "figure.png")
    metric.writer(sqlite_store, first).value("figure", MetricKind.IMAGE, uri)
    assert compare_runs(sqlite_store, first, second).metrics == []
