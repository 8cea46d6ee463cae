"""The lock of an environment, to be installed elsewhere: in the image of a container."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aml_magics.errors import EnvironmentBuildError, InvalidEnvironmentError
from aml_magics.records.environment import BuiltEnvironment
from aml_magics.services.environment.build import READY
from aml_magics.services.environment.lock import building, environments
from aml_magics.services.environment.plan import Plan, plan
from aml_magics.services.environment.resolution import LOCK, resolve
from aml_magics.services.environment.uv import UvError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Lock:
    """Pinned requirements with the hashes of their files, in pip's notation, and the Python they are for (``3.11``)."""

    text: str
    python: str
    notes: tuple[str, ...] = ()


def pinned_plan(definition: Mapping[str, Any]) -> Plan:
    """What a lock of a definition is made for.

    Raises:
        InvalidEnvironmentError: the definition is malformed, or names an interpreter that the user manages.
    """
    planned = plan(definition)
    if isinstance(planned, BuiltEnvironment):
        raise InvalidEnvironmentError(
            "The packages of an image come from its environment, and this one is managed by the user "
            "(userManagedDependencies, or no condaDependencies): name its packages, such as "
            "Environment.from_pip_requirements(name, 'requirements.txt')."
        )
    return planned


def lock_of(definition: Mapping[str, Any]) -> Lock:
    """The lock of a definition: that of its build if there is one, else resolved now. Nothing is installed.

    Raises:
        InvalidEnvironmentError: the definition is malformed, or names an interpreter that the user manages.
        EnvironmentBuildError: no versions fit.
    """
    planned = pinned_plan(definition)
    built = environments() / planned.digest
    with building(planned.digest, lambda: None) as handle:
        if (built / READY).exists() and (built / LOCK).exists():
            text, notes = (built / LOCK).read_text(encoding="utf-8"), planned.notes
        else:
            with tempfile.TemporaryDirectory() as folder:
                try:
                    gave_way = resolve(planned, Path(folder), handle)
                except UvError as error:
                    raise EnvironmentBuildError(
                        f"The environment {planned.name!r:.80} cannot be resolved for Python "
                        f"{planned.interpreter.version}: {error.reason}"
                    ) from None
                text = (Path(folder) / LOCK).read_text(encoding="utf-8")
                notes = planned.notes + gave_way
    return Lock(text, planned.interpreter.minor, notes)
