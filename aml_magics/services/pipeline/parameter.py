"""The parameters of a pipeline: checked at submission, and put in their places."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import PipelineError, described, did_you_mean
from aml_magics.kinds.steps._base import STEPS
from aml_magics.records.pipeline.definition import PARAMETER_VARIABLE, FromParameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aml_magics.records.pipeline.definition import (
        ParameterDefinition,
        PipelineDefinition,
        StepDefinition,
    )

_PLACEHOLDER: Final = re.compile(re.escape(f"${PARAMETER_VARIABLE}") + r"(\w+)")
_SHELLS: Final = (["bash"], ["sh"])
_WANTED: Final = {
    "string": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "True or False",
    "datapath": "a path of a datastore",
    "dataset": "a dataset",
}
_EXAMPLES: Final = {
    "string": '"small"',
    "int": "3",
    "float": "0.5",
    "bool": "true",
    "datapath": 'DataPath(datastore, "raw"), over REST {"DataStoreName": "…", "RelativePath": "raw"}',
    "dataset": 'Dataset.get_by_name(ws, "prices")',
}


def default_values(definition: PipelineDefinition) -> dict[str, Any]:
    """The defaults of all parameters by name."""
    return {one.name: one.default for one in definition.parameters}


def checked_values(
    definition: PipelineDefinition,
    given: Mapping[str, Any] | None,
    data_paths: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The values of all parameters by name: those given, else the defaults.

    Args:
        given: values by name; a text is read as the type of its parameter.
        data_paths: those of type ``datapath``, as ``{"datastore": …, "path": …}``; Azure's REST gives them apart.

    Raises:
        PipelineError: a name is unknown, or a value is not of its parameter's type.
    """
    known = {one.name: one for one in definition.parameters}
    values = default_values(definition)
    for name, value in {**(given or {}), **(data_paths or {})}.items():
        if name not in known:
            names = ", ".join(known) or "none"
            raise PipelineError(
                f"The pipeline has no parameter {name!r:.60}.{did_you_mean(str(name), known)} It has: {names}."
            )
        values[name] = _checked(known[name], value)
    return values


def _checked(parameter: ParameterDefinition, value: Any) -> Any:  # noqa: ANN401 -- of any type
    read = _READERS[parameter.type](value)
    if read is None:
        raise PipelineError(
            f"Parameter {parameter.name!r} is {_WANTED[parameter.type]}, not {described(value)}. Give one, such as "
            f"{_EXAMPLES[parameter.type]}, or leave it out for its default."
        )
    return read


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, bool | int | float) else None


def _whole(value: object) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"\s*[-+]?\d{1,300}\s*", value):
        return int(value)
    is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return int(value) if is_whole and not isinstance(value, bool) else None  # type: ignore[call-overload]


def _number(value: object) -> float | int | None:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value):  # type: ignore[arg-type]
        return None
    return value  # type: ignore[return-value]


def _truth(value: object) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def _path(value: object) -> dict[str, str] | None:
    if not isinstance(value, dict) or set(value) - {"datastore", "path"}:
        return None
    return value if all(isinstance(one, str) for one in value.values()) and value else None


def _dataset(value: object) -> dict[str, Any] | None:
    is_one = isinstance(value, dict) and (
        set(value) == {"id"} or {"name"} <= set(value) <= {"name", "version"}
    )
    return value if is_one else None  # type: ignore[return-value]


_READERS: Final = {
    "string": _text,
    "int": _whole,
    "float": _number,
    "bool": _truth,
    "datapath": _path,
    "dataset": _dataset,
}


def value_text(value: object) -> str:
    """A value as a word of a command line."""
    if isinstance(value, dict):
        return str(value.get("path") or value.get("name") or value.get("id") or "")
    return str(value)


def filled_text(text: str, values: Mapping[str, Any]) -> str:
    """A text with the placeholders of parameters replaced, also inside of words."""
    if f"${PARAMETER_VARIABLE}" not in text:
        return text
    return _PLACEHOLDER.sub(lambda hit: _value_of(hit, values), text)


def _value_of(hit: re.Match[str], values: Mapping[str, Any]) -> str:
    # the longest known name: in `$AML_PARAMETER_rate_x` it may be `rate`
    for end in range(len(hit[1]), 0, -1):
        if hit[1][:end] in values:
            return value_text(values[hit[1][:end]]) + hit[1][end:]
    return hit[0]


def filled(step: StepDefinition, values: Mapping[str, Any]) -> StepDefinition:
    """A step with the values of parameters in place of their placeholders.

    A setting that is nothing but a placeholder becomes the value itself, with its type; a word of a command is text.
    """
    params = {name: filled_text(text, values) for name, text in step.params.items()}
    known = {**values, **params}
    variables = {name: filled_text(text, known) for name, text in step.run.variables.items()}
    return replace(
        step,
        settings=_filled_settings(step, known),
        arguments=filled_words(step, step.arguments, known),
        run=replace(step.run, variables=variables),
        target=filled_text(step.target, known),
        params=params,
    )


def _filled_settings(step: StepDefinition, values: Mapping[str, Any]) -> dict[str, Any]:
    known = STEPS.load(step.kind).settings
    return {
        name: [filled_text(word, values) for word in value]
        if name in known and known[name].type == "words" and isinstance(value, list | tuple)
        else _filled_json(value, values)
        for name, value in step.settings.items()
    }


def filled_words(
    step: StepDefinition, words: Iterable[str], values: Mapping[str, Any]
) -> tuple[str, ...]:
    """The words of a step with the values of parameters in place of their placeholders.

    A shell expands them itself, from its environment: so a value with a quote or a semicolon is no part of the command.
    """
    is_shell = step.settings.get("command") in _SHELLS and step.arguments[:1] == ("-c",)
    return tuple(words) if is_shell else tuple(filled_text(word, values) for word in words)


def _filled_json(value: Any, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- any JSON
    if isinstance(value, str):
        whole = _PLACEHOLDER.fullmatch(value)
        if whole and whole[1] in values and not isinstance(values[whole[1]], dict):
            return values[whole[1]]
        return filled_text(value, values)
    if isinstance(value, dict):
        return {name: _filled_json(one, values) for name, one in value.items()}
    return (
        [_filled_json(one, values) for one in value] if isinstance(value, list | tuple) else value
    )


def used_names(step: StepDefinition) -> set[str]:
    """The names of parameters among the words, settings and variables of a step."""
    found: set[str] = set()

    def look(value: Any) -> None:  # noqa: ANN401 -- any JSON
        if isinstance(value, str):
            found.update(_PLACEHOLDER.findall(value))
        elif isinstance(value, dict):
            look(list(value.values()))
        elif isinstance(value, list | tuple):
            for one in value:
                look(one)

    look([step.settings, step.arguments, step.run.variables, step.target, step.params])
    return found


def parameters_of(step: StepDefinition, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the parameters that a step uses, by name."""
    chosen = {one.origin.parameter for one in step.inputs if isinstance(one.origin, FromParameter)}
    names = used_names(step) | chosen
    return {name: value for name, value in values.items() if name in names}
