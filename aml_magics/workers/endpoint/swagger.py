"""What a pipeline takes, for tools that make a client of it (OpenAPI 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from aml_magics.records.pipeline.definition import ParameterDefinition
    from aml_magics.records.pipeline.pipeline import PipelineRecord

_TYPES: Final = {"string": "string", "int": "integer", "float": "number", "bool": "boolean"}
_DATA: Final = {"datapath": "DataPathAssignments", "dataset": "DataSetDefinitionValueAssignments"}


def swagger(record: PipelineRecord, host: str, path: str) -> dict[str, Any]:
    """The description of the address ``path`` at ``host``, which starts a published pipeline."""
    answers = {
        "200": {
            "description": "The run has begun; Id names it.",
            "schema": {"type": "object", "properties": {"Id": {"type": "string"}}},
        },
        "400": {"description": "The body or a parameter is wrong."},
        "401": {"description": "The token is missing, wrong or has expired."},
        "404": {"description": "There is no such pipeline."},
        "409": {"description": "The pipeline is disabled."},
    }
    submit = {
        "operationId": "submit",
        "summary": record.description or f"Starts pipeline {record.name}.",
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "security": [{"Bearer": []}],
        "parameters": [{"name": "body", "in": "body", "required": True, "schema": _body(record)}],
        "responses": answers,
    }
    return {
        "swagger": "2.0",
        "info": {"title": record.name, "version": record.version or "1"},
        "host": host,
        "schemes": ["http"],
        "securityDefinitions": {
            "Bearer": {"type": "apiKey", "name": "Authorization", "in": "header"}
        },
        "paths": {path: {"post": submit}},
    }


def _body(record: PipelineRecord) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "ExperimentName": {"type": "string"},
        "DisplayName": {"type": "string"},
        "RunSource": {"type": "string"},
        "ParentRunId": {"type": "string"},
        "Tags": {"type": "object", "additionalProperties": {"type": "string"}},
        "RunProperties": {"type": "object", "additionalProperties": {"type": "string"}},
    }
    for one in record.graph.definition.parameters:
        group = fields.setdefault(
            _DATA.get(one.type, "ParameterAssignments"), {"type": "object", "properties": {}}
        )
        group["properties"][one.name] = _value(one)
    return {"type": "object", "required": ["ExperimentName"], "properties": fields}


def _value(one: ParameterDefinition) -> dict[str, Any]:
    if one.type in _TYPES:
        return {"type": _TYPES[one.type], "default": one.default}
    if one.type == "datapath":
        names = ("DataStoreName", "RelativePath")
        return {"type": "object", "properties": {name: {"type": "string"} for name in names}}
    return {"type": "object"}
