"""The differences between two runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """A changed value; None with ``has_…`` false if a run has no such name."""

    name: str
    before: Any
    after: Any
    has_before: bool = True
    has_after: bool = True


@dataclass(frozen=True, slots=True)
class RunDiff:
    """All differences between two runs; empty lists if they are alike.

    ``code``, ``upstream`` and ``patch`` are lines of a unified diff.
    """

    first: str
    second: str
    params: list[Change] = field(default_factory=list)
    metrics: list[Change] = field(default_factory=list)
    tags: list[Change] = field(default_factory=list)
    packages: list[Change] = field(default_factory=list)
    git: list[Change] = field(default_factory=list)
    data: list[Change] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    upstream: list[str] = field(default_factory=list)
    patch: list[str] = field(default_factory=list)
