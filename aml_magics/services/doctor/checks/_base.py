"""What a check is: it looks at one thing, changes nothing, and says in a line what it found."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from aml_magics.store.catalogue.catalogue import Catalogue
from aml_magics.store.home import read_description

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Level(StrEnum):
    """How bad it is: fine, to be known, or broken."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, and how it is mended."""

    level: Level
    text: str
    remedy: str = ""


def ok(text: str) -> Finding:
    """All is well."""
    return Finding(Level.OK, text)


def warn(text: str, remedy: str) -> Finding:
    """It works, and something should be known."""
    return Finding(Level.WARN, text, remedy)


def fail(text: str, remedy: str = "") -> Finding:
    """It does not work."""
    return Finding(Level.FAIL, text, remedy)


class Check(ABC):
    """One check; its file's name is what the report calls it."""

    reads_runs: ClassVar[bool] = False
    """Whether it reads the tables, and so is left out when the catalogue cannot be read."""

    @abstractmethod
    def findings(self, folder: Path) -> Iterator[Finding]:
        """Look, and say what was found.

        Args:
            folder: the folder of a workspace, which need not exist.

        Raises:
            AmlError: what does not work; the doctor makes it a finding.
        """


@contextmanager
def kept_catalogue(folder: Path) -> Iterator[Catalogue | None]:
    """The catalogue of a workspace as it is, neither made nor migrated; None where there is none yet."""
    record = read_description(folder)
    database = folder / "catalogue.db"
    if record is None or not (record.catalogue or database.exists()):
        yield None
        return
    catalogue = Catalogue(record.catalogue or f"sqlite:///{database}")
    try:
        yield catalogue
    finally:
        catalogue.close()
