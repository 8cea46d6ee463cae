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
    """Finds SQLite on a network file system, whose locks cannot be trusted."""

    def findings(self, folder: Path) -> Iterator[Finding]:
        """What kind of file system it is."""
        record = read_description(folder)
        is_embedded = record is None or not record.catalogue
        yield judged(filesystem_type(folder), folder, is_embedded=is_embedded)


def judged(kind: str | None, folder: Path, *, is_embedded: bool) -> Finding:
    """What a type of file system means for a workspace."""
    if not is_network(kind):
        return ok(f"{folder} is on a local file system ({kind or 'of unknown type'})")
    if not is_embedded:
        return ok(f"{folder} is on a network file system ({kind}), and the catalogue is not")
    return warn(
        f"{folder} is on a network file system ({kind}), where SQLite's locks cannot be trusted",
        "set AML_MAGICS_HOME to a local folder, or use PostgreSQL: `aml-magics workspace --help`",
    )
