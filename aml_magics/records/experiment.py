"""An experiment: a named series of runs."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ExperimentRecord:
    """An experiment in the catalogue; times are seconds since the epoch, UTC."""

    key: int
    id: str
    name: str
    created: float
    archived: float | None = None
    tags: dict[str, str | None] = field(default_factory=dict)
