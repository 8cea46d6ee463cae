from __future__ import annotations

import pandas as pd

from aml_magics.records.data.dataset import Definition, Location
from aml_magics.services.data import dataset


def test_datasets_are_listed_by_name(ask, workspace, tmp_path):
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    table = Definition("tabular", (Location(str(tmp_path / "a.csv")),), "delimited")
    dataset.register(workspace.store, table, "table", description="of <b>numbers</b>")
    dataset.register(workspace.store, Definition("file", table.locations), "files")
    answer = ask(workspace, "datasets")
    frame = answer.value.set_index("name")

    assert list(frame.index) == ["files", "table"]
    assert frame.loc["table", ["version", "rows", "columns", "files", "size"]].tolist() == [
        1,
        1,
        2,
        1,
        8,
    ]
    assert pd.isna(frame.loc["files", "rows"])
    assert str(frame["created"].dt.tz) == "UTC"
    assert "table" in answer.text
    assert "<b>" not in answer.html


def test_no_datasets_give_an_empty_frame(ask, workspace):
    answer = ask(workspace, "datasets")

    assert len(answer.value) == 0
    assert list(answer.value.columns)[:2] == ["name", "version"]
    assert "No datasets yet" in answer.text
