"""The plan of an environment before its build; cheap enough to make each time."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aml_magics._namespace import FOLDER
from aml_magics._version import VERSION
from aml_magics.errors import EnvironmentBuildError
from aml_magics.records.environment import BuiltEnvironment
from aml_magics.services.environment import conda as environment_conda
from aml_magics.services.environment import own_package
from aml_magics.services.environment.interpreter import (
    OLDEST,
    Interpreter,
    interpreter_for,
    version_of,
)
from aml_magics.services.environment.requirement import (
    Requirements,
    allowed_kinds,
    python_section,
    requirements_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DEFAULT_PYTHON: Final = "3.10.14"
"""The Python that Azure writes into a definition by default."""

INDEX_VARIABLES: Final = (
    "UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_INDEX_STRATEGY",
)  # fmt: skip
"""Variables that configure uv's package sources on this machine."""

_FORM: Final = 2
"""Incremented when builds change, so that older ones are not used."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A planned build: the environment's name, its requirements, and its Python.

    ``conda`` is the program that builds it, empty for uv. Definitions with the same ``digest`` share a build.
    """

    name: str
    requirements: Requirements
    interpreter: Interpreter
    notes: tuple[str, ...]
    digest: str
    conda: str = ""
    dependencies: dict[str, Any] | None = None


def plan(
    definition: Mapping[str, Any] | None, allow: Iterable[str] = ()
) -> Plan | BuiltEnvironment:
    """The plan for a definition; or the environment itself if the user manages it.

    Raises:
        InvalidEnvironmentError: the definition is malformed.
        InvalidRequirementError: a requirement is invalid, or not allowed.
        EnvironmentBuildError: the named interpreter cannot be run.
    """
    if definition is None:
        return _as_it_is(sys.executable, ())
    python = python_section(definition)
    notes = tuple(_container_notes(definition))
    conda = python.get("condaDependencies")
    if python.get("userManagedDependencies") or not conda:
        return _as_it_is(_interpreter(python.get("interpreterPath")), notes)
    requirements = requirements_of(conda, allow)
    program = environment_conda.asked_program()
    if program:
        environment_conda.check_channels(conda, allowed_kinds(allow))
    interpreter = interpreter_for(requirements.python)
    if interpreter.stands_in and requirements.python != DEFAULT_PYTHON and not program:
        notes += (f"Python {requirements.python} was asked for: {interpreter.version} stands in.",)
    content = {
        "form": _FORM,
        "lines": sorted(requirements.lines),
        "options": requirements.options,
        "allowed": sorted(allowed_kinds(allow)),
        "python": [requirements.python if interpreter.stands_in else "", interpreter.minor],
        "base": interpreter.path,
        "index": {name: os.environ[name] for name in INDEX_VARIABLES if name in os.environ},
        "self": [str(own_package.PACKAGE), VERSION, own_package.own_requirements()],
        "conda": conda if program else None,
    }
    text = json.dumps(content, sort_keys=True, default=str)
    return Plan(
        name=str(definition.get("name") or ""),
        requirements=requirements,
        interpreter=interpreter,
        notes=notes + requirements.notes,
        digest=hashlib.sha256(text.encode()).hexdigest()[:32],
        conda=program,
        dependencies=conda if program else None,
    )


def _as_it_is(python: str, notes: tuple[str, ...]) -> BuiltEnvironment:
    """An interpreter that the user manages."""
    version = version_of(python)
    path: tuple[str, ...] = (str(FOLDER),)
    if python != sys.executable:
        path = own_package.path_for_another()
        if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
            oldest = ".".join(map(str, OLDEST))
            notes += (
                f"{python} is Python {version}; aml_magics needs {oldest}, so the script finds no run to log to.",
            )
    digest = hashlib.sha256(python.encode()).hexdigest()[:32]
    return BuiltEnvironment(python, version, digest, notes=notes, path=path)


def _interpreter(path: object) -> str:
    if not path or path in ("python", "python3"):  # Azure's default: the current Python
        return sys.executable
    found = shutil.which(os.path.expanduser(str(path)))  # noqa: PTH111 -- a name on PATH, too
    if found is None:
        raise EnvironmentBuildError(
            f"The interpreter {str(path)!r:.200} of the environment is not here; set "
            "environment.python.interpreter_path to a Python that is, or to 'python' for the current one."
        )
    return found


def _container_notes(definition: Mapping[str, Any]) -> Iterable[str]:
    docker = definition.get("docker")
    if not isinstance(docker, dict):
        return
    if docker.get("enabled") or docker.get("baseDockerfile"):
        yield "No container is used: the packages are those of the environment, on this machine's system."
