"""What is told of a run while it goes on: the whole of it first, then what changed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from aml_magics.errors import UsageError
from aml_magics.records.metric import MetricKind
from aml_magics.records.run import RunError
from aml_magics.services.run import artifact, metric, run
from aml_magics.services.run.log import log_path, process_log_path
from aml_magics.services.run.manage.edit import RunEdit, edit
from aml_magics.views.run.follow import RunSubscription, state_token
from aml_magics.views.run.run import run_view
from aml_magics.views.screen.registry import subscribe
from tests.services.conftest import eventually, kill
from tests.views.live_run import ended, log_numbers, started, told, updates

if TYPE_CHECKING:
    from aml_magics.store.store import Store
    from aml_magics.views.text.encoding import Event


def test_the_whole_view_comes_first_then_nothing_until_something_changes(store: Store) -> None:
    record = started(store, 3.0, 2.0)
    follow = subscribe(store, "run", {"run": record.id})
    first = told(follow)

    assert [message["type"] for message in first] == ["view"]
    assert first[0]["view"]["metrics"][0]["points"]["values"] == [3.0, 2.0]
    assert told(follow) == []
    assert not follow.is_over


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
