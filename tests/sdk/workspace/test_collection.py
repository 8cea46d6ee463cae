from __future__ import annotations

import pytest
from IPython.core.formatters import DisplayFormatter

from aml_magics.errors import StoreError
from tests.fixtures.services import put_service


def shown(value):
    """What a notebook gets of the last line of a cell."""
    return DisplayFormatter().format(value)[0]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("datasets", "dataset"),
        ("datastores", "workspaceblobstore"),
        ("experiments", "experiment"),
        ("models", "model"),
        ("webservices", "%aml deploy MODEL --entry score.py"),
    ],
)
def test_a_collection_draws_itself_as_its_command_does(workspace, name, words):
    bundle = shown(getattr(workspace, name))

    assert words in bundle["text/html"]
    assert bundle["text/plain"].startswith("{")  # Azure's form


def test_services_are_a_live_table(workspace):
    put_service(workspace.store)

    bundle = shown(workspace.webservices)

    assert "digits" in bundle["text/html"]
    assert "application/vnd.aml-magics.services+json" in bundle
    assert "AciWebservice(" in bundle["text/plain"]


def test_a_collection_of_a_store_that_is_away_is_shown_as_text(workspace, monkeypatch):
    def away(self):
        raise StoreError("away")

    monkeypatch.setattr(type(workspace.models), "_drawn", away)

    assert list(shown(workspace.models)) == ["text/plain"]
