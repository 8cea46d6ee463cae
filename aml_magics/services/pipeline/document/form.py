"""The form of a pipeline's YAML: its keys, and what is not written because it is usual.

It is Azure's, with more keys where a definition says more::

    aml_magics: 1                          # the version of the form
    pipeline:
      name: digits
      description: ...
      parameters:
        rate: {type: float, default: 0.1}  # string, int, float, bool; datapath and dataset as below
        raw: {type: datapath, default: {datastore: store, path_on_datastore: raw}}
      data_references:
        digits: {dataset_name: digits, dataset_version: 3}    # or dataset_id, or datastore and path_on_datastore
      default_compute: cpu-cluster
      default_datastore: store
      continue_on_step_failure: false
      steps:
        prepare:
          type: PythonScriptStep
          name: prepare
          compute: cpu-cluster
          source_directory: src            # below the folder of the file
          script_name: prepare.py          # the settings of a kind stand among the keys of its step
          arguments: ["--in", "input:digits", "--out", "output:clean", "--rate", "parameter:rate"]
          parameters: {LEVEL: 3, RATE: {source: rate}}        # environment variables AML_PARAMETER_LEVEL, ...
          inputs:
            digits: {source: digits, bind_mode: mount}        # a data reference, a parameter or a destination
          outputs:
            clean: {destination: clean, datastore: store, bind_mode: mount}
          run_after: [other]
          allow_reuse: true
          retries: 0
          runconfig: train.runconfig       # or `run`, with what it would say
    layout:
      prepare: [0, 120]

A word of ``arguments`` that begins with ``input:``, ``output:`` or ``parameter:`` stands for one of these;
``{text: "input:x"}`` is that word itself. ``{run-id}`` and ``{output-name}`` are filled in within a path of an output.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Final, get_args

from aml_magics.kinds.steps._base import STEPS
from aml_magics.records.data.data_use import (
    REFERENCE_PLACEHOLDER,
    DataInput,
    InputMechanism,
    OutputMechanism,
    OutputResult,
    ReferenceMechanism,
)
from aml_magics.records.distribution import Distribution
from aml_magics.records.pipeline.definition import FromStep, ParameterType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.data.data_use import DataFolder, DataOutput
    from aml_magics.records.pipeline.definition import Origin

VERSION: Final = 1
"""The newest form that is read."""

DOCUMENT_KEYS: Final = ("aml_magics", "pipeline", "layout")
PIPELINE_KEYS: Final = (
    *("name", "description", "parameters", "data_references", "default_compute", "default_datastore"),
    *("continue_on_step_failure", "steps"),
)  # fmt: skip
STEP_KEYS: Final = (
    *("type", "name", "compute", "source_directory", "arguments", "parameters", "inputs", "outputs"),
    *("run_after", "allow_reuse", "version", "retries", "runconfig", "run"),
)  # fmt: skip
RUN_KEYS: Final = (
    *(
        "environment",
        "python",
        "variables",
        "max_seconds",
        "nodes",
        "distribution",
        "definition",
        "parameters",
    ),
)
DISTRIBUTION_KEYS: Final = tuple(one.name for one in fields(Distribution))
RESULT_KEYS: Final = tuple(one.name for one in fields(OutputResult))
DATA_KEYS: Final = (
    *("datastore", "path_on_datastore", "dataset_name", "dataset_version", "dataset_id", "definition"),
    *("bind_mode", "path_on_compute", "overwrite"),
)  # fmt: skip
INPUT_KEYS: Final = ("source", "as_dataset", *DATA_KEYS)
OUTPUT_KEYS: Final = (
    *("destination", "datastore", "path_on_datastore", "bind_mode", "path_on_compute", "overwrite", "globs"),
    *("datasets", "pipeline_output", "training_output"),
)  # fmt: skip

PARAMETER_TYPES: Final = get_args(ParameterType)
INPUT_MODES: Final = get_args(InputMechanism)
FOLDER_MODES: Final = get_args(ReferenceMechanism)
OUTPUT_MODES: Final = get_args(OutputMechanism)

OUTPUT_PATH: Final = "azureml/{run-id}/{output-name}"
"""Where an output goes in its datastore unless its path is written."""

DATASTORE: Final = "workspaceblobstore"
"""Where outputs go unless they or the pipeline say a datastore."""

INPUT, OUTPUT, PARAMETER = "input:", "output:", "parameter:"
SIDE_INPUT: Final = "side_input:"
MARKS: Final = (INPUT, OUTPUT, PARAMETER, SIDE_INPUT)
"""How a word of the arguments begins that stands for something."""

SIDE: Final = "side_inputs"
"""The setting of a kind that names inputs; they stand below it in the document, as Azure has it."""

DATA_NODES: Final = ("data:", "parameter:")
"""How the layout names a data reference, and a parameter that chooses data; steps stand under their keys."""

DATA_MODE: Final = {True: "Direct", False: "Mount"}
"""How data is seen unless it is written, by whether it is a dataset."""


def step_keys(kind: str) -> tuple[str, ...]:
    """The keys of a step of a kind: those of all steps, and its settings."""
    return (*STEP_KEYS, *STEPS.load(kind).settings)


def output_word(part: DataOutput) -> str:
    """What stands for an output among the arguments: a folder that datasets are made of has its own word."""
    return part.placeholder if part.results else f"{REFERENCE_PLACEHOLDER}{part.name}"


def is_dataset_of(
    origin: Origin | None, parameter_types: Mapping[str, str], made: set[FromStep]
) -> bool:
    """Whether an input of an origin is a dataset rather than a folder, unless it is written.

    Args:
        made: the outputs that datasets are made of.
    """
    if isinstance(origin, FromStep):
        return origin in made
    if origin is None:
        return False
    return parameter_types.get(getattr(origin, "parameter", ""), "dataset") == "dataset"


def mode_of(part: DataInput | DataFolder) -> str:
    """Its usual mechanism."""
    return DATA_MODE[isinstance(part, DataInput)]
