"""Pipelines as Python: the code is executed, and makes the same pipeline."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from aml_magics import Dataset, Workspace
from aml_magics.errors import PipelineError
from aml_magics.records.pipeline.definition import FromStep, PipelineDefinition
from aml_magics.services.pipeline.document.python_code import python_code
from aml_magics.services.pipeline.document.reading import definition_in, read
from aml_magics.services.pipeline.document.writing import with_keys

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """
pipeline:
  description: "It's all there"
  parameters:
    rate: {type: float, default: 0.5}
    raw: {type: datapath, default: {datastore: workspaceblobstore, path_on_datastore: raw/}}
  data_references:
    old: {datastore: workspaceblobstore, path_on_datastore: old}
  steps:
    prepare:
      type: PythonScriptStep
      source_directory: src
      script_name: prepare.py
      arguments: [--raw, input:raw, --old, input:old, --clean, output:clean, --kept, output:kept, --rate, parameter:rate]
      parameters: {LEVEL: 3, RATE: {source: rate}}
      inputs:
        raw: {source: raw, bind_mode: download}
        old: {source: old}
      outputs:
        clean: {destination: clean, bind_mode: upload}
        kept: {destination: kept, path_on_datastore: "kept/{run-id}", datasets: [{register_as: kept}]}
    train:
      type: PythonScriptStep
      source_directory: src
      script_name: train.py
      compute: local
      arguments: [input:clean, input:again, input:kept, "it's $AML_PARAMETER_rate"]
      inputs:
        clean: {source: clean}
        again: {source: clean, bind_mode: download}
        kept: {source: kept, bind_mode: mount}
      allow_reuse: false
      version: "2"
    last:
      type: PythonScriptStep
      source_directory: src
      script_name: last.py
      run_after: [train]
"""


def made_by(code: str, definition: PipelineDefinition) -> PipelineDefinition:
    """The pipeline of a code, with the ids of another, and without what has no effect or is known of itself."""
    names: dict[str, Any] = {}
    exec(code, names)
    made = with_keys(names["pipeline"]._definition())
    return replace(plain(made), layout=definition.layout, name=definition.name)


def plain(definition: PipelineDefinition) -> PipelineDefinition:
    """Without what has no effect."""
    steps = tuple(
        replace(one, name="", run=replace(one.run, definition={})) for one in definition.steps
    )
    return replace(
        definition,
        steps=steps,
        parameters=tuple(sorted(definition.parameters, key=lambda one: one.name)),
    )


def test_the_code_makes_the_same_pipeline(tmp_path: Path) -> None:
    workspace = Workspace.create("w")
    (tmp_path / "src").mkdir()
    for name in ("prepare", "train", "last"):
        (tmp_path / "src" / f"{name}.py").touch()
    definition = definition_in(read(TEXT), tmp_path)

    assert made_by(python_code(workspace.store, definition), definition) == plain(definition)


def test_a_dataset_is_got_by_its_name(tmp_path: Path) -> None:
    workspace = Workspace.create("w")
    (tmp_path / "x.csv").write_text("a\n1\n")
    dataset = Dataset.File.from_files(str(tmp_path / "x.csv")).register(workspace, "numbers")
    definition = read(
        "pipeline: {data_references: {n: {dataset_name: numbers, dataset_version: 1}}, steps: {a: {type: "
        "PythonScriptStep, source_directory: ., script_name: a.py, inputs: {n: {source: n, bind_mode: mount}}}}}"
    ).definition
    code = python_code(workspace.store, definition)

    assert "Dataset.get_by_name(ws, 'numbers', version=1).as_named_input('n').as_mount()" in code
    (one,) = made_by(code, definition).steps[0].inputs
    assert (one.name, one.part.dataset, one.part.mechanism) == ("n", dataset.id, "Mount")  # type: ignore[union-attr] # a dataset


def test_the_words_of_a_command_are_all_in_it() -> None:
    text = "pipeline: {steps: {a: {type: CommandStep, command: [echo], arguments: [-n, 'output:o'], outputs: {o: {}}}}}"

    assert "command=['echo', '-n', o]" in python_code(
        Workspace.create("w").store, read(text).definition
    )


def test_names_become_variables_that_hide_nothing() -> None:
    workspace = Workspace.create("w")
    text = "pipeline: {steps: {" + ", ".join(
        f"s{at}: {{type: PythonScriptStep, source_directory: ., name: {name}, script_name: x.py}}"
        for at, name in enumerate(("pipeline", "class", "1st", "'é!'", "Pipeline", "ws", "'--'"))
    ) + "}}"  # fmt: skip
    definition = read(text).definition
    code = python_code(workspace.store, definition)

    compile(code, "code", "exec")
    assert len(made_by(code, definition).steps) == 7


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        (
            "run: {nodes: 2}",
            "Step 'a' has 2 nodes without processes .*, for which no code is written",
        ),
        ("run: {python: /usr/bin/python3}", "an interpreter of its own"),
        ("run: {environment: {name: e}, variables: {A: b}}", "variables beside its environment"),
        ("outputs: {o: {path_on_datastore: x}}", "a folder with a path or patterns of its own"),
        (
            "outputs: {o: {datasets: [{format: jsonlines}]}}",
            "has output 'o', rows of the format jsonlines",
        ),
    ],
)
def test_what_has_no_line_of_code_is_said(step: str, problem: str) -> None:
    text = f"pipeline: {{steps: {{a: {{type: PythonScriptStep, script_name: a.py, {step}}}}}}}"
    with pytest.raises(PipelineError, match=problem):
        python_code(Workspace.create("w").store, read(text).definition)


def test_a_parameter_without_a_default_has_no_line_of_code() -> None:
    with pytest.raises(PipelineError, match="Parameter 'n' has no default"):
        python_code(
            Workspace.create("w").store, read("pipeline: {parameters: {n: {type: int}}}").definition
        )


def test_keys_are_names_where_ids_were_made() -> None:
    definition = read(
        "pipeline: {steps: {12345678: {type: CommandStep, name: a.py, command: [x], outputs: {o: {}}}, abcdef01: "
        "{type: CommandStep, name: a.py, command: [x], inputs: {o: {source: o}}, run_after: ['12345678']}}, }"
    ).definition
    first, second = with_keys(definition).steps

    assert (first.id, second.id, second.run_after) == ("a", "a_2", ("a",))
    assert second.inputs[0].origin == FromStep("a", "o")
