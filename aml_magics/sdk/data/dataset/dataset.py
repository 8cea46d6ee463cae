"""How datasets are made and found, as Azure ML SDK v1 names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.errors import UsageError
from aml_magics.sdk.data.dataset.abstract_dataset import AbstractDataset, of_record
from aml_magics.sdk.data.dataset.factory import TabularDatasetFactory
from aml_magics.sdk.data.dataset.file_factory import FileDatasetFactory
from aml_magics.sdk.workspace.collection import Collection
from aml_magics.services.data import dataset as datasets

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping

    from aml_magics.sdk.workspace.workspace import Workspace


class Dataset:
    """Makes datasets (``Dataset.Tabular``, ``Dataset.File``) and finds registered ones."""

    Tabular = TabularDatasetFactory
    File = FileDatasetFactory

    class Scenario:
        """What a model used a dataset for."""

        TRAINING = "training"
        VALIDATION = "validation"
        INFERENCE = "inference"

    def __init__(self, *_azure: object, **_more: object) -> None:
        raise UsageError(
            "Dataset itself is not made: Dataset.Tabular.from_delimited_files(path) and "
            "Dataset.File.from_files(path) make datasets, Dataset.get_by_name(workspace, name) finds one."
        )

    @staticmethod
    def get_by_name(
        workspace: Workspace, name: str, version: int | str = "latest"
    ) -> AbstractDataset:
        """A registered dataset.

        Args:
            workspace: where it is registered.
            name: its name.
            version: a number, or ``"latest"``.

        Raises:
            DatasetNotFoundError: there is none of that name and version.
        """
        return AbstractDataset.get_by_name(workspace, name, version)

    @staticmethod
    def get_by_id(workspace: Workspace, id: str, **_azure: object) -> AbstractDataset:
        """The dataset that is kept under an id.

        Raises:
            DatasetNotFoundError: there is none.
        """
        return AbstractDataset.get_by_id(workspace, id)

    @staticmethod
    def get_all(workspace: Workspace) -> Mapping[str, AbstractDataset]:
        """Registered datasets by name, each in its newest version, looked up afresh each time."""
        return Datasets(workspace)

    @staticmethod
    def get(
        workspace: Workspace, name: str | None = None, id: str | None = None
    ) -> AbstractDataset:
        """A dataset by name or by id; the older form of ``get_by_name`` and ``get_by_id``.

        Raises:
            UsageError: neither or both are given.
            DatasetNotFoundError: there is none.
        """
        if (name is None) == (id is None):
            raise UsageError(
                f"Dataset.get takes a name or an id; it got name={name!r:.40}, id={id!r:.40}."
            )
        if name is not None:
            return AbstractDataset.get_by_name(workspace, name)
        return AbstractDataset.get_by_id(workspace, str(id))

    @staticmethod
    def list(workspace: Workspace) -> builtins.list[AbstractDataset]:
        """Registered datasets, each in its newest version; the older form of ``get_all``."""
        return [of_record(workspace, one) for one in datasets.list_datasets(workspace.store)]


class Datasets(Collection[AbstractDataset]):
    """The datasets of a workspace, each in its newest version."""

    def __getitem__(self, name: str) -> AbstractDataset:
        """The newest version of a name."""
        return AbstractDataset.get_by_name(self._workspace, name)

    def _names(self) -> list[str]:
        return datasets.names(self._workspace.store)
