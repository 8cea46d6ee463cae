"""What runs now, in all workspaces of a user."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from aml_magics.server import activity
from aml_magics.server.activity import Activity, ActivitySubscription, used_lately
from aml_magics.server.executor import executor_of, home_executor
from aml_magics.server.feed import Feeds
from aml_magics.services.run import run
from aml_magics.services.run.manage import deletion
from aml_magics.services.run.manage.edit import RunEdit, edit
from aml_magics.services.workspace import workspace as workspaces
from aml_magics.services.workspace.workspace import list_workspaces
from tests.services.conftest import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aml_magics.store.store import Store
    from tests.fixtures.jupyter_server import JupyterServer

PATIENCE = 120.0


def told(follower: ActivitySubscription) -> list[dict[str, Any]]:
    follower._next_read = 0.0
    return follower.next()


@pytest.fixture
def two_stores() -> Iterator[list[Store]]:
    stores = [workspaces.create(name) for name in ("one", "two")]
    yield stores
    for store in stores:
        workspaces.close(store)


def test_the_first_event_comes_at_once_though_nothing_runs(two_stores: list[Store]) -> None:
    follower = ActivitySubscription()
    (event,) = told(follower)

    assert (event["type"], event["runs"]) == ("activity", [])
    assert told(follower) == []


def test_runs_of_all_workspaces_are_told_until_they_end(two_stores: list[Store]) -> None:
    one, two = two_stores
    follower = ActivitySubscription()
    told(follower)
    first, second = run.start(one, "a"), run.start(two, "b")
    (event,) = told(follower)
    assert {(found["workspace"], found["id"]) for found in event["runs"]} == {
        ("one", first.id),
        ("two", second.id),
    }
    assert follower.whole() == [event]
    run.fail(one, first)
    (event,) = told(follower)

    assert [found["id"] for found in event["runs"]] == [second.id]
    assert told(follower) == []


def test_edits_of_ended_runs_are_told(two_stores: list[Store]) -> None:
    store = two_stores[0]
    ended, live = run.complete(store, run.start(store, "a")), run.start(store, "a")
    follower = ActivitySubscription()
    assert [event["edits"] for event in told(follower)] == [[]]
    seen: list[dict[str, Any]] = []
    changes: list[Callable[[], object]] = [
        lambda: edit(store, [ended.id], RunEdit(name="new")),
        lambda: run.set_tags(store, ended, {"a": "b"}),
        lambda: run.remove_tags(store, ended, ["a"]),
        lambda: deletion.delete(store, [ended.id]),
        lambda: deletion.restore(store, [ended.id]),
    ]
    for change in changes:
        change()
        (event,) = told(follower)
        (found,) = event["edits"]
        assert (found["workspace"], found["id"]) == ("one", ended.id)
        assert not seen or found["time"] > seen[-1]["time"]
        seen.append(found)
    edit(store, [live.id], RunEdit(name="newer"))

    assert told(follower) == []  # who follows the run is told
    run.complete(store, live)


def test_who_knows_what_runs_is_not_told_it_again(two_stores: list[Store]) -> None:
    run.start(two_stores[0], "a")
    (event,) = told(ActivitySubscription())
    follower = ActivitySubscription(event["token"])

    assert told(follower) == []
    assert follower.whole()[0]["runs"][0]["id"] == event["runs"][0]["id"]


def test_a_workspace_that_does_not_answer_keeps_no_other_waiting(
    two_stores: list[Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = two_stores
    first, second = run.start(one, "a"), run.start(two, "b")
    answers, look = threading.Event(), ActivitySubscription._read

    def slow(self: ActivitySubscription, folder: Path, **of: Any) -> Any:
        if folder == one.folder:
            answers.wait(60)
        return look(self, folder, **of)

    monkeypatch.setattr(ActivitySubscription, "_read", slow)
    monkeypatch.setattr(activity, "PATIENCE", 1.0)
    follower = ActivitySubscription()
    assert [found["id"] for found in told(follower)[0]["runs"]] == [second.id]
    assert told(follower) == []
    answers.set()
    eventually(lambda: told(follower))

    assert {found["id"] for found in follower.whole()[0]["runs"]} == {first.id, second.id}


def test_a_broken_workspace_hides_no_other(two_stores: list[Store]) -> None:
    one, two = two_stores
    record = run.start(two, "b")
    (one.folder / "catalogue.db").write_bytes(b"no database" * 1_000)
    workspaces.close(one)
    running = told(ActivitySubscription())[0]["runs"]

    assert [found["id"] for found in running] == [record.id]


def test_workspaces_of_long_ago_are_not_opened(two_stores: list[Store]) -> None:
    one, two = two_stores
    for path in (*one.folder.iterdir(), one.folder):
        os.utime(path, (1, 1))

    assert list(used_lately(time.time())) == [two.folder]


def test_it_is_streamed(shown_store: Store, jupyter_server: JupyterServer) -> None:
    with jupyter_server.events("activity") as stream:
        events = iter(stream)
        assert next(events).name == "activity"
        record = run.start(shown_store, "digits")
        event = next(events)
        assert [one["id"] for one in event.data["runs"]] == [record.id]
        assert event.id == event.data["token"]
        run.complete(shown_store, record)
        assert next(events).data["runs"] == []


def test_a_database_that_does_not_answer_keeps_no_question_waiting(
    two_stores: list[Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = two_stores
    runs = run.start(two, "b")
    asked, answers, look = threading.Event(), threading.Event(), ActivitySubscription._read
    looks: list[Path] = []

    def silent(self: ActivitySubscription, folder: Path, **of: Any) -> Any:
        looks.append(folder)
        if folder == one.folder:
            asked.set()
            answers.wait(PATIENCE)
        return look(self, folder, **of)

    monkeypatch.setattr(ActivitySubscription, "_read", silent)
    monkeypatch.setattr(activity, "PATIENCE", PATIENCE)

    async def work() -> None:
        feeds = Feeds()
        joining = [asyncio.ensure_future(feeds.join(Activity(), None)) for _ in range(8)]
        await asyncio.to_thread(asked.wait, PATIENCE)
        # the listeners wait for it; who asks for anything else does not
        assert await home_executor.run(lambda: [found.name for found in list_workspaces()]) == [
            "one",
            "two",
        ]
        assert await executor_of("two").run(lambda store: store.record.name) == "two"
        assert not any(one.done() for one in joining)
        answers.set()
        for listener in await asyncio.gather(*joining):
            assert runs.id in (await listener.next() or b"").decode()
            listener.leave()

    asyncio.run(asyncio.wait_for(work(), PATIENCE))
    assert looks.count(one.folder) == 1
