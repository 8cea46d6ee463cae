"""The process that owns a run, with what tells it from one that reuses its pid."""

from __future__ import annotations

from dataclasses import dataclass, field

HEARTBEAT = 5.0
"""Seconds between two heartbeats of an owner."""

SILENCE = 3 * HEARTBEAT
"""Seconds without a heartbeat after which a run is NotResponding."""


@dataclass(frozen=True, slots=True)
class OwnerRecord:
    """One process that owns runs.

    ``started`` is the process's start time as its operating system counts it (clock ticks since
    boot on Linux, seconds elsewhere), so that a reused pid is seen as another process.
    ``namespace`` is the PID namespace in which ``pid`` means something, empty where the system has
    none and in rows of earlier versions; ``machine`` is empty where the machine has no id.
    ``silent`` is for how many seconds nothing was heard of it when its row was read.
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
