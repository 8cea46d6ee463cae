"""Datasets that a run writes: as rows, or made and named by the script."""

from __future__ import annotations

import copy
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from aml_magics.records.data.data_use import DataOutput, OutputResult, check_data_name
from aml_magics.records.name import DATASET, TAG, check_name
from aml_magics.records.value import plain_fields
from aml_magics.sdk.data.dataset.argument import check_columns, check_share, seed_of
from aml_magics.sdk.data.use.consumption import (
    DIRECT_MODE,
    MOUNT_MODE,
    DatasetConsumptionConfig,
)
from aml_magics.sdk.run.definition import written_output

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.records.data.data_use import OutputMechanism


class OutputLink:
    """What the copies of one output share: the steps of pipelines that write it."""

    def __init__(self) -> None:
        self.steps: list[Any] = []


class OutputDatasetConfig:
    """The base of a run's outputs: name, mode and the dataset made from it."""

    _input_mode = MOUNT_MODE

    def __init__(
        self,
        mode: OutputMechanism,
        name: str | None = None,
        **_azure: object,
    ) -> None:
        given = f"output_{secrets.token_hex(4)}" if name is None else name
        self._name = check_data_name(given, "output")
        self._mode: OutputMechanism = mode
        self._result = OutputResult()
        self._link = OutputLink()

    @property
    def name(self) -> str:
        """The name of the output."""
        return self._name

    @property
    def mode(self) -> str:
        """How its files are transferred: ``mount``, ``upload`` or ``link``."""
        return self._mode.lower()

    @property
    def arg_val(self) -> str:
        """Its placeholder in the arguments that a run records."""
        return self._placeholder

    def register_on_complete(
        self,
        name: str,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        **_azure: object,
    ) -> Self:
        """The same, registered as a version of a dataset when the run has completed.

        Args:
            name: of the dataset.
            description: any text.
            tags: text by name.

        Raises:
            InvalidNameError: the name or a tag is invalid.
        """
        return self._with(
            register_as=check_name(name, DATASET),
            description=description or "",
            tags=plain_fields(tags or {}, TAG),
        )

    def as_input(self, name: str | None = None) -> DatasetConsumptionConfig:
        """The output as the input of a later step: files mounted, rows as a dataset.

        Args:
            name: of the input; that of the output if None.
        """
        return DatasetConsumptionConfig(name or self.name, self, self._input_mode)

    def _note_producer(self, step: object) -> None:
        self._link.steps.append(step)

    def _with(self, **changes: Any) -> Self:  # noqa: ANN401 -- the fields of a result
        other = copy.copy(self)
        other._result = replace(self._result, **changes)
        return other

    def _step(self, transform: str, **arguments: Any) -> Self:  # noqa: ANN401 -- plain JSON
        return self._with(steps=(*self._result.steps, {"transform": transform, **arguments}))

    @property
    def _placeholder(self) -> str:
        return self._data().placeholder

    def _data(self) -> DataOutput:
        """The output as a run records it."""
        return DataOutput(self.name, "", "", self._mode, results=(self._result,))

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """A shallow copy: a copied run configuration has the same output."""
        return copy.copy(self)

    def to_dict(self) -> dict[str, Any]:
        """Its form in a run configuration file."""
        return written_output(self._data())

    def __str__(self) -> str:
        return self._placeholder

    def __repr__(self) -> str:
        return f"{type(self).__name__}(name={self.name!r}, mode={self.mode!r})"


class OutputTabularDatasetConfig(OutputDatasetConfig):
    """The output of a script, read as rows; made by ``read_delimited_files`` and its like."""

    _input_mode = DIRECT_MODE

    def __init__(self, origin: OutputDatasetConfig, result: OutputResult) -> None:
        super().__init__(origin._mode, origin.name)
        self._file_output = origin
        self._result = result
        self._link = origin._link

    def keep_columns(self, columns: str | Sequence[str]) -> Self:
        """The same with only these columns.

        Raises:
            InvalidDatasetError: no names.
        """
        return self._step("keep_columns", columns=check_columns(columns, "keep_columns"))

    def drop_columns(self, columns: str | Sequence[str]) -> Self:
        """The same without these columns.

        Raises:
            InvalidDatasetError: no names.
        """
        return self._step("drop_columns", columns=check_columns(columns, "drop_columns"))

    def random_split(self, percentage: float, seed: int | None = None) -> tuple[Self, Self]:
        """Split the rows at random into two datasets: about ``percentage`` of them, and the rest.

        Args:
            percentage: from 0 to 1.
            seed: repeats a split.

        Raises:
            InvalidDatasetError: ``percentage`` is not a number from 0 to 1.
        """
        share, drawn = check_share(percentage, "random_split(percentage)"), seed_of(seed)
        first = self._step("split", low=0.0, high=share, seed=drawn)
        return first, self._step("split", low=share, high=1.0, seed=drawn)

    def _data(self) -> DataOutput:
        return replace(self._file_output._data(), results=(self._result,))


class LinkFileOutputDatasetConfig(OutputDatasetConfig):
    """A ``FileDataset`` that the script makes: ``run.output_datasets[name].link(dataset)``.

    Args:
        name: of the output; ``output_<8 hex>`` if None.
    """

    def __init__(self, name: str | None = None) -> None:
        super().__init__("Link", name)


class LinkTabularOutputDatasetConfig(OutputDatasetConfig):
    """A ``TabularDataset`` that the script makes: ``run.output_datasets[name].link(dataset)``.

    Args:
        name: of the output; ``output_<8 hex>`` if None.
    """

    _input_mode = DIRECT_MODE

    def __init__(self, name: str | None = None) -> None:
        super().__init__("Link", name)
