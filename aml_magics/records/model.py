"""A model: files under a name and a version, and what is known of where they come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of a model: ``name`` is its path in the model, ``digest`` the SHA-256 in hex, ``size`` in bytes."""

    name: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class ModelDataset:
    """A dataset version that a model was made with; ``purpose`` is free text such as ``training data``."""

    purpose: str
    dataset_id: str


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """One version of a model; times are seconds since the epoch, UTC.

    ``version`` counts from 1 for each name, 0 if not assigned yet; the number of a deleted version is not used
    again. ``path`` is the file, or the folder of all ``files``. ``run_id`` and ``experiment`` are empty if no
    run made it; the run may be deleted, the model stays. ``source`` is where MLflow said that it comes from.
    ``stage`` is MLflow's, empty for none. ``resources`` are what one copy of it needs when it is deployed, plain
    JSON. ``sample_input`` and ``sample_output`` are ids of datasets. ``key`` is that of its row, 0 before it has one.
    """

    name: str
    version: int
    path: str
    created: float
    run_id: str = ""
    experiment: str = ""
    author: str = ""
    updated: float = 0.0
    source: str = ""
    description: str = ""
    framework: str | None = None
    framework_version: str | None = None
    stage: str = ""
    tags: dict[str, str | None] = field(default_factory=dict)
    properties: dict[str, str | None] = field(default_factory=dict)
    resources: dict[str, Any] | None = None
    sample_input: str | None = None
    sample_output: str | None = None
    aliases: tuple[str, ...] = ()
    datasets: tuple[ModelDataset, ...] = ()
    files: tuple[ModelFile, ...] = ()
    key: int = field(default=0, compare=False)

    @property
    def id(self) -> str:
        """The name and the version, as Azure writes it."""
        return f"{self.name}:{self.version}"

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(one.size for one in self.files)


@dataclass(frozen=True, slots=True)
class RegisteredModel:
    """What all versions of a name share; ``aliases`` maps each alias to its version."""

    name: str
    created: float
    updated: float
    description: str = ""
    tags: dict[str, str | None] = field(default_factory=dict)
    aliases: dict[str, int] = field(default_factory=dict)
