"""The body of a request that starts a pipeline, as Azure's."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final

from aml_magics.errors import PipelineError, described, did_you_mean

_TEXTS: Final = ("ExperimentName", "DisplayName", "Description", "RunSource", "ParentRunId")
_OBJECTS: Final = (
    "ParameterAssignments",
    "DataPathAssignments",
    "DataSetDefinitionValueAssignments",
    "Tags",
    "Properties",
    "RunProperties",
)
_FLAGS: Final = ("ContinueRunOnStepFailure",)
_NO_EFFECT: Final = ("EnableEmailNotification", "RunType", "StepTags", "RunTags")
"""What else Azure takes, and what would mean nothing on one machine."""

_KNOWN: Final = {name.lower(): name for name in (*_TEXTS, *_OBJECTS, *_FLAGS, *_NO_EFFECT)}


@dataclass(frozen=True, slots=True)
class SubmitRequest:
    """What a request asks for; ``parameters`` and ``data`` are values by the name of a parameter."""

    experiment: str
    parameters: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    name: str | None = None
    description: str = ""
    source: str = "REST"
    parent: str | None = None
    tags: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)
    continue_on_step_failure: bool | None = None

    @classmethod
    def of_body(cls, body: bytes) -> SubmitRequest:
        """Read a body.

        Raises:
            PipelineError: it is no JSON object, has an unknown or mistyped field, or names no experiment.
        """
        given = _fields(body)
        experiment = given.get("ExperimentName")
        if not experiment:
            raise PipelineError(
                'ExperimentName is the experiment of the new run, a text: send {"ExperimentName": "my-experiment"}.'
            )
        data = {
            name: _data(name, value)
            for kind in ("DataPathAssignments", "DataSetDefinitionValueAssignments")
            for name, value in given.get(kind, {}).items()
        }
        return cls(
            experiment=experiment,
            parameters=given.get("ParameterAssignments", {}),
            data=data,
            name=given.get("DisplayName") or None,
            description=given.get("Description", ""),
            source=given.get("RunSource", "REST"),
            parent=given.get("ParentRunId") or None,
            tags=given.get("Tags", {}),
            properties={**given.get("Properties", {}), **given.get("RunProperties", {})},
            continue_on_step_failure=given.get("ContinueRunOnStepFailure"),
        )


def _fields(body: bytes) -> dict[str, Any]:
    """The fields that are there, by Azure's spelling; Azure minds no case."""
    try:
        found = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise PipelineError(
            f"The body is no JSON that can be read ({error}); send an object such as "
            '{"ExperimentName": "my-experiment", "ParameterAssignments": {"rate": 0.1}}.'
        ) from error
    if not isinstance(found, dict):
        raise PipelineError(f"The body is a JSON object, not {_json_type(found)}.")
    given: dict[str, Any] = {}
    for name, value in found.items():
        known = _KNOWN.get(name.lower())
        if known is None:
            raise PipelineError(
                f"The body has a field {name!r:.60}, which means nothing.{did_you_mean(name, _KNOWN.values())} "
                f"It may have: {', '.join(_KNOWN.values())}."
            )
        if value is not None:
            _check(known, value)
            given[known] = value
    return given


def _check(name: str, value: object) -> None:
    for names, type_, wanted in (
        (_TEXTS, str, "a text"),
        (_OBJECTS, dict, "an object with a value by name"),
        (_FLAGS, bool, "true or false"),
    ):
        if name in names and not isinstance(value, type_):
            raise PipelineError(f"{name} is {wanted}, not {_json_type(value)} ({value!r:.60}).")


def _data(name: str, value: object) -> dict[str, Any]:
    """A path or a dataset as a pipeline keeps it."""
    given = {key.lower(): one for key, one in value.items()} if isinstance(value, dict) else {}
    for reference in ("registereddatasetreference", "saveddatasetreference", "literaldatapath"):
        inner = given.get(reference)
        if isinstance(inner, dict):
            given = {key.lower(): one for key, one in inner.items()}
            break
    if isinstance(given.get("datastorename"), str):
        return {"datastore": given["datastorename"], "path": str(given.get("relativepath") or "")}
    if isinstance(given.get("id"), str):
        return {"id": given["id"]}
    if isinstance(given.get("name"), str):
        return {"name": given["name"], "version": _version(name, given.get("version"))}
    raise PipelineError(
        f"The value of data parameter {name!r:.60} is a path, "
        '{"DataStoreName": "workspaceblobstore", "RelativePath": "raw"}, or a dataset, '
        f'{{"RegisteredDataSetReference": {{"Name": "iris", "Version": 1}}}}, not {described(value)}.'
    )


def _version(name: str, value: object) -> int | None:
    if value is None or value == "latest":
        return None
    if isinstance(value, bool) or not str(value).isdecimal():
        raise PipelineError(
            f"The version of the dataset for {name!r:.60} is a whole number or 'latest', not {value!r:.40}."
        )
    return int(str(value))


def _refuse_constant(text: str) -> None:
    raise ValueError(f"{text} is no JSON")


def _json_type(value: object) -> str:
    names = {
        dict: "an object",
        list: "an array",
        str: "a text",
        bool: "true or false",
        type(None): "null",
    }
    return names.get(type(value), "a number")
