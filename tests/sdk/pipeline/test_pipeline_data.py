"""Data of steps, and parameters, refuse what they cannot be."""

from __future__ import annotations

import pytest

from aml_magics.errors import PipelineError, SubmissionError
from aml_magics.sdk.data.store.path import DataPath
from aml_magics.sdk.pipeline.parameter import PipelineParameter, written_value
from aml_magics.sdk.pipeline.pipeline_data import PipelineData
from aml_magics.sdk.pipeline.port import InputPortBinding


def test_its_text_stands_for_its_path(datastore):
    data = PipelineData("data", datastore, output_name="out", data_type="text")
    assert str(data) == "$AZUREML_DATAREFERENCE_data"
    assert data.get_env_variable_name() == "$AZUREML_DATAREFERENCE_out"
    assert (data.name, data.datastore, data.data_type) == ("data", datastore, "text")
    assert repr(data) == "PipelineData(name='data')"


def test_a_binding_has_a_name_and_a_mode_of_its_own():
    data = PipelineData("data", data_type="t")
    bound = data.as_download("in", "here", overwrite=True)
    assert (bound.name, bound.bind_mode, bound.path_on_compute) == ("in", "download", "here")
    assert (bound.get_bind_object_name(), bound.get_bind_object_data_type()) == ("data", "t")
    assert bound.as_resource() is bound
    assert str(data.as_input("in")) == "$AZUREML_DATAREFERENCE_in"


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: PipelineData("a", datastore="blob"), "lies in a datastore, such as"),
        (lambda: PipelineData("a", output_mode="link"), "output_mode of PipelineData is"),
        (lambda: InputPortBinding("a", bind_mode="fast"), "mode of a step's input is"),
        (lambda: PipelineParameter("a b", 1), "letters, digits and '_'"),
        (lambda: PipelineParameter("a", [1]), "a DataPath or a dataset, not"),
        (lambda: PipelineParameter("a", float("inf")), "a finite number"),
    ],
)
def test_what_cannot_be_is_refused(make, match):
    with pytest.raises(PipelineError, match=match):
        make()


def test_a_name_must_be_a_folders():
    with pytest.raises(SubmissionError, match="letters, digits"):
        PipelineData("a/b")


def test_values_of_parameters_are_plain(workspace, datastore):
    path = DataPath(datastore, "in")
    assert written_value(workspace, path) == {"datastore": datastore.name, "path": "in"}
    assert written_value(workspace, True) is True
    with pytest.raises(PipelineError, match="is plain, a DataPath or a dataset"):
        written_value(workspace, [1])
