"""The file system of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.services.doctor.checks._base import Check, Finding, ok, warn
from aml_magics.store.files.filesystem import filesystem_type, is_network
from aml_magics.store.home import read_description

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class FilesystemCheck(Check):
    """Finds SQLite on a network file system, whose locks are unreliable."""

    def findings(self, folder: Path) -> Iterator[Finding]:
        """The type of the file system."""
        record = read_description(folder)
        is_embedded = record is None or not record.catalogue
        yield judged(filesystem_type(folder), folder, is_embedded=is_embedded)


def judged(kind: str | None, folder: Path, *, is_embedded: bool) -> Finding:
    """Judge a type of file system."""
    if not is_network(kind):
        return ok(f"{folder} is on a local file system ({kind or 'of unknown type'})")
    if not is_embedded:
        return ok(f"{folder} is on a network file system ({kind}), and the catalogue is not")
    return warn(
        f"{folder} is on a network file system ({kind}), where SQLite's locks cannot be trusted",
        "set AML_MAGICS_HOME to a local folder, or use PostgreSQL: `aml-magics workspace --help`",
    )
