"""What a screen changes of runs, asked as JSON."""

from __future__ import annotations

import pytest

from aml_magics.errors import EditConflictError, RunNotFoundError, RunStateError, UsageError
from aml_magics.services.run import run
from aml_magics.views.run.query import RunQuery
from aml_magics.views.run.table_follow import RunTableSubscription
from aml_magics.views.screen.registry import answer


def begun(store, name, **more):
    return run.complete(store, run.start(store, "e", name=name, **more))


def test_one_run_is_changed_in_all_that_is_given(sqlite_store):
    record = begun(sqlite_store, "before", tags={"a": "1", "b": "2"})

    now = answer(
        sqlite_store,
        "update_run",
        {
            "run": record.id,
            "name": "after",
            "description": "why",
            "tags": {"a": None, "c": "3"},
            "starred": True,
            "was": {"name": "before"},
        },
    )

    assert now == {
        "id": record.id,
        "name": "after",
        "description": "why",
        "tags": {"b": "2", "c": "3"},
        "starred": True,
        "archived": False,
    }
    with pytest.raises(EditConflictError, match="changed meanwhile to 'after'"):
        answer(
            sqlite_store,
            "update_run",
            {"run": record.id, "name": "other", "was": {"name": "before"}},
        )


def test_several_runs_are_marked_deleted_and_restored(sqlite_store):
    ids = [begun(sqlite_store, name).id for name in "ab"]

    marked = answer(sqlite_store, "update_runs", {"runs": ids, "archived": True})
    assert [one["archived"] for one in marked["runs"]] == [True, True]

    gone = answer(sqlite_store, "delete_runs", {"runs": ids})
    assert (list(gone["runs"]), gone["count"], gone["until"][:2]) == (ids, 2, "20")
    listed = answer(sqlite_store, "deleted_runs", {})["runs"]
    assert [one["name"] for one in listed] == ["b", "a"]
    assert listed[0]["until"] == gone["until"]

    back = answer(sqlite_store, "restore_runs", {"runs": ids})
    assert [one["id"] for one in back["runs"]] == ids


def test_what_cannot_be_done_is_said(sqlite_store):
    live = run.start(sqlite_store, "e", name="live")

    with pytest.raises(RunStateError, match="'live' is Running and cannot be deleted"):
        answer(sqlite_store, "delete_runs", {"runs": [live.id]})
    with pytest.raises(RunNotFoundError):
        answer(sqlite_store, "restore_runs", {"runs": ["nowhere"]})
    with pytest.raises(UsageError, match="'tags'"):
        answer(sqlite_store, "update_run", {"run": live.id, "tags": ["a"]})


def test_a_live_table_is_told_of_changes_and_deletions(store, monkeypatch):
    monkeypatch.setattr("aml_magics.views.run.table_follow.PAUSE", 0.0)
    ids = [begun(store, name).id for name in "abc"]
    table = RunTableSubscription(store, RunQuery())
    assert len(table.next()[0]["view"]["rows"]) == 3

    answer(store, "update_run", {"run": ids[0], "name": "named", "starred": True})
    [event] = told(table)
    assert [(row["name"], row["starred"]) for row in event["rows"]] == [("named", True)]

    answer(store, "delete_runs", {"runs": ids[:1]})
    assert told(table)[0]["removed"] == ids[:1]
    answer(store, "update_runs", {"runs": ids[1:2], "archived": True})
    assert told(table)[0]["removed"] == ids[1:2]
    answer(store, "restore_runs", {"runs": ids[:1]})
    assert [row["name"] for row in told(table)[0]["rows"]] == ["named"]


def told(table):
    """The next events; the file of SQLite says only a moment later that it has changed."""
    while not (events := table.next()):
        pass
    return events
