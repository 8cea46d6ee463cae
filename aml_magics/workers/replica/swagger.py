"""The OpenAPI document of a service, as 2.0 ("swagger"), 3.0 and 3.1.

A ``swagger.json``, ``swagger2.json``, ``swagger3.json`` beside the script comes first, as on Azure.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from aml_magics.workers.replica.message import JSON, SUCCEEDED, Answer, error

if TYPE_CHECKING:
    from aml_magics.workers.replica.script import Script

Document = dict[str, Any]

_VERSIONS = {"2": "2", "2.0": "2", "3": "3", "3.0": "3", "3.1": "3.1"}
_NAMES = {"2": ("2", "2.0"), "3": ("3", "3.0"), "3.1": ("3.1",)}
_FILES = {
    "2": ("swagger.json", "swagger2.json"),
    "3": ("swagger3.json",),
    "3.1": ("swagger3.1.json",),
}
_BEARER = {
    "type": "apiKey",
    "name": "Authorization",
    "in": "header",
    "description": "For example: Bearer abc123",
}


class Swagger:
    """The documents of one script; made when they are first asked for."""

    def __init__(self, script: Script, app: str) -> None:
        self._script = script
        self._app = app
        self._made: dict[str, Document | None] = {}

    def answer(self, version: str) -> Answer:
        """The answer to ``/swagger.json?version=...``."""
        supported = ", ".join(one for one in _NAMES if self._document(one) is not None)
        if (known := _VERSIONS.get(version)) is None:
            return error(
                404, f"Swagger version [{version}] is not valid. Supported versions: [{supported}]."
            )
        if (document := self._document(known)) is None:
            return error(
                404,
                f"Swagger version [{version}] is not supported for the scoring script. "
                f"Supported swagger versions: [{supported}].",
            )
        return Answer(200, JSON + SUCCEEDED, json.dumps(document).encode())

    def _document(self, version: str) -> Document | None:
        if version not in self._made:
            self._made[version] = self._of_script(version) or self._generated(version)
        return self._made[version]

    def _of_script(self, version: str) -> Document | None:
        for name in _FILES[version]:
            path = os.path.join(self._app, name)  # noqa: PTH118 -- quick to start
            if os.path.isfile(path):  # noqa: PTH113
                with open(path, encoding="utf-8") as file:  # noqa: PTH123
                    document: Document = json.load(file)
                    return document
        return None

    def _generated(self, version: str) -> Document | None:
        given: Document = {"type": "object", "example": {}}
        answered: Document = given
        if (schemas := self._script.schema_util) is not None:
            run = self._script.run
            if not set(_NAMES[version]) & set(schemas.get_supported_versions(run)):
                return None
            if schemas.is_schema_decorated(run):
                given, answered = schemas.get_input_schema(run), schemas.get_output_schema(run)
        schema = {
            "ServiceInput": given,
            "ServiceOutput": answered,
            "ErrorResponse": {"type": "object", "properties": {"message": {"type": "string"}}},
        }
        return _version_2(schema) if version == "2" else _version_3(version, schema)


def _information() -> Document:
    name = os.environ.get("SERVICE_NAME", "ML service")
    return {
        "title": name,
        "description": f"The web service {name}",
        "version": os.environ.get("SERVICE_VERSION", "1.0"),
    }


def _paths(health: Document, score: Document, swagger: Document) -> Document:
    prefix = os.environ.get("SERVICE_PATH_PREFIX", "").strip("/")
    before = f"/{prefix}" if prefix else ""
    return {
        f"{before}/": {
            "get": {
                "operationId": "ServiceHealthCheck",
                "description": "Whether the service runs.",
                **health,
            }
        },
        f"{before}/score": {
            "post": {
                "operationId": "RunMLService",
                "description": "Call run() of the scoring script.",
                "security": [{"Bearer": []}],
                **score,
            }
        },
        f"{before}/swagger.json": {
            "get": {"operationId": "GetSwaggerSpec", "description": "This document.", **swagger}
        },
    }


def _version_2(schema: Document) -> Document:
    def responses(content: Document, **more: object) -> Document:
        failure = {"description": "An error.", "schema": {"$ref": "#/definitions/ErrorResponse"}}
        success = {"description": "The answer.", "schema": content, **more}
        return {"responses": {"200": success, "default": failure}}

    body = {
        "name": "serviceInputPayload",
        "in": "body",
        "description": "The input of run().",
        "schema": {"$ref": "#/definitions/ServiceInput"},
    }
    asked = {"name": "version", "in": "query", "required": False, "type": "integer", "enum": [2, 3]}
    return {
        "swagger": "2.0",
        "info": _information(),
        "schemes": ["http"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "securityDefinitions": {"Bearer": _BEARER},
        "paths": _paths(
            responses({"type": "string"}, examples={"application/json": "Healthy"}),
            {"parameters": [body], **responses({"$ref": "#/definitions/ServiceOutput"})},
            {"parameters": [asked], **responses({"type": "string"})},
        ),
        "definitions": schema,
    }


def _version_3(version: str, schema: Document) -> Document:
    def content(kind: str, shape: Document) -> Document:
        return {"content": {kind: {"schema": shape}}}

    def reference(name: str) -> Document:
        return content("application/json", {"$ref": f"#/components/schemas/{name}"})

    def responses(success: Document) -> Document:
        failure = {"description": "An error.", **reference("ErrorResponse")}
        return {"responses": {"200": {"description": "The answer.", **success}, "default": failure}}

    asked = {
        "name": "version",
        "in": "query",
        "required": False,
        "schema": {"type": "integer", "enum": [2, 3]},
    }
    body = {"description": "The input of run().", **reference("ServiceInput")}
    return {
        "openapi": "3.1.0" if version == "3.1" else "3.0.3",
        "info": _information(),
        "security": [{"Bearer": []}],
        "paths": _paths(
            responses(content("text/plain", {"type": "string", "example": "Healthy"})),
            {"requestBody": body, **responses(reference("ServiceOutput"))},
            {"parameters": [asked], **responses(content("text/plain", {"type": "string"}))},
        ),
        "components": {"schemas": schema, "securitySchemes": {"Bearer": _BEARER}},
    }
