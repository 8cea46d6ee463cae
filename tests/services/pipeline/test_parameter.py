"""Values of parameters are checked by type, and put in place of what stands for them."""

from __future__ import annotations

import pytest

from aml_magics.errors import PipelineError
from aml_magics.records.pipeline.definition import (
    ParameterDefinition,
    PipelineDefinition,
    RunSettings,
    StepDefinition,
)
from aml_magics.services.pipeline.parameter import (
    checked_values,
    filled,
    filled_text,
    parameters_of,
    used_names,
)

DEFINITION = PipelineDefinition(
    parameters=(
        ParameterDefinition("name", "string", "x"),
        ParameterDefinition("count", "int", 3),
        ParameterDefinition("rate", "float", 0.5),
        ParameterDefinition("fast", "bool", default=False),
        ParameterDefinition("path", "datapath", {"datastore": "s", "path": "p"}),
        ParameterDefinition("data", "dataset", {"id": "i"}),
    )
)


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("name", 7, "7"),
        ("count", "12", 12),
        ("count", 4.0, 4),
        ("rate", "1e-3", 0.001),
        ("rate", 2, 2),
        ("fast", "True", True),
        ("fast", True, True),
        ("path", {"path": "other"}, {"path": "other"}),
        ("data", {"name": "n", "version": 2}, {"name": "n", "version": 2}),
    ],
)
def test_a_value_is_read_as_the_type_of_its_parameter(name, given, value):
    found = checked_values(DEFINITION, {name: given})
    assert found[name] == value
    assert type(found[name]) is type(value)
    assert found["count" if name != "count" else "name"] in (3, "x")


@pytest.mark.parametrize(
    ("name", "given", "match"),
    [
        ("name", ["x"], "'name' is a text, not .* Give one, such as \"small\", or leave it out"),
        ("count", "1.5", "'count' is a whole number, not"),
        ("count", True, "'count' is a whole number, not"),
        ("rate", "fast", "'rate' is a number, not"),
        ("rate", float("nan"), "'rate' is a number, not"),
        ("fast", 1, "'fast' is True or False, not"),
        ("path", "p", "'path' is a path of a datastore, not"),
        ("path", {"file": "p"}, "'path' is a path of a datastore, not"),
        ("data", {"path": "p"}, "'data' is a dataset, not"),
        ("rote", 1, "no parameter 'rote'. Did you mean 'rate'"),
    ],
)
def test_a_value_of_another_type_or_name_is_refused(name, given, match):
    with pytest.raises(PipelineError, match=match):
        checked_values(DEFINITION, {name: given})


def test_paths_are_given_apart():
    assert checked_values(DEFINITION, None, {"path": {"path": "new"}})["path"] == {"path": "new"}


def test_placeholders_are_replaced_inside_of_words():
    values = {"a": 1, "a_b": 2, "t": True}
    text = (
        "x=$AML_PARAMETER_a/$AML_PARAMETER_a_b/$AML_PARAMETER_a_c $AML_PARAMETER_t $AML_PARAMETER_z"
    )
    assert filled_text(text, values) == "x=1/2/1_c True $AML_PARAMETER_z"


def test_a_shell_expands_parameters_itself():
    step = StepDefinition(
        "s", "s", "command", {"command": ["bash"]}, arguments=("-c", "echo $AML_PARAMETER_a | cat")
    )
    assert filled(step, {"a": "x; y"}).arguments == step.arguments
    assert used_names(step) == {"a"}


def test_a_step_is_filled_and_a_whole_setting_keeps_its_type():
    step = StepDefinition(
        id="s",
        name="s",
        kind="python_script",
        settings={"size": "$AML_PARAMETER_count", "text": ["n$AML_PARAMETER_count"]},
        arguments=("--c", "$AML_PARAMETER_count", "$AML_PARAMETER_own"),
        run=RunSettings(variables={"V": "$AML_PARAMETER_name"}),
        params={"own": "$AML_PARAMETER_rate"},
    )
    found = filled(step, {"count": 3, "name": "x", "rate": 0.5})

    assert found.settings == {"size": 3, "text": ["n3"]}
    assert found.arguments == ("--c", "3", "0.5")
    assert found.run.variables == {"V": "x"}
    assert found.params == {"own": "0.5"}
    assert used_names(step) == {"count", "name", "rate", "own"}
    assert parameters_of(step, {"count": 3, "name": "x", "rate": 0.5, "other": 1}) == {
        "count": 3,
        "name": "x",
        "rate": 0.5,
    }


def test_a_word_of_a_command_that_is_only_a_parameter_stays_text():
    words = ["train", "$AML_PARAMETER_count", "$AML_PARAMETER_fast"]
    step = StepDefinition("a", "a", "command", settings={"command": words})
    found = filled(step, {"count": 3, "fast": True})
    assert found.settings == {"command": ["train", "3", "True"]}
