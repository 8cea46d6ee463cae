"""A job: the command of a submitted run, and its machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aml_magics.records.data.data_use import DataUse
from aml_magics.records.distribution import Distribution


@dataclass(frozen=True, slots=True)
class JobRecord:
    """Everything a worker needs to execute a run.

    ``command`` is a whole command line; without it ``script``, or else ``module``, is run by the environment's Python.
    ``environment`` is an environment's definition, None for the submitting interpreter, whose path is
    ``python``. ``max_seconds`` limits the script. ``host`` is the machine whose queue holds the job.
    ``folder`` is where the submitted folder was, None for a job of an earlier version. ``place`` is the working
    folder if it is not the copy of the submitted folder. ``definition`` is the run
    configuration as written, including fields without meaning on one machine. ``data`` is what the script
    reads and writes; placeholders among the words stand for it. ``distribution`` is how the script is started as
    several processes, None for a single one. ``nodes`` is how many nodes of its compute target the run takes.
    """

    run_key: int
    host: str
    script: str | None = None
    module: str = ""
    command: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    python: str = ""
    environment: dict[str, Any] | None = None
    variables: dict[str, str] = field(default_factory=dict)
    max_seconds: float | None = None
    place: str | None = None
    folder: str | None = None
    definition: dict[str, Any] = field(default_factory=dict)
    data: DataUse = field(default_factory=DataUse)
    distribution: Distribution | None = None
    nodes: int = 1

    @classmethod
    def of_dict(cls, fields: dict[str, Any]) -> JobRecord:
        """The job whose fields ``asdict`` gave, and JSON kept."""
        words = {name: tuple(fields[name]) for name in ("command", "arguments")}
        data = DataUse.of_dict(fields.get("data") or {})
        several = fields.get("distribution")
        distribution = None if several is None else Distribution(**several)
        return cls(**{**fields, **words, "data": data, "distribution": distribution})


@dataclass(frozen=True, slots=True)
class QueuedJob:
    """A run that waits for its target, or has taken its nodes there.

    ``began`` is when its script began; None while it waits or prepares.
    """

    run_key: int
    target: str
    nodes: int
    is_waiting: bool
    is_canceled: bool
    began: float | None
    ended: float | None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the submitted folder; ``mode`` holds its permission bits."""

    name: str
    digest: str
    size: int
    mode: int
