from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.services.run import metric, run
from aml_magics.views.run import table_follow
from aml_magics.views.screen.registry import answer, subscribe
from tests.views.live_run import told

if TYPE_CHECKING:
    import pytest

    from aml_magics.store.store import Store


def _sweep(store: Store, depths: list[int]) -> list[str]:
    ids = []
    for depth in depths:
        record = run.start(store, "e", params={"depth": depth})
        metric.writer(store, record).number("loss", depth / 2)
        run.complete(store, record)
        ids.append(record.id)
    return ids


def test_a_table_shows_groups_and_the_runs_of_one(sqlite_store: Store) -> None:
    ids = _sweep(sqlite_store, [1, 2, 2, 3])
    query = {"by": "params.depth", "sort": "metrics.loss desc"}
    view = answer(sqlite_store, "runs", {"query": query})
    found = [(group["value"], group["count"]) for group in view["groups"]]
    assert found == [(3, 1), (2, 2), (1, 1)]
    assert (view["rows"], view["more"], view["metrics"]) == ((), 4, ("loss",))
    assert view["groups"][1]["metrics"]["loss"]["mean"] == 1.0
    key = {"by": "params.depth", "key": view["groups"][1]["key"]}
    rows = answer(sqlite_store, "runs", {"query": {"group": key}})["rows"]
    assert [row["id"] for row in rows] == [ids[2], ids[1]]


def test_all_ids_and_a_summary_are_of_the_whole(sqlite_store: Store) -> None:
    ids = _sweep(sqlite_store, list(range(120)))
    query = {"words": "depth", "limit": 5}
    assert answer(sqlite_store, "run_ids", {"query": query}) == {"ids": tuple(ids[::-1])}
    summary = answer(sqlite_store, "runs_summary", {"query": query})
    assert (summary["count"], summary["statuses"]) == (120, {"Completed": 120})
    assert (summary["metrics"]["loss"]["low"], summary["metrics"]["loss"]["high"]) == (0.0, 59.5)
    page = answer(sqlite_store, "runs", {"query": {"offset": 100, "limit": 10}, "offset": 5})
    assert [row["id"] for row in page["rows"]] == ids[::-1][105:115]


def test_groups_are_told_again_when_they_change(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_follow, "PAUSE", 0.0)
    _sweep(sqlite_store, [1, 2])
    following = subscribe(sqlite_store, "runs", {"query": {"by": "params.depth"}})
    (first,) = told(following)
    assert [group["count"] for group in first["view"]["groups"]] == [1, 1]
    assert [event["token"] for event in following.whole()] == [first["token"]]
    assert told(following) == []
    _sweep(sqlite_store, [2])
    (second,) = told(following)
    assert [group["count"] for group in second["view"]["groups"]] == [1, 2]
