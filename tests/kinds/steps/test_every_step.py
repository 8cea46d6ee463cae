"""What every kind of step keeps to: its settings are checked, and it is done by a script, a command or a sweep."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from aml_magics.errors import PipelineError
from aml_magics.kinds.steps._base import STEPS, kind_of_type
from aml_magics.records.data.data_use import DataFolder, DataOutput
from aml_magics.records.pipeline.definition import StepDefinition, StepInput, StepOutput

FOLDER = StepInput(DataFolder("data", "workspaceblobstore", "raw"))
OUT = StepOutput(DataOutput("out", "workspaceblobstore", "azureml/{run-id}/{output-name}"))

EXAMPLES = {
    "python_script": StepDefinition("1", "a", "python_script", {"script_name": "a.py"}, "/src"),
    "cell": StepDefinition("1", "a", "cell", {}, "/src"),
    "estimator": StepDefinition("1", "a", "estimator", {"script_name": "a.py"}, "/src"),
    "command": StepDefinition("1", "a", "command", {"command": ["ls", "-l"]}),
    "module": StepDefinition("1", "a", "module", {"module": "sums", "script_name": "a.py"}),
    "hyper_drive": StepDefinition(
        "1",
        "a",
        "hyper_drive",
        {
            "script_name": "a.py",
            "sampler": {"name": "random_sampling"},
            "space": {"--rate": ["uniform", [0, 1]]},
            "metric": "acc",
            "goal": "MAXIMIZE",
            "most_trials": 4,
        },
        "/src",
    ),
    "notebook_runner": StepDefinition(
        "1", "a", "notebook_runner", {"notebook": "a.ipynb", "cell_timeout": 60}, "/src"
    ),
    "parallel_run": StepDefinition(
        "1", "a", "parallel_run", {"entry_script": "a.py"}, "/src", inputs=(FOLDER,), outputs=(OUT,)
    ),
}
TEXTS = {
    "text": 3,
    "file": 3,
    "number": "many",
    "flag": "yes",
    "words": "a b",
}
"""A value of the wrong type for each type of setting; anything is JSON."""


def made(name):
    return STEPS.load(name)()


@pytest.mark.parametrize("name", STEPS.names())
def test_it_has_azures_name_a_title_and_settings_that_json_can_hold(name):
    kind = made(name)
    assert kind.type.endswith("Step")
    assert kind_of_type(kind.type) == name
    assert kind.title[0].isupper()
    for setting in kind.settings.values():
        assert setting.title
        assert json.loads(json.dumps(setting.default)) == setting.default


def test_there_is_an_example_of_each_that_runs_here():
    here = {name for name in STEPS.names() if not STEPS.load(name).cloud}
    assert here == set(EXAMPLES)


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_its_example_passes_and_says_what_does_it(name):
    kind, example = made(name), EXAMPLES[name]
    kind.check(example)
    command = kind.command(example)
    assert bool(command.script) != bool(command.words)
    assert all(isinstance(word, str) for word in command.words)


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_a_setting_that_it_needs_is_asked_for(name):
    kind, example = made(name), EXAMPLES[name]
    for needed in [one for one, setting in kind.settings.items() if setting.is_required]:
        without = {key: value for key, value in example.settings.items() if key != needed}
        with pytest.raises(PipelineError, match=f"Step 'a': a {kind.type} needs {needed}"):
            kind.check(replace(example, settings=without))


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_an_unknown_setting_is_refused(name):
    example = EXAMPLES[name]
    with pytest.raises(PipelineError, match="has no setting 'colour'"):
        made(name).check(replace(example, settings={**example.settings, "colour": "red"}))


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_a_setting_of_another_type_is_refused(name):
    kind, example = made(name), EXAMPLES[name]
    for one, setting in kind.settings.items():
        if setting.type == "json" or one == "mini_batch_size":
            continue
        wrong = {**example.settings, one: TEXTS[setting.type]}
        with pytest.raises(PipelineError, match=one):
            kind.check(replace(example, settings=wrong))


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_a_folder_is_asked_for_where_it_runs_in_one(name):
    kind, example = made(name), replace(EXAMPLES[name], source_directory="")
    if kind.needs_folder:
        with pytest.raises(PipelineError, match="give source_directory"):
            kind.check(example)
    else:
        kind.check(example)


@pytest.mark.parametrize("name", [one for one in STEPS.names() if STEPS.load(one).cloud])
def test_a_kind_that_needs_a_cloud_says_so_and_what_to_do(name):
    kind = made(name)
    with pytest.raises(PipelineError, match=rf"is a {kind.type}, which needs .*PythonScriptStep"):
        kind.check(StepDefinition("1", "a", name))


def test_an_unknown_type_is_refused_with_the_nearest():
    with pytest.raises(PipelineError, match="Did you mean 'PythonScriptStep'"):
        kind_of_type("PythonScriptStepp")
