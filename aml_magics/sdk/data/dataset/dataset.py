"""Create and find datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import UsageError
from aml_magics.sdk.data.dataset.abstract_dataset import AbstractDataset, of_record
from aml_magics.sdk.data.dataset.factory import TabularDatasetFactory
from aml_magics.sdk.data.dataset.file_factory import FileDatasetFactory
from aml_magics.sdk.workspace.collection import Collection
from aml_magics.services.data import dataset as datasets

if TYPE_CHECKING:
    import builtins

    from aml_magics.sdk.workspace.workspace import Workspace


class Dataset:
    """Creates datasets (``Dataset.Tabular``, ``Dataset.File``) and finds registered ones."""

    Tabular = TabularDatasetFactory
    File = FileDatasetFactory

    class Scenario:
        """Purposes for which a model used a dataset."""

        TRAINING = "training"
        VALIDATION = "validation"
        INFERENCE = "inference"

    def __init__(self, *_azure: object, **_more: object) -> None:
        raise UsageError(
            "Dataset itself is not made: Dataset.Tabular.from_delimited_files(path) and "
            "Dataset.File.from_files(path) make datasets, Dataset.get_by_name(workspace, name) finds one."
        )

    get_by_name = staticmethod(AbstractDataset.get_by_name)
    get_by_id = staticmethod(AbstractDataset.get_by_id)
    get_all = staticmethod(AbstractDataset.get_all)

    @staticmethod
    def get(
        workspace: Workspace, name: str | None = None, id: str | None = None
    ) -> AbstractDataset:
        """Get a dataset by name or by id; the older form of ``get_by_name`` and ``get_by_id``.

        Raises:
            UsageError: neither or both are given.
            DatasetNotFoundError: no such dataset.
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
        return AbstractDataset.get_by_name(self._workspace, name)

    def _drawn(self) -> dict[str, Any]:
        from aml_magics.views.data.datasets import datasets_view
        from aml_magics.views.data.static_datasets import datasets_page

        return {"text/html": datasets_page(datasets_view(self._workspace.store)).html}

    def _names(self) -> list[str]:
        return datasets.names(self._workspace.store)
