"""The command that executes a notebook."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aml_magics.errors import PipelineError
from aml_magics.kinds.steps.notebook_runner import NotebookRunner
from aml_magics.records.data.data_use import DataFolder, DataOutput
from aml_magics.records.pipeline.definition import StepDefinition, StepInput, StepOutput

STEP = StepDefinition(
    "1",
    "a",
    "notebook_runner",
    {"notebook": "a.ipynb"},
    "/src",
    inputs=(StepInput(DataFolder("raw", "store")),),
    outputs=(StepOutput(DataOutput("out", "store", "out", results=())),),
    params={"rate": "$AML_PARAMETER_r"},
)


def test_its_words_name_the_notebook_its_values_and_its_data():
    given = {
        "notebook": "a.ipynb",
        "output_notebook": "b.ipynb",
        "notebook_parameters": {"n": [1, None], "text": "-x", "r": "$AML_PARAMETER_r"},
        "cell_timeout": 5,
        "notebook_output": "out",
    }
    words = NotebookRunner().command(replace(STEP, settings=given)).words

    assert words[:3] == ("{python}", "-m", "aml_magics.workers.step.notebook_runner")
    assert words[3:] == (
        *("--notebook", "a.ipynb", "--output_notebook", "b.ipynb", "--cell_timeout", "5"),
        *("--json=n=[1, null]", "--string=text=-x", "--text=r=$AML_PARAMETER_r"),
        "--text=rate=$AML_PARAMETER_rate",
        *(
            "--path",
            "raw",
            "$AZUREML_DATAREFERENCE_raw",
            "--path",
            "out",
            "DatasetOutputConfig:out",
        ),
        *("--copy_to", "DatasetOutputConfig:out", "--"),
    )


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"notebook": "a.py"}, "notebook is a file that ends in .ipynb"),
        ({"output_notebook": "b"}, "output_notebook is a file that ends in .ipynb"),
        ({"notebook_output": "x"}, r"notebook_output is one of its outputs \(out\), not 'x'"),
        ({"notebook_parameters": [1]}, "values by name"),
        ({"notebook_parameters": {"a b": 1}}, "is a variable of it, such as 'rate', not 'a b'"),
        ({"notebook_parameters": {"class": 1}}, "is a variable of it"),
        ({"notebook_parameters": {"a": float("nan")}}, "parameter 'a' .* a finite number"),
        ({"notebook_parameters": {"a": {1}}}, "parameter 'a' .* not set"),
        ({"notebook_parameters": {"a": ["$AML_PARAMETER_r"]}}, "a parameter of its own"),
    ],
)
def test_what_cannot_be_is_refused(settings, said):
    step = replace(STEP, settings={**STEP.settings, **settings})
    with pytest.raises(PipelineError, match=said):
        NotebookRunner().check(step)
