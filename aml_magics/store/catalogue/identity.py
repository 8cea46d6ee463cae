"""Checks that an open store is still the one that its folder and address hold.

A process can keep a removed database open, and then everything it writes is lost. So each transaction
checks: a file first, then, within it, the id and the schema of the catalogue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from sqlalchemy import exc

from aml_magics.errors import StoreCorruptError, StoreGoneError
from aml_magics.store.catalogue.migration import refuse_newer
from aml_magics.store.catalogue.schema import REVISION, WORKSPACE_ID
from aml_magics.store.home import DESCRIPTION, read_description

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.records.workspace import WorkspaceRecord
    from aml_magics.store.catalogue.catalogue import Catalogue

_QUESTION: Final = (
    f"SELECT version_num, (SELECT value FROM meta WHERE name = '{WORKSPACE_ID}') "  # noqa: S608 -- a constant
    "FROM alembic_version"
)
_NO_TABLE: Final = ("no such table", "does not exist")


class Identity:
    """The identity of a store at the time it was opened.

    Args:
        record: the workspace as its folder describes it, or will.
        id_: the catalogue's id; on a catalogue shared by machines it may differ from the record's.
    """

    def __init__(
        self, record: WorkspaceRecord, folder: Path, catalogue: Catalogue, id_: str
    ) -> None:
        self._record_id = record.id
        self._folder = folder
        self._catalogue = catalogue
        self._id = id_
        self._file = catalogue.path
        self._description = folder / DESCRIPTION
        self._described: tuple[int, ...] = ()
        self._database = self._inode() if catalogue.is_sqlite else ()

    def check(self) -> None:
        """Check that the database file or workspace description is the one that was opened.

        Raises:
            StoreGoneError: it is not.
        """
        try:
            if not self._catalogue.is_sqlite:
                self._check_description()
            elif self._inode() != self._database:
                raise self._gone("was replaced by another")
        except (FileNotFoundError, NotADirectoryError):
            raise self._gone("was removed") from None

    def check_fully(self) -> None:
        """Check both; the inode number of a removed database file may have been reused."""
        self.check()
        try:
            self._check_description()
        except (FileNotFoundError, NotADirectoryError):
            raise self._gone("was removed") from None

    def verify(self, connection: sa.Connection) -> None:
        """Check in a writing transaction that the catalogue is the one that was opened.

        Raises:
            StoreGoneError: it is not.
            StoreTooNewError: a later version of aml_magics has migrated it meanwhile.
        """
        try:
            found = self._catalogue.first_row(connection, _QUESTION)
        except exc.DBAPIError as error:
            if any(words in str(error.orig) for words in _NO_TABLE):
                raise self._gone("was emptied") from error
            raise
        if found is None:
            raise self._gone("was emptied")
        if found[0] != REVISION:
            refuse_newer(connection, self._catalogue, found[0])
        if tuple(found) != (REVISION, self._id):
            raise self._gone("was replaced by another")

    def _check_description(self) -> None:
        version = _version_of(self._description)
        if version == self._described:
            return
        try:
            record = read_description(self._folder)
        except StoreCorruptError:  # unreadable; the next open reports it
            return
        if record is None or record.id != self._record_id:
            raise self._gone("was replaced by another")
        self._described = version

    def _inode(self) -> tuple[int, ...]:
        status = self._file.stat()
        if not status.st_size:
            raise self._gone("was emptied")
        return status.st_dev, status.st_ino

    def _gone(self, what: str) -> StoreGoneError:
        return StoreGoneError(
            f"The workspace in {self._folder} {what} while this process had it open: nothing more is kept of "
            "what it began there. Open the workspace again and start a new run."
        )


def _version_of(path: Path) -> tuple[int, ...]:
    status = path.stat()
    return status.st_ino, status.st_mtime_ns, status.st_size
