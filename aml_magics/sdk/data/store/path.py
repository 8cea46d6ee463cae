"""Paths of a datastore, and their binding to a script."""

from __future__ import annotations

import uuid

from aml_magics.errors import InvalidArgumentError, described
from aml_magics.records.data.data_use import check_path_on_compute
from aml_magics.sdk.data.store.abstract_datastore import AbstractDatastore
from aml_magics.sdk.data.store.reference import DataReference, check_mode
from aml_magics.services.data.store.path import checked_path


class DataPath:
    """A path of a datastore, without a binding to a script.

    Args:
        path_on_datastore: below the root of the datastore; all of it if None.
        name: generated if None.

    Raises:
        InvalidArgumentError: ``datastore`` is not a datastore.
        InvalidPathError: the path leaves the datastore.
    """

    def __init__(
        self,
        datastore: AbstractDatastore | None = None,
        path_on_datastore: str | None = None,
        name: str | None = None,
    ) -> None:
        if not isinstance(datastore, AbstractDatastore):
            raise InvalidArgumentError(
                "A DataPath takes a datastore first, such as ws.get_default_datastore(), not "
                f"{described(datastore)}."
            )
        # of a database it is a query
        if hasattr(datastore, "upload_files"):
            checked_path(path_on_datastore or "", "path_on_datastore")
        self.datastore = datastore
        self.path_on_datastore = path_on_datastore
        self.name = name or uuid.uuid4().hex

    @property
    def datastore_name(self) -> str:
        """The name of the datastore."""
        return self.datastore.name

    @staticmethod
    def create_from_data_reference(data_reference: DataReference) -> DataPath:
        """The path of a data reference."""
        return DataPath(
            data_reference.datastore,
            data_reference.path_on_datastore,
            data_reference.data_reference_name,
        )

    def create_data_reference(
        self, data_reference_name: str | None, datapath_compute_binding: DataPathComputeBinding
    ) -> DataReference:
        """A data reference to this path with a binding."""
        return DataReference(
            self.datastore,
            data_reference_name or self.name,
            self.path_on_datastore,
            datapath_compute_binding.mode,
            datapath_compute_binding.path_on_compute,
            datapath_compute_binding.overwrite,
        )

    def __repr__(self) -> str:
        return f"DataPath({self.datastore_name!r}, {self.path_on_datastore or ''!r})"


class DataPathComputeBinding:
    """How a script gets a path.

    Args:
        mode: ``mount``, ``download`` or ``upload``.
        path_on_compute: the folder, relative to the script's working directory.
        overwrite: whether existing files are replaced.

    Raises:
        InvalidArgumentError: another mode.
        InvalidPathError: the folder is outside of the working directory.
    """

    def __init__(
        self, mode: str = "mount", path_on_compute: str | None = None, overwrite: bool = False
    ) -> None:
        self.mode = check_mode(mode)
        self.path_on_compute = check_path_on_compute(path_on_compute)
        self.overwrite = overwrite

    def __repr__(self) -> str:
        where = f", path_on_compute={self.path_on_compute!r}" if self.path_on_compute else ""
        return f"DataPathComputeBinding(mode={self.mode!r}{where})"

    @staticmethod
    def create_from_data_reference(data_reference: DataReference) -> DataPathComputeBinding:
        """The binding of a data reference."""
        return DataPathComputeBinding(
            data_reference.mode, data_reference.path_on_compute, data_reference.overwrite
        )
