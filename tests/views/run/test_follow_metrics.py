"""What is told of a run's metrics: new points alone, once and in order."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import sqlalchemy as sa

from aml_magics.records.metric import MetricKind
from aml_magics.services.run import metric, run
from aml_magics.store.catalogue import schema
from aml_magics.views.run.follow import RunSubscription
from aml_magics.views.run.run import run_view
from aml_magics.views.screen.registry import subscribe
from tests.views.live_run import ended, log_numbers, started, told, updates

if TYPE_CHECKING:
    from aml_magics.store.store import Store


def test_metrics_keep_the_order_of_their_first_logging_live_and_later(
    sqlite_store: Store,
) -> None:
    store = sqlite_store
    record = started(store, 1.0, name="z")
    follow = RunSubscription(store, record.id)
    told(follow)
    for name in ("system/cpu", "m", "a", "z", "B"):
        log_numbers(store, record, name, 1.0)
    told(follow)
    [live] = follow.whole()
    names = [one["name"] for one in live["view"]["metrics"]]
    run.complete(store, record)
    told(follow)

    assert names == ["z", "system/cpu", "m", "a", "B"]
    assert [one.name for one in run_view(store, record.id).metrics] == [
        *("z", "m", "a", "B", "system/cpu")
    ]
    again = RunSubscription(store, record.id)
    token = told(again)[0]["token"]
    assert [one["type"] for one in told(RunSubscription(store, record.id, token))] == ["end"]


def test_only_new_points_are_told(store: Store) -> None:
    record = started(store, 3.0, 2.0)
    follow = RunSubscription(store, record.id)
    told(follow)
    log_numbers(store, record, "loss", 1.0, 0.5)
    (message,) = told(follow)
    change = message["update"]["metrics"][0]

    assert set(message["update"]) == {"metrics", "elapsed"}
    assert (change["more"]["values"], change["more"]["steps"]) == ([1.0, 0.5], [2, 3])
    assert (change["points"], change["count"], change["last"]) == (None, 4, 0.5)
    assert told(follow) == []


def test_points_are_told_once_while_they_move_into_the_catalogue(sqlite_store: Store) -> None:
    store = sqlite_store
    record = started(store, 0.0, 1.0)
    follow = RunSubscription(store, record.id)
    values = told(follow)[0]["view"]["metrics"][0]["points"]["values"]
    for number in range(2, 3_000):
        log_numbers(store, record, "loss", float(number))
        if number % 7 == 0:
            for update in updates(told(follow)):
                values += update["metrics"][0]["more"]["values"]
    run.complete(store, record)
    for update in updates(ended(follow)):
        for change in update.get("metrics", []):
            values += change["more"]["values"]

    assert values == [float(number) for number in range(3_000)]


def test_more_than_two_thousand_new_points_come_thinned_and_whole(sqlite_store: Store) -> None:
    store = sqlite_store
    record = started(store, 0.0, 1.0)
    follow = RunSubscription(store, record.id)
    told(follow)
    log_numbers(store, record, "loss", *map(float, range(5_000)))
    change = updates(told(follow))[0]["metrics"][0]

    assert change["more"] is None
    assert change["count"] == 5_002
    assert len(change["points"]["values"]) <= 2_000
    assert change["points"]["values"][-1] == 4_999.0


def test_a_second_point_makes_a_curve(sqlite_store: Store) -> None:
    store = sqlite_store
    record = started(store, 1.0)
    follow = RunSubscription(store, record.id)

    assert told(follow)[0]["view"]["metrics"][0]["points"] is None
    log_numbers(store, record, "loss", 2.0)
    assert updates(told(follow))[0]["metrics"][0]["points"]["values"] == [1.0, 2.0]


def test_what_is_not_finite_is_told_in_words(sqlite_store: Store) -> None:
    store = sqlite_store
    record = started(store, 1.0, 2.0)
    follow = RunSubscription(store, record.id)
    told(follow)
    log_numbers(store, record, "loss", math.nan, math.inf, -math.inf, 2**60)
    change = updates(told(follow))[0]["metrics"][0]

    assert change["more"]["values"] == ["NaN", "Infinity", "-Infinity", float(2**60)]


def test_rows_of_a_table_follow_each_other(sqlite_store: Store) -> None:
    store = sqlite_store
    record = started(store)
    journal = metric.writer(store, record)
    journal.value("t", MetricKind.ROW, {"a": 1})
    follow = RunSubscription(store, record.id)
    told(follow)
    journal.value("t", MetricKind.ROW, {"a": 2, "b": 3})
    table = updates(told(follow))[0]["metrics"][0]["table"]

    assert table == {"columns": ["a", "b"], "rows": [[1, None], [2, 3]], "count": 2}


def test_all_images_are_named_when_one_is_added(sqlite_store: Store) -> None:
    store = sqlite_store
    record = started(store)
    journal = metric.writer(store, record)
    for name in ("1.png", "2.png"):
        journal.value("plot", MetricKind.IMAGE, name)
    token = told(RunSubscription(store, record.id))[0]["token"]
    follow = RunSubscription(store, record.id, token)
    assert told(follow) == []
    journal.value("other", MetricKind.IMAGE, "3.png")

    assert updates(told(follow))[0]["images"] == ["1.png", "2.png", "3.png"]


def test_only_the_first_hundred_metrics_have_points(sqlite_store: Store) -> None:
    store = sqlite_store
    record = started(store)
    for number in range(102):
        log_numbers(store, record, f"m{number}", 1.0, 2.0)
    follow = RunSubscription(store, record.id)
    view = told(follow)[0]["view"]
    assert sum(one["points"] is not None for one in view["metrics"]) == 100
    for number in range(102):
        log_numbers(store, record, f"m{number}", 3.0)
    changes = {one["name"]: one for one in updates(told(follow))[0]["metrics"]}

    assert len(changes) == 102
    assert changes["m99"]["more"]["values"] == [3.0]
    assert (changes["m101"]["more"], changes["m101"]["points"]) == (None, None)
    assert changes["m101"]["last"] == 3.0


def test_a_damaged_stretch_hides_nothing_else(sqlite_store: Store) -> None:
    store = sqlite_store
    record = run.complete(store, started(store, 1.0, 2.0))
    good = started(store, 1.0, 2.0, name="acc")
    log_numbers(store, good, "loss", 1.0, 2.0)
    run.complete(store, good)
    loss = sa.select(schema.name.c.key).where(schema.name.c.text == "loss").scalar_subquery()
    store.catalogue.transact(
        lambda connection: connection.execute(
            sa.update(schema.chunk).where(schema.chunk.c.name == loss).values(data=b"damaged")
        )
    )
    view = told(RunSubscription(store, good.id))[0]["view"]
    metrics = {one["name"]: one for one in view["metrics"]}

    assert metrics["acc"]["points"]["values"] == [1.0, 2.0]
    assert metrics["loss"]["points"] is None
    assert "stretches of metric 'loss' are damaged" in view["warnings"][0]
    assert told(RunSubscription(store, record.id))[0]["view"]["metrics"][0]["last"] == 2.0


def test_a_damaged_value_hides_nothing_else(sqlite_store: Store) -> None:
    store = sqlite_store
    record = started(store, 1.0, name="acc")
    metric.writer(store, record).value("note", MetricKind.SCALAR, "text")
    run.complete(store, record)
    store.catalogue.transact(
        lambda connection: connection.execute(
            sa.update(schema.metric).where(schema.metric.c.text.is_not(None)).values(text="{")
        )
    )
    view = told(RunSubscription(store, record.id))[0]["view"]

    assert [(one["name"], one["last"]) for one in view["metrics"]] == [("acc", 1.0), ("note", None)]
    assert "'note' cannot be shown" in view["warnings"][0]


def test_points_that_were_told_are_not_kept_in_memory(sqlite_store: Store) -> None:
    store = sqlite_store
    record = started(store, *range(1_000))
    follow = subscribe(store, "run", {"run": record.id})
    assert isinstance(follow, RunSubscription)
    assert len(told(follow)[0]["view"]["metrics"][0]["points"]["values"]) == 1_000
    log_numbers(store, record, "accuracy", *range(1_000))
    told(follow)

    assert follow._view is not None
    assert [one.count for one in follow._view.metrics] == [1_000, 1_000]
    assert [one.points for one in (*follow._view.metrics, *follow._metrics.views)] == [None] * 4
