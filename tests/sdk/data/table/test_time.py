"""Which columns hold moments, as far as nothing is read for it."""

from __future__ import annotations

import pytest

from aml_magics import Workspace
from aml_magics.errors import InvalidDatasetError
from aml_magics.sdk.data.dataset.dataset import Dataset


@pytest.mark.parametrize("column", [5, "", ["date"]])
def test_a_timestamp_column_is_a_name(column, tmp_path):
    Workspace.create("w")
    dataset = Dataset.Tabular.from_delimited_files(str(tmp_path / "x.csv"), validate=False)
    with pytest.raises(InvalidDatasetError, match="takes names of columns, or None, not"):
        dataset.with_timestamp_columns(column)
    with pytest.raises(InvalidDatasetError, match="takes names of columns, or None, not"):
        dataset.with_timestamp_columns("date", column)
