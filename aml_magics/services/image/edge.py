"""The deployment manifest of IoT Edge: what a device is told to run.

Its schema is public: https://learn.microsoft.com/azure/iot-edge/module-composition
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import InvalidArgumentError, InvalidNameError
from aml_magics.services.image.context import PORT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RUNTIME: Final = "1.5"
_MODULE: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")
_ROUTE: Final = re.compile(r"\s*FROM\s+\S+.*\bINTO\s+\S.*", re.IGNORECASE | re.DOTALL)


def manifest(
    image: str,
    module: str,
    *,
    port: int = PORT,
    variables: Mapping[str, str] | None = None,
    routes: Sequence[str] = (),
    registry: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The manifest that lets an Edge device run an image as a module.

    Args:
        image: its address in a registry, such as ``registry.example.com/digits:3``.
        module: the module's name on the device.
        port: where the device listens for the module.
        routes: such as ``FROM /messages/modules/digits/outputs/* INTO $upstream``, the default.
        registry: ``address``, ``username`` and ``password`` of the registry; the password is best a variable of the
            device's deployment tool (``${PASSWORD}``), since a manifest is kept in clear.

    Raises:
        InvalidNameError: the module's name, which has letters, digits, ``_`` and ``-``.
        InvalidArgumentError: a route is none, or the image's address is empty.
    """
    if not _MODULE.fullmatch(module) or module.startswith("edge"):
        raise InvalidNameError(
            "A module's name has 1 to 128 letters, digits, _ and -, and does not begin with 'edge', "
            f"as the system's own do: not {module!r:.80}."
        )
    if not image.strip():
        raise InvalidArgumentError(
            "A module runs an image: give its address, such as 'host/name:label'."
        )
    given = routes or [f"FROM /messages/modules/{module}/outputs/* INTO $upstream"]
    for route in given:
        if not _ROUTE.fullmatch(route):
            raise InvalidArgumentError(
                f"A route is written 'FROM source [WHERE condition] INTO sink', not {route!r:.120}."
            )
    agent = {
        "schemaVersion": "1.1",
        "runtime": {"type": "docker", "settings": _runtime(registry)},
        "systemModules": {
            "edgeAgent": _system("edgeAgent", {}),
            "edgeHub": _system("edgeHub", _HUB) | {"status": "running", "restartPolicy": "always"},
        },
        "modules": {module: _module(image, port, variables or {})},
    }
    hub = {
        "schemaVersion": "1.1",
        "routes": {f"route{n}": route for n, route in enumerate(given, 1)},
        "storeAndForwardConfiguration": {"timeToLiveSecs": 7200},
    }
    return {
        "modulesContent": {
            "$edgeAgent": {"properties.desired": agent},
            "$edgeHub": {"properties.desired": hub},
        }
    }


def _runtime(registry: Mapping[str, str] | None) -> dict[str, Any]:
    credentials = {"registry": dict(registry)} if registry else {}
    return {"minDockerVersion": "v1.25", "loggingOptions": "", "registryCredentials": credentials}


def _module(image: str, port: int, variables: Mapping[str, str]) -> dict[str, Any]:
    options = {
        "ExposedPorts": {f"{PORT}/tcp": {}},
        "HostConfig": {"PortBindings": {f"{PORT}/tcp": [{"HostPort": str(port)}]}},
    }
    return {
        "version": "1.0",
        "type": "docker",
        "status": "running",
        "restartPolicy": "always",
        "settings": {"image": image, "createOptions": json.dumps(options)},
        "env": {name: {"value": value} for name, value in variables.items()},
    }


_HUB: Final = {
    "HostConfig": {
        "PortBindings": {f"{one}/tcp": [{"HostPort": str(one)}] for one in (5671, 8883, 443)}
    }
}


def _system(module: str, options: Mapping[str, Any]) -> dict[str, Any]:
    name = "azureiotedge-agent" if module == "edgeAgent" else "azureiotedge-hub"
    image = f"mcr.microsoft.com/{name}:{RUNTIME}"
    return {"type": "docker", "settings": {"image": image, "createOptions": json.dumps(options)}}
