"""What is told of files that are moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class TransferEvent:
    """A file begins to be moved, has been moved, or is left as it is since one of its name is there.

    ``number`` is the place of a file in what was asked for, from 0; ``source`` and ``target`` are where
    it comes from and goes to; ``done`` are the files moved so far, of ``total``.
    """

    step: Literal["begin", "end", "skip"]
    number: int
    source: str
    target: str
    done: int
    total: int
