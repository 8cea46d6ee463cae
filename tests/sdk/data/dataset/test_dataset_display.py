from __future__ import annotations

from pathlib import Path

import pytest

from aml_magics.errors import StoreUnavailableError
from aml_magics.sdk.data.dataset.dataset import Dataset
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.views.data.output import DATASET


@pytest.fixture
def workspace():
    return Workspace.create("shown")


@pytest.fixture
def made(workspace):
    Path("people.csv").write_text("name,age\nAda,36\n<b>Bob</b>,41\n")
    return Dataset.Tabular.from_delimited_files("people.csv")


def test_a_registered_dataset_is_shown_with_its_rows(workspace, made):
    bundle = made.register(workspace, "people")._repr_mimebundle_()
    assert DATASET in bundle
    assert "Ada" in bundle["text/html"]
    assert "<b>Bob" not in bundle["text/html"]
    assert "text/plain" not in bundle


def test_of_a_dataset_that_is_not_registered_nothing_is_read(workspace, made):
    Path("people.csv").unlink()
    assert made._repr_mimebundle_() is None
    assert "not registered" in made._repr_html_()


def test_a_dataset_whose_files_are_gone_is_shown_with_the_reason(workspace, made):
    registered = made.register(workspace, "people")
    Path("people.csv").unlink()
    assert "people.csv" in registered._repr_mimebundle_()["text/html"]


def test_while_the_store_is_away_its_handle_is_shown(workspace, made, monkeypatch):
    registered = made.register(workspace, "people")

    def away():
        raise StoreUnavailableError("The database does not answer.")

    monkeypatch.setattr(workspace.store.catalogue, "read", away)
    assert registered._repr_mimebundle_() is None
    assert "people" in registered._repr_html_()
