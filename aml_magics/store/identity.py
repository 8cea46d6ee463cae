"""Whether a store that is open is still the one that its folder and its address hold.

A process keeps a database open that was removed long ago, and all it writes there is lost. So each
transaction looks: at two files first, then, within it, at the id and the schema of the catalogue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from sqlalchemy import exc

from aml_magics.errors import StoreCorruptError, StoreGoneError
from aml_magics.store.home import DESCRIPTION, read_description
from aml_magics.store.migration import refuse_newer
from aml_magics.store.schema import REVISION, WORKSPACE_ID

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.store.catalogue import Catalogue

_QUESTION: Final = (
    f"SELECT version_num, (SELECT value FROM meta WHERE name = '{WORKSPACE_ID}') "  # noqa: S608 -- a constant
    "FROM alembic_version"
)
_NO_TABLE: Final = ("no such table", "does not exist")


class Identity:
    """What a store was when it was opened.

    Args:
        folder: of the workspace; one that holds no description yet is known by its database alone.
        catalogue: with its tables.
    """

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._description = folder / DESCRIPTION
        self._described: tuple[int, ...] | None = None
        if self._description.exists():
            self._described = _mark_of(self._description)
        record = read_description(folder)
        self._record_id = None if record is None else record.id
        self._database = self._inode() if catalogue.is_sqlite else ()
        with catalogue.read() as connection:
            self.id: str = connection.exec_driver_sql(_QUESTION).one()[1]

    def look(self) -> None:
        """Look whether the files are those that were opened; takes a few microseconds.

        Raises:
            StoreGoneError: they are not.
        """
        try:
            if self._described is not None:
                self._look_at_description()
            if self._catalogue.is_sqlite and self._inode() != self._database:
                raise self._gone("was replaced by another")
        except (FileNotFoundError, NotADirectoryError):
            raise self._gone("was removed") from None

    def verify(self, connection: sa.Connection) -> None:
        """Look, within a transaction that writes, whether the catalogue is the one that was opened.

        Raises:
            StoreGoneError: it is not.
            StoreTooNewError: a later version of aml_magics has migrated it meanwhile.
        """
        try:
            found = connection.exec_driver_sql(_QUESTION).fetchone()
        except exc.DBAPIError as error:
            if any(words in str(error.orig) for words in _NO_TABLE):
                raise self._gone("was emptied") from error
            raise
        if found is None:
            raise self._gone("was emptied")
        if found[0] != REVISION:
            refuse_newer(connection, self._catalogue, found[0])
        if tuple(found) != (REVISION, self.id):
            raise self._gone("was replaced by another")

    def _look_at_description(self) -> None:
        mark = _mark_of(self._description)
        if mark == self._described:
            return
        try:
            record = read_description(self._folder)
        except StoreCorruptError:  # whose it is cannot be read; who opens it next is told
            return
        if record is None or record.id != self._record_id:
            raise self._gone("was replaced by another")
        self._described = mark

    def _inode(self) -> tuple[int, ...]:
        status = self._catalogue.path.stat()
        if not status.st_size:
            raise self._gone("was emptied")
        return status.st_dev, status.st_ino

    def _gone(self, what: str) -> StoreGoneError:
        return StoreGoneError(
            f"The workspace in {self._folder} {what} while this process had it open: nothing more is kept of "
            "what it began there. Open the workspace again and start a new run."
        )


def _mark_of(path: Path) -> tuple[int, ...]:
    status = path.stat()
    return status.st_ino, status.st_mtime_ns, status.st_size
