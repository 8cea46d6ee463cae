"""A compute target: where runs can be sent by a name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

LOCAL: Final = "local"
"""The target of a run that names none: this machine's own slots. No compute target has this name."""

RESERVED: Final = (LOCAL, "amlcompute", "containerinstance")
"""Names that Azure keeps for itself."""

KEPT: Final = ("Attached", "Created")
"""The states of a target that takes no runs: it was attached, or created."""


@dataclass(frozen=True, slots=True)
class ComputeRecord:
    """A compute target in the catalogue; times are seconds since the epoch, UTC.

    ``kind`` is the name of a file in ``aml_magics/kinds/computes``. ``settings`` are Azure's fields as they were
    given, without credentials. ``max_nodes`` is how many nodes its runs may take at once on each machine, 0 if it
    takes no runs. ``state`` is ``Succeeded``, or ``Stopped`` for a machine that was stopped. ``is_attached`` is
    whether it was attached rather than created.
    """

    key: int
    name: str
    kind: str
    created: float
    modified: float
    settings: dict[str, Any] = field(default_factory=dict)
    max_nodes: int = 0
    state: str = "Succeeded"
    is_attached: bool = False
    description: str = ""
    tags: dict[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Nodes:
    """The nodes of a target on this machine.

    ``current`` are there: busy, or idle and not yet given back. ``target`` is what the runs in the queue call for.
    ``changed`` is when a run last took or left one.
    """

    current: int
    target: int
    busy: int
    changed: float | None = None

    @property
    def idle(self) -> int:
        """Nodes that wait for a run."""
        return self.current - self.busy

    @property
    def allocation(self) -> str:
        """Azure's word for whether nodes are about to come or go."""
        return "Steady" if self.current == self.target else "Resizing"
