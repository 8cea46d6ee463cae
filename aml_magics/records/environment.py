"""An environment: the packages and variables that a script runs with, in versions.

A definition is the JSON that Azure ML writes for an environment, with its names in camel case.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

Definition = dict[str, Any]

CURATED_PREFIXES: Final = ("azureml", "microsoft")
"""Names that begin so are Azure's own, and ours to give."""

_NOT_CONTENT: Final = frozenset({"name", "version", "assetId"})


@dataclass(frozen=True, slots=True)
class EnvironmentRecord:
    """One version of an environment; ``created`` is seconds since the epoch, UTC.

    ``version`` counts from 1 for each name; ``digest`` is that of the content.
    """

    name: str
    version: int
    digest: str
    created: float
    definition: Definition
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BuiltEnvironment:
    """What a script can be started with.

    ``python`` is the interpreter's path. ``packages`` are the versions that the lock names, empty
    for an interpreter that somebody else looks after; ``folder`` is None for one too. ``path`` is
    what such an interpreter needs on its ``PYTHONPATH`` to import aml_magics and azureml; a built
    one needs nothing. ``notes`` tell, a
    line each, where what is there differs from what was asked for.
    """

    python: str
    python_version: str
    digest: str
    folder: str | None = None
    packages: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    size: int = 0


def content_digest(definition: Mapping[str, Any]) -> str:
    """The SHA-256 of what a definition says, whatever its name and version."""
    content = {name: value for name, value in definition.items() if name not in _NOT_CONTENT}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def is_curated_name(name: str) -> bool:
    """Whether a name is of those that Azure keeps for its own environments."""
    return name.lower().startswith(CURATED_PREFIXES)
