"""A job: what a submitted run is to do, and on which machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aml_magics.records.data_use import DataUse


@dataclass(frozen=True, slots=True)
class JobRecord:
    """What a worker needs to execute a run.

    ``command`` is a whole command line where it is given; else ``script`` is run by the environment's
    Python. ``environment`` is an environment's definition, None for the interpreter that submits,
    whose path is ``python``. ``max_seconds`` is how long the script may take. ``host`` is
    the machine whose queue holds the job. ``place`` is the folder to work
    in where that is not the copy of the folder that was submitted. ``definition`` is the run
    configuration as it was written, with what has no meaning on one machine. ``data`` is what the script
    reads and writes; placeholders among the words stand for it.
    """

    run_key: int
    host: str
    script: str | None = None
    command: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    python: str = ""
    environment: dict[str, Any] | None = None
    variables: dict[str, str] = field(default_factory=dict)
    max_seconds: float | None = None
    place: str | None = None
    definition: dict[str, Any] = field(default_factory=dict)
    data: DataUse = field(default_factory=DataUse)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the folder that a run was submitted with; ``mode`` has its permission bits."""

    name: str
    digest: str
    size: int
    mode: int
