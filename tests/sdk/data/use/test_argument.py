"""What a script cannot be given."""

from __future__ import annotations

import pytest

from aml_magics.errors import SubmissionError
from aml_magics.sdk.data.dataset.dataset import Dataset
from aml_magics.sdk.data.use.argument import checked_inputs, word_of


def test_a_datastore_without_a_path_is_refused(datastore):
    with pytest.raises(
        SubmissionError, match=r"'workspaceblobstore' cannot be given .*path\('folder'\)"
    ):
        word_of(datastore)
    with pytest.raises(SubmissionError, match=r"'workspaceblobstore' cannot be given"):
        checked_inputs([datastore])


def test_inputs_are_a_list(datastore, tmp_path):
    (tmp_path / "x.csv").write_text("a\n1\n")
    dataset = Dataset.Tabular.from_delimited_files(str(tmp_path / "x.csv"))
    with pytest.raises(
        SubmissionError, match=r"inputs is a list of data, .* not DatasetConsumption"
    ):
        checked_inputs(dataset.as_named_input("x"))
    with pytest.raises(SubmissionError, match=r"write dataset\.as_named_input"):
        checked_inputs(dataset)
    with pytest.raises(SubmissionError, match=r"inputs has data, .* not NoneType \(None\)"):
        checked_inputs([None])
    assert len(checked_inputs((datastore.path("x"),))) == 1
