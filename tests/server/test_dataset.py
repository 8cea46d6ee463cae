"""Routes of datasets, from a real server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aml_magics.records.data.dataset import DatasetRecord, Definition, Location
from aml_magics.services.data import dataset

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aml_magics.store.store import Store
    from tests.fixtures.jupyter_server import JupyterServer, Reply

NAME = "people <b> & x"


@pytest.fixture
def people(shown_store: Store, tmp_path: Path) -> Iterator[DatasetRecord]:
    path = tmp_path / "people.csv"
    path.write_text("age,name\n41,Ada\n20,Bo\n65,Di\n")
    definition = Definition("tabular", (Location(str(path)),), "delimited")
    yield dataset.register(shown_store, definition, NAME)
    for name in dataset.names(shown_store):
        dataset.unregister(shown_store, name)


def test_datasets_are_listed(people: DatasetRecord, jupyter_server: JupyterServer) -> None:
    view = jupyter_server.question("datasets").json()

    assert [one["name"] for one in view["rows"]] == [NAME]
    assert len(view["datastores"]) >= 2


def test_a_dataset_is_found_by_name_and_by_id(
    people: DatasetRecord, jupyter_server: JupyterServer
) -> None:
    by_name = jupyter_server.question("dataset", dataset=NAME, version=1).json()
    by_id = jupyter_server.question("dataset", dataset=people.id).json()

    assert by_name == by_id
    assert by_id["head"]["rows"][0] == [41, "Ada"]
    assert jupyter_server.question("dataset", dataset="nothing").status == 404
    assert jupyter_server.question("dataset", dataset=people.id, version="x").status == 400


def test_rows_are_sorted_and_filtered(people: DatasetRecord, jupyter_server: JupyterServer) -> None:
    def rows(**asked: object) -> Reply:
        return jupyter_server.question("dataset_rows", dataset=people.id, **asked)

    page = rows(offset=0, limit=1, sort="age", descending=True, filter="age < 60").json()

    assert (page["rows"], page["count"]) == ([[41, "Ada"]], 2)
    assert rows(sort="x").status == 404
    assert rows(filter="(").status == 400


def test_a_profile_is_made_on_request(people: DatasetRecord, jupyter_server: JupyterServer) -> None:
    found = jupyter_server.question("dataset_profile", dataset=people.id, exact=True).json()

    assert (found["rows"], found["columns"][0]["low"]) == (3, 20)
    assert found["notices"] == []


def test_versions_are_compared(
    people: DatasetRecord, shown_store: Store, tmp_path: Path, jupyter_server: JupyterServer
) -> None:
    path = tmp_path / "new.csv"
    path.write_text("age\n1\n")
    definition = Definition("tabular", (Location(str(path)),), "delimited")
    other = dataset.register(shown_store, definition, NAME, create_new_version=True)
    found = jupyter_server.question("dataset_diff", dataset=people.id, other=other.id).json()

    assert (found["before"], found["after"]) == (1, 2)
    assert found["columns"][1]["changes"] == ["column is gone"]


def test_data_that_is_away_is_told_in_the_view(
    people: DatasetRecord, tmp_path: Path, jupyter_server: JupyterServer
) -> None:
    (tmp_path / "people.csv").unlink()
    view = jupyter_server.question("dataset", dataset=people.id).json()

    assert "people.csv" in view["problem"]
    assert view["rows"] == 3
    assert jupyter_server.question("dataset_rows", dataset=people.id).status == 404
