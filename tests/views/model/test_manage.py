"""What a screen changes of models."""

from __future__ import annotations

import pytest

from aml_magics.errors import EditConflictError, ModelInUseError, ModelNotFoundError
from aml_magics.views.screen.registry import QUESTIONS, answer


def test_a_version_is_changed_in_all_that_is_given(sqlite_store, digits):
    now = answer(
        sqlite_store,
        "update_model",
        {
            "model": "digits:2",
            "description": "new",
            "was": "number 2",
            "tags": {"team": None, "a": "1"},
            "properties": {"origin": "lab"},
            "stage": "Production",
            "aliases": ["champion", "best"],
        },
    )

    assert (now["description"], now["tags"], now["properties"], now["stage"]) == (
        "new",
        {"a": "1"},
        {"origin": "lab"},
        "Production",
    )
    assert sorted(now["aliases"]) == ["best", "champion"]
    now = answer(sqlite_store, "update_model", {"model": "digits:2", "aliases": ["best"]})
    assert list(now["aliases"]) == ["best"]


def test_notes_of_another_are_not_written_over(sqlite_store, digits):
    with pytest.raises(EditConflictError, match="changed meanwhile to 'number 2'"):
        answer(
            sqlite_store,
            "update_model",
            {"model": "digits:2", "description": "new", "was": "before"},
        )


def test_files_of_a_run_become_the_next_version(sqlite_store, digits):
    made = answer(
        sqlite_store,
        "register_model",
        {"run": digits[0].run_id, "path": "outputs/", "name": "digits"},
    )

    assert made == {"id": "digits:3", "name": "digits", "version": 3}


def test_a_version_in_use_is_not_deleted(sqlite_store, digits):
    with pytest.raises(ModelInUseError, match="'scorer'"):
        answer(sqlite_store, "delete_model", {"model": "digits:2"})
    assert answer(sqlite_store, "delete_model", {"model": "digits:1"})["id"] == "digits:1"
    with pytest.raises(ModelNotFoundError):
        answer(sqlite_store, "model", {"model": "digits:1"})


def test_what_changes_models_is_authorized_as_a_write():
    changing = ("update_model", "register_model", "delete_model")
    assert all(QUESTIONS.get(kind).changes for kind in changing)
