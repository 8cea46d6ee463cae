"""The live panel of a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from traitlets import Unicode

from aml_magics.errors import InvalidArgumentError
from aml_magics.sdk.data.dataset.abstract_dataset import AbstractDataset
from aml_magics.services.data.dataset import save
from aml_magics.widgets._base import LiveWidget

if TYPE_CHECKING:
    from aml_magics.records.data.dataset import DatasetRecord


class DatasetPreview(LiveWidget):
    """The panel of a dataset: paged rows with sort and filter, columns, versions and runs.

    Data does not change by itself, so the panel follows nothing; it asks the kernel for what it shows.

    Args:
        dataset: an unregistered dataset is saved without a name, so that the panel can query it.

    Raises:
        InvalidArgumentError: it is not a dataset.
        DataNotFoundError: it is not registered, and none of its files exist.
    """

    dataset_id = Unicode(read_only=True, help="The id under which the dataset is kept.")

    _kind = "dataset"

    def __init__(self, dataset: AbstractDataset) -> None:
        if not isinstance(dataset, AbstractDataset):
            raise InvalidArgumentError(
                f"DatasetPreview takes a dataset, not {type(dataset).__name__} ({dataset!r:.60}); "
                "Dataset.get_by_name(workspace, name) gives one."
            )
        self.dataset = dataset
        """The displayed dataset."""
        self._record = _kept(dataset)
        self.set_trait("dataset_id", self._record.id)
        super().__init__(dataset._workspace)  # noqa: SLF001 -- it is there without a look-up

    def __repr__(self) -> str:
        return f"DatasetPreview({self.dataset.name!r}, id={self.dataset_id!r})"

    def _subject(self) -> dict[str, Any]:
        return {"dataset": self.dataset_id}


def _kept(dataset: AbstractDataset) -> DatasetRecord:
    record = dataset._record  # noqa: SLF001 -- as above
    return record or save(dataset._workspace.store, dataset._definition)  # noqa: SLF001 -- as above
