from __future__ import annotations

import json

import pytest

from aml_magics.errors import InvalidArgumentError
from aml_magics.sdk.data.dataset.dataset import Dataset
from aml_magics.services.data import dataset as datasets
from aml_magics.views.data.output import DATASET
from aml_magics.widgets import DatasetPreview


def hear(widget, content):
    widget._handle_custom_msg(content, [])


@pytest.fixture
def people(workspace, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("age,name\n41,Ada\n20,Bo\n")
    return Dataset.Tabular.from_delimited_files(str(path)).register(workspace, "people")


def test_a_preview_of_something_else_is_refused():
    with pytest.raises(InvalidArgumentError, match=r"takes a dataset, not str \('people'\)"):
        DatasetPreview("people")


def test_a_preview_holds_a_small_snapshot(sent, people):
    widget = DatasetPreview(people)
    state = widget.get_state()

    assert state["workspace"] == "lab"
    assert state["_snapshot"]["view"]["id"] == people.id == widget.dataset_id
    assert len(json.dumps(state["_snapshot"])) < 5_000
    assert repr(widget) == f"DatasetPreview('people', id='{people.id}')"


def test_the_output_has_a_form_for_each_front_end(sent, people):
    data, _ = DatasetPreview(people)._repr_mimebundle_()

    assert "widget" in data[DATASET]
    assert "Ada" in data["text/html"]
    assert "Ada" in data["text/plain"]


def test_a_preview_follows_nothing_and_answers(sent, people):
    widget = DatasetPreview(people)
    hear(widget, {"hello": {"token": None}})
    hear(widget, {"hello": {"quiet": True}})
    hear(
        widget,
        {"ask": 1, "kind": "dataset_rows", "question": {"dataset": people.id, "sort": "age"}},
    )
    hear(
        widget, {"ask": 2, "kind": "dataset_rows", "question": {"dataset": people.id, "sort": "x"}}
    )
    hear(widget, {"bye": True})

    assert sent.links() == ["still", "live"]
    assert sent.answer(1)["value"]["rows"] == ((20, "Bo"), (41, "Ada"))
    assert "no column 'x' to sort by" in sent.answer(2)["error"]
    assert not widget._thread.is_on


def test_a_dataset_that_is_not_registered_is_kept_to_be_asked_about(sent, people, workspace):
    widget = DatasetPreview(people.take(1))

    assert widget.dataset_id != people.id
    assert datasets.get_by_id(workspace.store, widget.dataset_id).name is None
