"""A path of a datastore and its binding to a script, as Azure ML SDK v1 names them."""

from __future__ import annotations

import uuid

from aml_magics.errors import InvalidArgumentError, described
from aml_magics.records.data_use import check_path_on_compute
from aml_magics.sdk.data.store.abstract_datastore import AbstractDatastore
from aml_magics.sdk.data.store.reference import DataReference, check_mode
from aml_magics.services.data.store.path import checked_path


class DataPath:
    """A path of a datastore, without a binding to a script.

    Args:
        datastore: where the data lies.
        path_on_datastore: below the root of the datastore; all of it where None.
        name: what it is called; made up where None.

    Raises:
        InvalidArgumentError: no datastore.
        InvalidPathError: the path leads out of the datastore.
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
        """Datastore and path."""
        return f"DataPath({self.datastore_name!r}, {self.path_on_datastore or ''!r})"


class DataPathComputeBinding:
    """How a script gets a path.

    Args:
        mode: ``mount``, ``download`` or ``upload``.
        path_on_compute: the folder, relative to where the script runs.
        overwrite: whether what is there is replaced.

    Raises:
        InvalidArgumentError: another mode.
        InvalidPathError: the folder is not below where the script runs.
    """

    def __init__(
        self, mode: str = "mount", path_on_compute: str | None = None, overwrite: bool = False
    ) -> None:
        self.mode = check_mode(mode)
        self.path_on_compute = check_path_on_compute(path_on_compute)
        self.overwrite = overwrite

    def __repr__(self) -> str:
        """Mode, and the folder where one is named."""
        where = f", path_on_compute={self.path_on_compute!r}" if self.path_on_compute else ""
        return f"DataPathComputeBinding(mode={self.mode!r}{where})"

    @staticmethod
    def create_from_data_reference(data_reference: DataReference) -> DataPathComputeBinding:
        """The binding of a data reference."""
        return DataPathComputeBinding(
            data_reference.mode, data_reference.path_on_compute, data_reference.overwrite
        )
