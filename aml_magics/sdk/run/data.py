"""What a run read and wrote."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.data.dataset.abstract_dataset import AbstractDataset
    from aml_magics.sdk.workspace.workspace import Workspace


class RunData:
    """The part of a run that knows its datasets."""

    _workspace: Workspace
    _record: RunRecord

    @cached_property
    def input_datasets(self) -> MutableMapping[str, AbstractDataset | str]:
        """The datasets that the run reads, by the names of its inputs.

        In a submitted script an input that is mounted or downloaded is the path of its files, as text.
        """
        from aml_magics.sdk.data.use.input_datasets import InputDatasets

        return InputDatasets(self._workspace, self._record)

    @cached_property
    def output_datasets(self) -> Mapping[str, AbstractDataset | str]:
        """The datasets that the run made, by the names of its outputs.

        In a submitted script an output is the path of the folder to write to, as text, and one that is
        linked has ``link(dataset)``.
        """
        from aml_magics.sdk.data.use.input_datasets import InputDatasets

        return InputDatasets(self._workspace, self._record, "output")

    def send_outputs(self, overwrite: bool = False) -> tuple[str, ...]:
        """Send what the script wrote and could not be sent when the run ended.

        Datasets are made and registered of it as the run would have done. The run stays as it ended.

        Args:
            overwrite: whether files are replaced where the run itself would not have.

        Returns:
            The names of the outputs and data references that were sent.

        Raises:
            RunStateError: the run goes on, or was canceled.
            DataNotFoundError: nothing of it waits to be sent.
            DataAccessError: the datastore is still away or refuses; what was not sent is still kept.
        """
        from aml_magics.services.job import pending_upload as unsent
        from aml_magics.services.run import run as runs

        store = self._workspace.store
        return unsent.deliver_again(store, runs.get(store, self._record.id), overwrite=overwrite)

    def _dataset_details(self) -> dict[str, Any]:
        """The parts of the details that name datasets."""
        from aml_magics.sdk.data.use.definition import used_inputs, used_outputs
        from aml_magics.services.data.dataset import uses_of

        store = self._workspace.store
        uses = uses_of(store, self._record)
        if not uses:
            return {"inputDatasets": [], "outputDatasets": []}
        with store.catalogue.read() as connection:
            job = store.jobs.get(connection, self._record.key)
        return {
            "inputDatasets": used_inputs(uses, None if job is None else job.data),
            "outputDatasets": used_outputs(uses),
        }
