"""References to data of a datastore."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import InvalidArgumentError, described
from aml_magics.records.data.data_use import check_data_name, check_path_on_compute
from aml_magics.sdk.data.store.abstract_datastore import AbstractDatastore
from aml_magics.services.data.store.path import checked_path

if TYPE_CHECKING:
    from collections.abc import Sequence

_MODES: Final = ("mount", "download", "upload")


@dataclass
class DataReferenceConfiguration:
    """A data reference in a run configuration."""

    datastore_name: str | None = None
    mode: str = "mount"
    path_on_datastore: str | None = None
    path_on_compute: str | None = None
    overwrite: bool = False


class DataReference:
    """A path of a datastore that a script gets as a folder.

    As an argument of a script it stands for the folder; its text is a placeholder until the run starts.

    Args:
        data_reference_name: the script's name for it; generated if None.
        path_on_datastore: below the root of the datastore; all of it if None.
        mode: ``mount``, ``download`` or ``upload``.
        path_on_compute: the folder, relative to the script's working directory.
        overwrite: whether existing files are replaced.

    Raises:
        SubmissionError: the name is not valid for a folder.
        InvalidPathError: the path leaves the datastore, or the script's path leaves its folder.
        InvalidArgumentError: ``datastore`` is not a datastore, or another mode.
    """

    def __init__(
        self,
        datastore: AbstractDatastore,
        data_reference_name: str | None = None,
        path_on_datastore: str | None = None,
        mode: str = "mount",
        path_on_compute: str | None = None,
        overwrite: bool = False,
    ) -> None:
        if not isinstance(datastore, AbstractDatastore):
            raise InvalidArgumentError(
                "A DataReference takes a datastore first, such as ws.get_default_datastore(), not "
                f"{described(datastore)}."
            )
        self.datastore = datastore
        self.data_reference_name = check_data_name(
            data_reference_name or uuid.uuid4().hex, "data reference"
        )
        self.path_on_datastore = path_on_datastore
        self.path_on_compute = check_path_on_compute(path_on_compute)
        self.mode = check_mode(mode)
        self.overwrite = overwrite
        checked_path(path_on_datastore or "", "path_on_datastore")

    def path(
        self, path: str | None = None, data_reference_name: str | None = None
    ) -> DataReference:
        """A reference to a path below this one.

        Raises:
            InvalidPathError: the path leaves the datastore.
        """
        below = checked_path(path or "")
        parts = [checked_path(self.path_on_datastore or "", "path_on_datastore"), below]
        return DataReference(
            self.datastore, data_reference_name, "/".join(part for part in parts if part) or None
        )

    def as_download(
        self, path_on_compute: str | None = None, overwrite: bool = False
    ) -> DataReference:
        """The same data, copied to the script's working directory before it starts."""
        return self._as("download", path_on_compute, overwrite)

    def as_mount(self) -> DataReference:
        """The same data as a folder; a local datastore needs no copy for it."""
        return self._as("mount", self.path_on_compute, self.overwrite)

    def as_upload(
        self, path_on_compute: str | None = None, overwrite: bool = False
    ) -> DataReference:
        """A folder whose files are uploaded to the datastore when the script has ended."""
        return self._as("upload", path_on_compute, overwrite)

    def to_config(self) -> DataReferenceConfiguration:
        """Its form in a run configuration."""
        return DataReferenceConfiguration(
            self.datastore.name,
            self.mode,
            self.path_on_datastore,
            self.path_on_compute,
            self.overwrite,
        )

    def _as(self, mode: str, path_on_compute: str | None, overwrite: bool) -> DataReference:
        name, path = self.data_reference_name, self.path_on_datastore
        return DataReference(self.datastore, name, path, mode, path_on_compute, overwrite)

    def __str__(self) -> str:
        """The placeholder for the folder among a script's arguments."""
        return f"$AZUREML_DATAREFERENCE_{self.data_reference_name}"

    __repr__ = __str__


def check_mode(mode: str) -> str:
    """Check the mode of a data reference.

    Raises:
        InvalidArgumentError: an unknown mode.
    """
    if mode not in _MODES:
        raise InvalidArgumentError(
            f"The mode of a data reference is one of {', '.join(_MODES)}, not {mode!r:.60}."
        )
    return mode


class SqlDataReference:
    """A table, a query or a stored procedure of a database; exactly one of them.

    Args:
        datastore: the database.
        data_reference_name: generated if None.

    Raises:
        InvalidArgumentError: none of the three, or several.
        SubmissionError: the name is not valid for a folder.
    """

    def __init__(
        self,
        datastore: AbstractDatastore,
        data_reference_name: str | None = None,
        sql_table: str | None = None,
        sql_query: str | None = None,
        sql_stored_procedure: str | None = None,
        sql_stored_procedure_params: Sequence[Any] | None = None,
    ) -> None:
        given = [one for one in (sql_table, sql_query, sql_stored_procedure) if one]
        if len(given) != 1:
            raise InvalidArgumentError(
                "A SqlDataReference has one of sql_table, sql_query and sql_stored_procedure, not "
                f"{len(given)} of them."
            )
        self.datastore = datastore
        self.data_reference_name = check_data_name(
            data_reference_name or uuid.uuid4().hex, "data reference"
        )
        self.sql_table = sql_table
        self.sql_query = sql_query
        self.sql_stored_procedure = sql_stored_procedure
        self.sql_stored_procedure_params = sql_stored_procedure_params

    def __str__(self) -> str:
        """The placeholder among a script's arguments."""
        return f"$AZUREML_DATAREFERENCE_{self.data_reference_name}"

    __repr__ = __str__
