"""A model: files that a run made, registered under a name and a version."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of a model: ``name`` is its name in the run, ``digest`` the SHA-256 in hex, ``size`` in bytes."""

    name: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """One version of a model; ``created`` is seconds since the epoch, UTC.

    ``version`` counts from 1 for each name, 0 if not assigned yet. ``path`` is the file or folder of the run
    that became the model. The run may be deleted; the model stays.
    """

    name: str
    version: int
    run_id: str
    experiment: str
    path: str
    created: float
    description: str = ""
    framework: str | None = None
    framework_version: str | None = None
    tags: dict[str, str | None] = field(default_factory=dict)
    properties: dict[str, str | None] = field(default_factory=dict)
    files: tuple[ModelFile, ...] = ()

    @property
    def id(self) -> str:
        """The name and the version, as Azure writes it."""
        return f"{self.name}:{self.version}"
