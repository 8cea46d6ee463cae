"""What a transfer of data may be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aml_magics.errors import PipelineError
from aml_magics.kinds.steps.data_transfer import DataTransfer
from aml_magics.records.data.data_use import DataFolder, DataInput, DataOutput
from aml_magics.records.pipeline.definition import StepDefinition, StepInput, StepOutput

SOURCE = StepInput(DataFolder("raw", "store", "a"))
STEP = StepDefinition(
    "1",
    "a",
    "data_transfer",
    {"source_reference_type": "directory"},
    inputs=(SOURCE,),
    outputs=(StepOutput(DataOutput("out", "other", "b", results=())),),
)


def test_its_words_name_the_places():
    assert DataTransfer().command(STEP).words == (
        *("{python}", "-m", "aml_magics.workers.step.data_transfer"),
        *("--source", "$AZUREML_DATAREFERENCE_raw", "--destination", "DatasetOutputConfig:out"),
        *("--datastore", "other", "--path", "b", "--source_reference_type", "directory"),
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"settings": {"source_reference_type": "table"}},
            "source_reference_type is 'file' or 'directory', not 'table'",
        ),
        (
            {"settings": {**STEP.settings, "destination_reference_type": "file"}},
            "a directory cannot be copied to a file",
        ),
        ({"inputs": (SOURCE, SOURCE)}, "it has 2 and 1"),
        ({"outputs": ()}, "it has 1 and 0"),
        ({"inputs": (StepInput(DataInput("rows")),)}, "the source 'rows' is a dataset without"),
        ({"arguments": ("x",)}, "has no arguments"),
        (
            {
                "settings": {"destination_reference_type": "file"},
                "outputs": (StepOutput(DataOutput("out", "other", "b")),),
            },
            "a dataset is made of a directory",
        ),
    ],
)
def test_what_cannot_be_is_refused(fields, said):
    with pytest.raises(PipelineError, match=said):
        DataTransfer().check(replace(STEP, **fields))
