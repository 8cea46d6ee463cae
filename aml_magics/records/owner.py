"""The process that owns a run, with what distinguishes it from one that reuses its pid."""

from __future__ import annotations

from dataclasses import dataclass, field

HEARTBEAT = 5.0
"""Seconds between two heartbeats of an owner."""

SILENCE = 3 * HEARTBEAT
"""Seconds without a heartbeat after which a run is NotResponding."""


@dataclass(frozen=True, slots=True)
class OwnerRecord:
    """A process that owns runs.

    ``started`` is the process's start time in units of its operating system (clock ticks since boot on
    Linux, seconds elsewhere), which reveals a reused pid. ``namespace`` is the PID namespace of ``pid``,
    empty if the system has none and in rows of earlier versions; ``machine`` is empty if the machine has no
    id. ``silent`` is the seconds since its last heartbeat when its row was read.
    """

    id: str
    host: str
    boot: str
    pid: int
    started: float
    heartbeat: float = 0.0
    machine: str = ""
    namespace: str = ""
    silent: float = field(default=0.0, compare=False)
