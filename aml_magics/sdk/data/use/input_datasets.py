"""The inputs and outputs of a run by name."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING, Self

from aml_magics.errors import DatasetNotFoundError, RunStateError, did_you_mean
from aml_magics.sdk.data.dataset.abstract_dataset import AbstractDataset, of_record
from aml_magics.services.data import dataset as datasets
from aml_magics.services.data.output import keep_result

if TYPE_CHECKING:
    from aml_magics.records.data.data_use import DataOutput
    from aml_magics.records.data.dataset import DatasetRecord, DatasetUse, UseRole
    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.workspace.workspace import Workspace


class InputDatasets(MutableMapping[str, "AbstractDataset | str"]):
    """The inputs or outputs of a run by name; every access reads the store again.

    Setting or deleting an entry changes this handle only, not the record of the run.

    Args:
        role: inputs or outputs.
        is_inside: whether this is the run's own script. It gets paths of mounted or downloaded files;
            all other code gets datasets.
    """

    def __init__(
        self,
        workspace: Workspace,
        record: RunRecord,
        role: UseRole = "input",
        *,
        is_inside: bool = False,
    ) -> None:
        self._workspace = workspace
        self._record = record
        self._role = role
        self._is_inside = is_inside
        self._set: dict[str, AbstractDataset | str] = {}
        self._deleted: set[str] = set()

    def __getitem__(self, name: str) -> AbstractDataset | str:
        """The dataset, or the path of its files as text.

        Raises:
            DatasetNotFoundError: the run has none of that name.
        """
        if name in self._set:
            return self._set[name]
        uses = self._uses()
        if name not in uses:
            names = [*uses, *self._set]
            known = f" It has: {', '.join(names)}." if names else " It has none."
            raise DatasetNotFoundError(
                f"Run {self._record.name!r} has no {self._role} {str(name)[:80]!r}."
                f"{did_you_mean(str(name), names)}{known}"
            )
        use, record = uses[name]
        if self._is_inside and use.path:
            return use.path
        return of_record(self._workspace, record)

    def __setitem__(self, name: str, value: AbstractDataset | str) -> None:
        """Set a dataset or a path for this handle."""
        self._set[name] = value

    def __delitem__(self, name: str) -> None:
        """Hide an entry from this handle."""
        self[name]
        self._set.pop(name, None)
        self._deleted.add(name)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*self._uses(), *self._set]))

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __repr__(self) -> str:
        return repr(dict(self))

    def _uses(self) -> dict[str, tuple[DatasetUse, DatasetRecord]]:
        found = datasets.uses_of(self._workspace.store, self._record)
        return {
            use.name: (use, record)
            for use, record in found
            if use.role == self._role and use.name not in self._deleted
        }


class OutputDataset(str):
    """An output as its script sees it: the path of the folder to write to; empty if it links a dataset."""

    __slots__ = ("_output", "_record", "_workspace")

    _output: DataOutput
    _workspace: Workspace
    _record: RunRecord

    def __new__(
        cls, path: str, output: DataOutput, workspace: Workspace, record: RunRecord
    ) -> Self:
        """The path as text, with its output attached."""
        made = super().__new__(cls, path)
        made._output, made._workspace, made._record = output, workspace, record
        return made

    def link(self, dataset: AbstractDataset) -> AbstractDataset:
        """Make a dataset the output, register it if the output says so, and return the stored one.

        Raises:
            RunStateError: the output is a folder that the script writes.
        """
        output = self._output
        if output.mechanism != "Link":
            raise RunStateError(
                f"Output {output.name!r} is a folder to write to ({self}); a LinkFileOutputDatasetConfig is linked."
            )
        record = keep_result(
            self._workspace.store, self._record, output, output.results[0], dataset._definition
        )
        return of_record(self._workspace, record)
