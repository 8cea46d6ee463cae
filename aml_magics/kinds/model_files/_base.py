"""The contract of a kind of model file: what can be said of it without running anything of it.

A kind is one file with one public class. It knows its files by their first bytes or their name, reads them as
data, and imports, loads and executes nothing that a file names.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import IO, ClassVar, Final

from aml_magics._registry import Registry

HEAD_BYTES: Final = 512
"""How many first bytes a kind sees to know its files."""

MOST_LISTED: Final = 200
"""Inputs, tensors and imports that are listed; of more, their number is said."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds.

    ``facts`` are labels with values, in the order in which they are read. ``imports`` are the names that loading the
    file would import, and ``risky`` those of them that can run anything. ``notices`` say what could not be read.
    """

    kind: str
    facts: tuple[tuple[str, str], ...] = ()
    imports: tuple[str, ...] = ()
    risky: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


class ModelFileKind(ABC):
    """A kind of model file."""

    title: ClassVar[str]
    """What people call it."""

    @abstractmethod
    def matches(self, name: str, head: bytes) -> bool:
        """Whether a file is of this kind, by its name and its first ``HEAD_BYTES``."""

    @abstractmethod
    def read(self, file: IO[bytes], size: int) -> Content:
        """Describe a file.

        Raises:
            ValueError: it is not what it seemed to be; the message says where it breaks.
        """


MODEL_FILES = Registry("aml_magics.kinds.model_files", ModelFileKind, "kind of model file")  # type: ignore[type-abstract]


def shortened(lines: list[str], what: str) -> tuple[list[str], tuple[str, ...]]:
    """The first lines, and a notice that says how many there are if there are more."""
    if len(lines) <= MOST_LISTED:
        return lines, ()
    return lines[:MOST_LISTED], (f"{len(lines):,} {what}; the first {MOST_LISTED} are listed.",)
