"""Saved views, asked as JSON."""

from __future__ import annotations

import pytest

from aml_magics.errors import EditConflictError, UsageError
from aml_magics.views.screen.registry import answer

STATE = {"columns": ["name"], "sort": None, "charts": [{"metrics": ["a", "b"]}]}


def test_a_view_is_saved_listed_and_deleted(store):
    new = {"kind": "runs", "scope": "digits", "name": "mine", "state": STATE, "version": 0}

    [saved] = answer(store, "save_view", new)["views"]

    assert (saved["name"], saved["version"], saved["state"]) == ("mine", 1, STATE)
    assert list(answer(store, "views", {"kind": "runs", "scope": "digits"})["views"]) == [saved]
    assert not answer(store, "views", {"kind": "runs"})["views"]
    [changed] = answer(store, "save_view", {**new, "version": 1, "state": {}})["views"]
    assert changed["version"] == 2
    with pytest.raises(EditConflictError):
        answer(store, "save_view", {**new, "version": 1})
    gone = answer(store, "delete_view", {"kind": "runs", "scope": "digits", "name": "mine"})
    assert not gone["views"]


def test_a_question_that_is_none_is_refused(sqlite_store):
    with pytest.raises(UsageError, match="'state'"):
        answer(sqlite_store, "save_view", {"kind": "runs", "name": "mine", "state": "text"})
    with pytest.raises(UsageError, match="'kind'"):
        answer(sqlite_store, "views", {"kind": ""})


def test_a_damaged_view_hides_no_other(sqlite_store):
    for name in ("bad", "good"):
        answer(sqlite_store, "save_view", {"kind": "runs", "name": name, "state": STATE})
    sqlite_store.catalogue.transact(
        lambda connection: connection.exec_driver_sql(
            "UPDATE saved_view SET state = '{' WHERE name = 'bad'"
        )
    )

    views = answer(sqlite_store, "views", {"kind": "runs"})["views"]

    assert [view["state"] for view in views] == [{}, STATE]
