"""Saved views are kept with the workspace; of two who change one, none overwrites the other unknowingly."""

from __future__ import annotations

import pytest

from aml_magics.errors import (
    AlreadyExistsError,
    EditConflictError,
    InvalidNameError,
    NotFoundError,
    UsageError,
)
from aml_magics.services.workspace import workspace
from aml_magics.services.workspace.saved_view import (
    LARGEST_STATE,
    delete_view,
    list_views,
    save_view,
)

STATE = {"columns": ["name", "metrics.größe"], "sort": None, "width": 1.5}


def names(store, kind="runs", scope=""):
    return [view.name for view in list_views(store, kind, scope)]


def test_views_are_listed_by_kind_and_scope_and_survive(store):
    save_view(store, "runs", "digits", "wide", STATE)
    save_view(store, "runs", "digits", "all", {})
    save_view(store, "runs", "", "wide", {})
    save_view(store, "compare", "digits", "other", {})

    workspace.close(store)
    store = workspace.open_named("test")

    assert names(store, scope="digits") == ["all", "wide"]
    assert names(store) == ["wide"]
    [_, wide] = list_views(store, "runs", "digits")
    assert (wide.version, '"metrics.größe"' in wide.state) == (1, True)
    workspace.close(store)


def test_a_view_is_replaced_by_whoever_saw_its_latest_version(store):
    first = save_view(store, "runs", "", "mine", {"a": 1}, version=0)
    second = save_view(store, "runs", "", "mine", {"a": 2}, version=first.version)

    assert second.version == 2
    with pytest.raises(EditConflictError, match="'mine' was changed or deleted"):
        save_view(store, "runs", "", "mine", {"a": 3}, version=first.version)
    with pytest.raises(AlreadyExistsError, match="a view 'mine' already"):
        save_view(store, "runs", "", "mine", {"a": 3}, version=0)
    assert save_view(store, "runs", "", "mine", {"a": 3}).version == 3
    assert list_views(store, "runs")[0].state == '{"a": 3}'


def test_a_view_is_deleted_once(store):
    save_view(store, "runs", "", "mine", {})

    delete_view(store, "runs", "", "mine")

    assert names(store) == []
    save_view(store, "runs", "", "mien", {})
    with pytest.raises(NotFoundError, match=r"no view 'mine'.*'mien'"):
        delete_view(store, "runs", "", "mine")
    with pytest.raises(EditConflictError):
        save_view(store, "runs", "", "mine", {}, version=1)


def test_bad_names_and_too_much_state_are_refused(store, monkeypatch):
    with pytest.raises(InvalidNameError, match="saved view"):
        save_view(store, "runs", "", " ", {})
    with pytest.raises(InvalidNameError):
        save_view(store, "runs", "", "two\nlines", {})
    with pytest.raises(UsageError, match="at most 256,000 characters"):
        save_view(store, "runs", "", "much", {"text": "x" * LARGEST_STATE})
    monkeypatch.setattr("aml_magics.services.workspace.saved_view.MOST_VIEWS", 1)
    save_view(store, "runs", "", "only", {})
    with pytest.raises(UsageError, match="1 views here already"):
        save_view(store, "runs", "", "more", {})
