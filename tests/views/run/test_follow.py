from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from aml_magics.errors import UsageError
from aml_magics.records.metric import MetricKind
from aml_magics.records.run import RunError
from aml_magics.services.run import artifact, metric, run
from aml_magics.services.run.log import log_path, process_log_path
from aml_magics.services.run.manage.edit import RunEdit, edit
from aml_magics.store.catalogue import schema
from aml_magics.views.run.follow import RunSubscription, state_token
from aml_magics.views.run.run import run_view
from aml_magics.views.screen.registry import subscribe
from tests.services.conftest import eventually, kill
from tests.views.live_run import ended, log_numbers, started, told

if TYPE_CHECKING:
    from aml_magics.store.store import Store
    from aml_magics.views.text.encoding import Event


def updates(messages: list[Event]) -> list[Event]:
    return [message["update"] for message in messages if message["type"] == "update"]


def test_the_whole_view_comes_first_then_nothing_until_something_changes(store: Store) -> None:
    record = started(store, 3.0, 2.0)
    follow = subscribe(store, "run", {"run": record.id})
    first = told(follow)

    assert [message["type"] for message in first] == ["view"]
    assert first[0]["view"]["metrics"][0]["points"]["values"] == [3.0, 2.0]
    assert told(follow) == []
    assert not follow.is_over


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


def test_fields_are_told_when_they_change(store: Store) -> None:
    record = started(store)
    follow = RunSubscription(store, record.id)
    told(follow)
    run.set_tags(store, record, {"stage": "late"})
    run.add_params(store, record, {"depth": 3})
    edit(store, [record.id], RunEdit(name="other", description="why"))
    artifact.add_file(store, record, "a.txt", io.BytesIO(b"a"))
    log_path(store, record).write_text("one\n", encoding="utf-8")
    update = updates(told(follow))[0]

    assert update["tags"] == {"stage": "late"}
    assert update["params"] == {"depth": 3}
    assert (update["name"], update["description"]) == ("other", "why")
    assert update["files"] == [{"name": "a.txt", "size": 1}]
    assert (update["log_tail"], update["log_size"]) == (["one"], 4)


def test_logs_of_other_processes_are_told_as_they_grow(store: Store) -> None:
    record = started(store)
    follow = RunSubscription(store, record.id)
    told(follow)
    process_log_path(store, record, "1").write_text("one\n", encoding="utf-8")
    update = updates(told(follow))[0]

    assert update["logs"] == {"azureml-logs/70_driver_log_1.txt": 4}
    assert "log_size" not in update
    run.complete(store, record)
    assert updates(told(follow))[0]["logs"] == {}


def test_a_tag_of_the_same_length_is_a_change_too(sqlite_store: Store) -> None:
    store = sqlite_store
    record = started(store, tags={"stage": "aaa"})
    follow = RunSubscription(store, record.id)
    told(follow)
    run.set_tags(store, record, {"stage": "bbb"})

    assert updates(told(follow))[0]["tags"] == {"stage": "bbb"}


def test_children_are_told_and_their_time_alone_is_not(sqlite_store: Store) -> None:
    store = sqlite_store
    record = started(store)
    follow = RunSubscription(store, record.id)
    told(follow)
    child = run.start(store, "digits", parent=record)
    assert updates(told(follow))[0]["children"][0]["status"] == "Running"
    run.set_tags(store, record, {"x": "1"})
    assert "children" not in updates(told(follow))[0]
    run.complete(store, child)
    assert updates(told(follow))[0]["children"][0]["status"] == "Completed"


def test_a_run_that_ends_is_told_of_then_nothing_follows(store: Store) -> None:
    record = started(store, 1.0, 2.0)
    log_path(store, record).write_text("printed\n", encoding="utf-8")
    follow = RunSubscription(store, record.id)
    told(follow)
    run.fail(store, record, RunError("ValueError", "bad", "Traceback"))
    messages = ended(follow)
    last: Event = {}
    for update in updates(messages):
        last |= update

    assert messages[-1]["type"] == "end"
    assert (last["status"], last["is_terminal"], last["error"]["code"]) == (
        "Failed",
        True,
        "ValueError",
    )
    assert [file["name"] for file in last["files"]] == ["user_logs/std_log.txt"]
    assert told(follow) == []


def test_an_ended_run_is_told_whole_and_ends(sqlite_store: Store) -> None:
    store = sqlite_store
    record = run.complete(store, started(store, 1.0, 2.0))

    assert [one["type"] for one in told(RunSubscription(store, record.id))] == ["view", "end"]


def test_who_knows_the_state_is_not_told_it_again(sqlite_store: Store) -> None:
    store = sqlite_store
    record = started(store, 1.0, 2.0)
    artifact.add_file(store, record, "broken.json", io.BytesIO(b"{"))
    metric.writer(store, record).value("m", MetricKind.CONFUSION_MATRIX, "broken.json")
    token = told(RunSubscription(store, record.id))[0]["token"]
    again = RunSubscription(store, record.id, token)

    assert told(again) == []
    log_numbers(store, record, "loss", 3.0)
    message = told(again)[0]
    assert message["type"] == "update"
    assert message["update"]["metrics"][0]["points"]["values"] == [1.0, 2.0, 3.0]
    log_numbers(store, record, "loss", 4.0)
    assert updates(told(again))[0]["metrics"][0]["more"]["values"] == [4.0]
    assert [one["type"] for one in told(RunSubscription(store, record.id, token))] == ["view"]


def test_a_token_of_an_ended_run_brings_the_end_alone(sqlite_store: Store) -> None:
    store = sqlite_store
    record = run.complete(store, started(store, 1.0))
    token = told(RunSubscription(store, record.id))[0]["token"]

    assert [one["type"] for one in told(RunSubscription(store, record.id, token))] == ["end"]
    assert token == state_token(run_view(store, record.id))


def test_a_deleted_run_is_gone(store: Store) -> None:
    record = run.complete(store, started(store, 1.0))
    live = started(store, 1.0)
    follow = RunSubscription(store, live.id)
    told(follow)
    for gone in (record, live):
        store.catalogue.transact(
            lambda connection, key=gone.key: store.runs.delete(connection, [key])
        )

    assert told(follow)[0]["type"] == "gone"
    assert follow.is_over
    (message,) = told(RunSubscription(store, record.id))
    assert (message["type"], "may have been deleted" in message["message"]) == ("gone", True)


def test_a_resumed_run_goes_on(sqlite_store: Store) -> None:
    store = sqlite_store
    record = started(store, 1.0, 2.0)
    follow = RunSubscription(store, record.id)
    told(follow)
    run.fail(store, record)
    again = run.resume(store, record)
    log_numbers(store, again, "loss", 3.0)
    update = updates(told(follow))[0]

    assert update["attempt"] == 2
    # times count from the new start, so the points are told anew
    points = update["metrics"][0]["points"]
    assert points["values"] == [1.0, 2.0, 3.0]
    assert points["times"][0] < 0 <= points["times"][2]


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


def test_a_run_of_another_process_is_followed_and_its_kill_is_told(store: Store, scripts) -> None:
    writer = scripts.start("""
        record = run.start(store, "e", run_id="r")
        journal = metric.writer(store, record)
        for value in range(10):
            journal.number("loss", float(value))
        say("logged")
        input()
        for value in range(10, 20):
            journal.number("loss", float(value))
        say("more")
        time.sleep(600)
    """)
    writer.stdout.readline()
    follow = RunSubscription(store, "r")
    values = told(follow)[0]["view"]["metrics"][0]["points"]["values"]
    writer.stdin.write("\n")
    writer.stdin.flush()
    writer.stdout.readline()

    def all_there() -> bool:
        for update in updates(told(follow)):
            for change in update.get("metrics", []):
                values.extend(change["more"]["values"])
        return len(values) == 20

    eventually(all_there)
    kill(writer)
    last = updates(ended(follow))[-1]
    assert values == [float(value) for value in range(20)]
    assert last["status"] == "Failed"
    assert "is gone" in last["reason"]


def test_what_cannot_be_followed_is_refused(sqlite_store: Store) -> None:
    with pytest.raises(UsageError, match=r"cannot be followed\. Did you mean 'runs'"):
        subscribe(sqlite_store, "rums", {})
    with pytest.raises(UsageError, match="'run' is a text and must be given, not nothing"):
        subscribe(sqlite_store, "run", {})


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
