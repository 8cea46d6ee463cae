"""What runs now, in all workspaces of a user."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from aml_magics.server import activity
from aml_magics.server.activity import ActivityTeller, used_lately
from aml_magics.services import run
from aml_magics.services import workspace as workspaces
from aml_magics.store.schema import run as table
from tests.services.conftest import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aml_magics.store.store import Store
    from tests.fixtures.jupyter_server import JupyterServer


def told(teller: ActivityTeller) -> list[dict[str, object]]:
    teller._next_look = 0.0
    return teller.next()


@pytest.fixture
def two_stores() -> Iterator[list[Store]]:
    stores = [workspaces.create(name) for name in ("one", "two")]
    yield stores
    for store in stores:
        workspaces.forget(store)


def test_the_first_event_comes_at_once_though_nothing_runs(two_stores: list[Store]) -> None:
    teller = ActivityTeller()
    (event,) = told(teller)

    assert (event["type"], event["running"], event["finished"]) == ("activity", [], [])
    assert told(teller) == []


def test_runs_of_all_workspaces_are_told_and_how_they_ended(two_stores: list[Store]) -> None:
    one, two = two_stores
    teller = ActivityTeller()
    told(teller)
    first, second = run.start(one, "a"), run.start(two, "b")
    running = told(teller)[0]["running"]
    assert {(found["workspace"], found["id"]) for found in running} == {
        ("one", first.id),
        ("two", second.id),
    }
    run.fail(one, first)
    (event,) = told(teller)

    assert [found["id"] for found in event["running"]] == [second.id]
    assert [(found["id"], found["status"], found["reason"]) for found in event["finished"]] == [
        (first.id, "Failed", "")
    ]
    assert told(teller) == []


def test_a_run_that_ended_while_nobody_listened_is_told(two_stores: list[Store]) -> None:
    store = two_stores[0]
    record = run.start(store, "a")
    token = str(told(ActivityTeller())[0]["token"])
    run.complete(store, record)

    assert told(ActivityTeller(token))[0]["finished"][0]["id"] == record.id
    assert told(ActivityTeller())[0]["finished"] == []
    for other in ("nonsense", "\u00b2", "nan", "inf", "-1e999", "9" * 400):
        assert told(ActivityTeller(other))[0]["finished"] == []


def test_a_run_whose_end_is_committed_after_a_look_is_told(two_stores: list[Store]) -> None:
    store = two_stores[0]
    record = run.start(store, "a")
    teller = ActivityTeller()
    teller._begun -= 60
    told(teller)
    run.complete(store, record)
    before = sa.update(table).where(table.c.key == record.key).values(ended=time.time() - 2)
    store.catalogue.transact(lambda connection: connection.execute(before))

    assert [one["id"] for one in told(teller)[0]["finished"]] == [record.id]
    assert told(teller) == []


def test_a_workspace_that_does_not_answer_keeps_no_other_waiting(
    two_stores: list[Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = two_stores
    first, second = run.start(one, "a"), run.start(two, "b")
    answers, look = threading.Event(), ActivityTeller._look

    def slow(self: ActivityTeller, folder: Path, *of: Any) -> Any:
        if folder == one.folder:
            answers.wait(60)
        return look(self, folder, *of)

    monkeypatch.setattr(ActivityTeller, "_look", slow)
    monkeypatch.setattr(activity, "PATIENCE", 1.0)
    teller = ActivityTeller()
    assert [found["id"] for found in told(teller)[0]["running"]] == [second.id]
    run.complete(one, first)
    assert told(teller) == []
    answers.set()
    eventually(lambda: not told(teller) and not teller._looks)

    assert [ending[1] for ending in teller._endings] == [first.id]


def test_a_broken_workspace_hides_no_other(two_stores: list[Store]) -> None:
    one, two = two_stores
    record = run.start(two, "b")
    (one.folder / "catalogue.db").write_bytes(b"no database" * 1_000)
    workspaces.forget(one)
    running = told(ActivityTeller())[0]["running"]

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
        assert [one["id"] for one in event.data["running"]] == [record.id]
        assert event.id == event.data["token"]
        run.complete(shown_store, record)
        finished = next(events).data["finished"]
        assert [(one["id"], one["status"]) for one in finished] == [(record.id, "Completed")]
