"""What the driver and a worker process tell each other, over a socket."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Begin:
    """The first order: what the process is to be. Folders are those of its logs; ``arguments`` are for the script."""

    entry_script: str
    arguments: tuple[str, ...]
    is_appended: bool
    logging_level: str
    log: str
    output: str
    name: str


@dataclass(frozen=True, slots=True)
class Work:
    """A mini-batch of an input to run. ``payload`` are its pickled items, or the file that has them."""

    index: int
    input: str
    payload: bytes | str
    partition: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """``init()`` has returned."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The script cannot be used: what it raised, in a line and as a traceback."""

    reason: str
    trace: str


@dataclass(frozen=True, slots=True)
class Done:
    """``run()`` has returned for a mini-batch: of how many items, and the rows to append."""

    index: int
    items: int
    rows: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Failed:
    """``run()`` has raised for a mini-batch."""

    index: int
    reason: str
    trace: str


Answer = Ready | Broken | Done | Failed
