"""References to data of a datastore, as Azure ML SDK v1 names them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import InvalidArgumentError, described
from aml_magics.records.data_use import check_data_name, check_path_on_compute
from aml_magics.sdk.data.store.abstract_datastore import AbstractDatastore
from aml_magics.services.data.store.path import checked_path

if TYPE_CHECKING:
    from collections.abc import Sequence

_MODES: Final = ("mount", "download", "upload")


@dataclass
class DataReferenceConfiguration:
    """A data reference as a run configuration keeps it."""

    datastore_name: str | None = None
    mode: str = "mount"
    path_on_datastore: str | None = None
    path_on_compute: str | None = None
    overwrite: bool = False


class DataReference:
    """A path of a datastore that a script is given as a folder.

    As an argument of a script it stands for the folder, and its text is a placeholder until then.

    Args:
        datastore: where the data lies.
        data_reference_name: what the script knows it by; made up where None.
        path_on_datastore: below the root of the datastore; all of it where None.
        mode: ``mount``, ``download`` or ``upload``.
        path_on_compute: the folder, relative to where the script runs.
        overwrite: whether what is there is replaced.

    Raises:
        SubmissionError: the name can name no folder.
        InvalidPathError: the path leads out of the datastore, or that of the script out of its folder.
        InvalidArgumentError: no datastore, or another mode.
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
        """A reference to what is below this one.

        Raises:
            InvalidPathError: the path leads out of the datastore.
        """
        below = checked_path(path or "")
        parts = [checked_path(self.path_on_datastore or "", "path_on_datastore"), below]
        return DataReference(
            self.datastore, data_reference_name, "/".join(part for part in parts if part) or None
        )

    def as_download(
        self, path_on_compute: str | None = None, overwrite: bool = False
    ) -> DataReference:
        """The same data, copied to where the script runs before it begins."""
        return self._as("download", path_on_compute, overwrite)

    def as_mount(self) -> DataReference:
        """The same data as a folder, of which a local datastore needs no copy."""
        return self._as("mount", self.path_on_compute, self.overwrite)

    def as_upload(
        self, path_on_compute: str | None = None, overwrite: bool = False
    ) -> DataReference:
        """What the script writes into the folder is put to the datastore when it has ended."""
        return self._as("upload", path_on_compute, overwrite)

    def to_config(self) -> DataReferenceConfiguration:
        """As a run configuration keeps it."""
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
        """The placeholder that stands for the folder among the arguments of a script."""
        return f"$AZUREML_DATAREFERENCE_{self.data_reference_name}"

    __repr__ = __str__


def check_mode(mode: str) -> str:
    """A mode of a data reference.

    Raises:
        InvalidArgumentError: another.
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
        data_reference_name: what it is called; made up where None.
        sql_table: the name of a table.
        sql_query: a query.
        sql_stored_procedure: the name of a stored procedure.
        sql_stored_procedure_params: its parameters.

    Raises:
        InvalidArgumentError: none of the three, or several.
        SubmissionError: the name can name no folder.
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
        """The placeholder that stands for it among the arguments of a script."""
        return f"$AZUREML_DATAREFERENCE_{self.data_reference_name}"

    __repr__ = __str__
