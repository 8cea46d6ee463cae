"""The code of each kind of step: it is executed, and makes the same pipeline."""

from __future__ import annotations

import importlib
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from aml_magics import Experiment, Workspace
from aml_magics.errors import PipelineError
from aml_magics.kinds.steps._base import STEPS
from aml_magics.sdk.environment.environment import Environment
from aml_magics.services.pipeline.document.python_code import python_code
from aml_magics.services.pipeline.document.reading import definition_in, read
from aml_magics.services.pipeline.document.writing import with_keys
from aml_magics.warnings import EstimatorWarning

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.records.pipeline.definition import PipelineDefinition, StepDefinition

STORE = "workspaceblobstore"
RAW = f"raw: {{datastore: {STORE}, path_on_datastore: raw}}"

STEPS_OF = {
    "python_script": "script_name: a.py, arguments: [--rate, 'parameter:rate'], retries: 2",
    "estimator": "script_name: a.py, arguments: [--rate, 'parameter:rate', 'input:raw'], inputs: {raw: {source: raw}}, "
    "version: '2', outputs: {o: {}}",
    "command": "command: [python, a.py], arguments: ['parameter:rate', 'output:o'], outputs: {o: {}}, retries: 1",
    "data_transfer": "inputs: {raw: {source: raw}}, outputs: {o: {path_on_datastore: copied/here}}, "
    "source_reference_type: directory, retries: 1",
    "hyper_drive": "script_name: a.py, arguments: ['input:raw', 'parameter:rate'], inputs: {raw: {source: raw}}, "
    "sampler: {name: random_sampling, settings: {seed: 3}}, "
    "space: {--lr: [uniform, [0.1, 1]], --kind: [choice, [[a, b]]]}, metric: acc, goal: MAXIMIZE, most_trials: 4, "
    "most_at_once: 2, max_minutes: 90, policy: {name: bandit, settings: {slack_factor: 0.2, evaluation_interval: 1, "
    "delay_evaluation: 0}}, compute: cpu, "
    "outputs: {best: {training_output: {type: Model, metric: null, model_file: outputs/m.pkl}}, "
    "scores: {training_output: {type: Metrics, metric: null, model_file: null}}}",
    "parallel_run": "entry_script: a.py, inputs: {raw: {source: raw}}, side_inputs: {labels: {source: raw}}, "
    "outputs: {o: {}}, arguments: [--labels, 'input:labels'], mini_batch_size: '$AML_PARAMETER_size', node_count: 1, "
    "error_threshold: 3, output_action: append_row, append_row_file_name: all.txt, "
    "process_count_per_node: 2, allowed_failed_percent: 10.0",
    "notebook_runner": "notebook: a.ipynb, output_notebook: outputs/b.ipynb, cell_timeout: 60, notebook_output: kept, "
    "notebook_parameters: {rate: $AML_PARAMETER_rate, names: [a, b]}, parameters: {RATE: {source: rate}}, "
    "inputs: {raw: {source: raw}}, outputs: {kept: {}, o: {}}",
}
"""A step of each kind that code is written for."""

CONFIGURED = [one for one in STEPS_OF if one != "data_transfer"]
"""Those whose classes say how their scripts run."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    for name in ("a.py", "a.ipynb"):
        (tmp_path / "src" / name).touch()
    return tmp_path


def folder_of(kind: str) -> str:
    return "" if kind == "data_transfer" else "source_directory: src, "


def document(kind: str, more: str = "") -> str:
    """A pipeline of a step of a kind, and of one that reads what it writes."""
    outputs = [
        one for one in ("o", "best") if f"{one}: {{" in STEPS_OF[kind].partition("outputs")[2]
    ]
    reader = (
        "  last: {type: CommandStep, command: [cat], arguments: ['input:i'], inputs: {i: {source: "
        f"{outputs[0]}}}}}}}\n"
        if outputs
        else ""
    )
    return (
        "pipeline:\n  parameters: {rate: {type: float, default: 0.5}, size: {type: string, default: '5'}}\n"
        f"  data_references: {{{RAW}}}\n  steps:\n"
        f"   it: {{type: {STEPS.load(kind).type}, {folder_of(kind)}{STEPS_OF[kind]}{more}}}\n {reader}"
    )


def made_by(code: str) -> PipelineDefinition:
    names: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EstimatorWarning)
        exec(code, names)
    return with_keys(names["pipeline"]._definition())


def compiled(definition: PipelineDefinition) -> tuple[StepDefinition, ...]:
    """The steps with all that they are run by; what is usual is the same as what says so."""
    return tuple(_compiled(one) for one in sorted(definition.steps, key=lambda one: one.id))


def _compiled(step: StepDefinition) -> StepDefinition:
    settings = {name: one.default for name, one in STEPS.load(step.kind).settings.items()}
    settings |= step.settings
    words = [*(settings.get("command") or ()), *step.arguments]
    if settings.get("command"):
        settings["command"] = None
    return replace(
        step,
        settings=settings,
        arguments=tuple(words),
        inputs=tuple(sorted(step.inputs, key=lambda one: one.name)),
        outputs=tuple(sorted(step.outputs, key=lambda one: one.name)),
        run=replace(step.run, definition={}),
        name="",
    )


def check_same(text: str, folder: Path, workspace: Workspace) -> str:
    definition = definition_in(read(text), folder)
    code = python_code(workspace.store, definition)
    made = made_by(code)
    assert compiled(made) == compiled(definition), code
    return code


def test_each_kind_that_the_canvas_draws_has_code() -> None:
    drawn = {
        name for name in STEPS.names() if STEPS.load(name).is_drawn and not STEPS.load(name).cloud
    }
    assert drawn == set(STEPS_OF)


@pytest.mark.parametrize("kind", STEPS_OF)
def test_the_code_of_a_kind_makes_the_same_step(kind: str, folder: Path) -> None:
    check_same(document(kind), folder, Workspace.create("w"))


@pytest.mark.parametrize("kind", STEPS_OF)
def test_its_class_is_where_it_says(kind: str) -> None:
    found = STEPS.load(kind)
    assert getattr(importlib.import_module(found.module), found.type)._kind == kind


@pytest.mark.parametrize("kind", CONFIGURED)
def test_an_environment_is_written_as_it_stands(kind: str, folder: Path) -> None:
    environment = Environment("packages")
    environment.environment_variables = {"LEVEL": "3"}
    for name in ("ipykernel", "nbclient", "nbformat"):
        environment.python.conda_dependencies.add_pip_package(name)
    written = {**environment.to_dict(), "version": "Autosave_1"}
    code = check_same(
        document(kind, f", run: {{environment: {written}}}".replace("None", "null")),
        folder,
        Workspace.create("w"),
    )

    assert "Environment.from_dict(\n" in code


def test_a_registered_environment_is_got_by_its_name(folder: Path) -> None:
    workspace = Workspace.create("w")
    written = Environment("packages").register(workspace).to_dict()
    code = check_same(
        document("python_script", f", run: {{environment: {written}}}".replace("None", "null")),
        folder,
        workspace,
    )
    assert "packages_environment = Environment.get(ws, name='packages', version='1')" in code


@pytest.mark.parametrize("kind", CONFIGURED)
def test_variables_of_a_script_are_written(kind: str, folder: Path) -> None:
    check_same(
        document(kind, ", run: {variables: {A: b, RATE: $AML_PARAMETER_rate}}"),
        folder,
        Workspace.create("w"),
    )


@pytest.mark.parametrize("kind", [one for one in CONFIGURED if one != "parallel_run"])
def test_a_limit_and_several_processes_are_written(kind: str, folder: Path) -> None:
    run = "nodes: 2, distribution: {framework: mpi, node_count: 2, process_count_per_node: 3}, max_seconds: 60"
    check_same(document(kind, f", run: {{{run}}}"), folder, Workspace.create("w"))


@pytest.mark.parametrize(
    "counts",
    [
        "framework: pytorch, node_count: 2, process_count_per_node: 2",
        "framework: tensorflow, node_count: 2, worker_count: 2, parameter_server_count: 1",
    ],
)
def test_processes_of_each_framework_are_written(counts: str, folder: Path) -> None:
    more = f", run: {{nodes: 2, distribution: {{{counts}}}}}"
    check_same(document("python_script", more), folder, Workspace.create("w"))


def test_a_sweep_that_takes_up_trials_gets_their_runs(folder: Path) -> None:
    workspace = Workspace.create("w")
    run = Experiment(workspace, "e").start_logging()
    run.complete()

    code = check_same(document("hyper_drive", f", resume_trials: [{run.id}]"), folder, workspace)
    assert f"it_resume_child_runs = Run.get(ws, {run.id!r})" in code


def test_a_sweep_of_a_command_has_its_words(folder: Path) -> None:
    text = document("hyper_drive").replace("script_name: a.py", "command: [python, a.py]")
    check_same(text, folder, Workspace.create("w"))


def test_the_names_of_functions_and_of_steps_do_not_hide_each_other(folder: Path) -> None:
    text = document("hyper_drive").replace(" it: {", " uniform: {")
    text = text.replace("rate:", "choice:", 1).replace("parameter:rate", "parameter:choice")
    code = check_same(text, folder, Workspace.create("w"))
    assert "import choice as choice_2, uniform\n" in code


@pytest.mark.parametrize(
    ("kind", "more", "problem"),
    [
        ("estimator", ", parameters: {A: 1}", "Step 'it' has params"),
        ("estimator", ", run: {distribution: {framework: pytorch}}", "of another framework than MPI"),
        ("notebook_runner", ", arguments: [--x, y]", "Step 'it' has arguments"),
        ("parallel_run", ", version: '2'", "Step 'it' has version"),
        ("parallel_run", ", run: {max_seconds: 3}", "a limit of its time"),
        ("parallel_run", ", compute: local", ""),
        ("data_transfer", ", version: '2'", "Step 'it' has version"),
    ],
)  # fmt: skip
def test_what_a_class_does_not_take_is_said(
    kind: str, more: str, problem: str, folder: Path
) -> None:
    definition = definition_in(read(document(kind, more)), folder)
    store = Workspace.create("w").store
    if not problem:
        assert python_code(store, definition)
        return
    with pytest.raises(PipelineError, match=f"{problem}.*Pipeline.load_yaml"):
        python_code(store, definition)


def test_several_outputs_of_mini_batches_are_said(folder: Path) -> None:
    text = document("parallel_run").replace("outputs: {o: {}}", "outputs: {o: {}, p: {}}")
    with pytest.raises(PipelineError, match="has several outputs"):
        python_code(Workspace.create("w").store, definition_in(read(text), folder))


def test_a_parameter_of_a_sweep_is_said(folder: Path) -> None:
    text = document("hyper_drive").replace("most_trials: 4", "most_trials: $AML_PARAMETER_size")
    with pytest.raises(PipelineError, match="has a parameter as most_trials"):
        python_code(Workspace.create("w").store, definition_in(read(text), folder))


@pytest.mark.parametrize("kind", ["cell", "databricks"])
def test_a_kind_without_a_class_is_said(kind: str) -> None:
    text = f"pipeline: {{steps: {{a: {{type: {STEPS.load(kind).type}}}}}}}"
    with pytest.raises(PipelineError, match=f"has the kind {STEPS.load(kind).type}"):
        python_code(Workspace.create("w").store, read(text).definition)


def test_a_run_configuration_of_a_file_is_loaded() -> None:
    workspace = Workspace.create("w")
    document_ = read(document("python_script", ", runconfig: 'conf\\a.runconfig'"))
    code = python_code(workspace.store, document_.definition, document_.runconfigs)
    assert "runconfig=RunConfiguration.load('conf/a.runconfig')" in code


@pytest.mark.parametrize("kind", ["estimator", "parallel_run"])
def test_a_class_without_run_configurations_says_so(kind: str) -> None:
    document_ = read(document(kind, ", runconfig: a.runconfig"))
    with pytest.raises(PipelineError, match=r"has the run configuration 'a.runconfig', for which"):
        python_code(Workspace.create("w").store, document_.definition, document_.runconfigs)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("{raw: {source: raw}}", "{}"), "has other data than one source"),
        (("copied/here", "copied/here, overwrite: false"), "output 'o', a place with settings"),
    ],
)
def test_a_transfer_of_other_data_is_said(change: tuple[str, str], problem: str) -> None:
    text = document("data_transfer").replace(*change)
    with pytest.raises(PipelineError, match=problem):
        python_code(Workspace.create("w").store, read(text).definition)
