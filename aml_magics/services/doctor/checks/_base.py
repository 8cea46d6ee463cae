"""A check examines one thing, changes nothing, and reports its findings in a line each."""

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
    """Severity: fine, worth knowing, or broken."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding and its remedy."""

    level: Level
    text: str
    remedy: str = ""


def ok(text: str) -> Finding:
    """Everything is fine."""
    return Finding(Level.OK, text)


def warn(text: str, remedy: str) -> Finding:
    """It works, with a caveat."""
    return Finding(Level.WARN, text, remedy)


def fail(text: str, remedy: str = "") -> Finding:
    """It does not work."""
    return Finding(Level.FAIL, text, remedy)


class Check(ABC):
    """One check; the report names it by its file."""

    reads_runs: ClassVar[bool] = False
    """Whether it reads the tables, so that it is skipped if the catalogue cannot be read."""

    @abstractmethod
    def findings(self, folder: Path) -> Iterator[Finding]:
        """Run the check on a workspace's folder, which need not exist.

        Raises:
            AmlError: what does not work; the doctor makes it a finding.
        """


@contextmanager
def kept_catalogue(folder: Path) -> Iterator[Catalogue | None]:
    """An existing workspace's catalogue, neither made nor migrated; None without one."""
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
