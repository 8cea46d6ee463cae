"""Rows and columns, as Azure ML SDK v1 names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidDatasetError
from aml_magics.sdk.data.dataset.argument import check_columns, check_count, check_share, seed_of
from aml_magics.sdk.data.dataset.expression import DatasetExpression, written_expression
from aml_magics.sdk.data.table.profile import TabularProfile
from aml_magics.sdk.data.table.time import TabularTime

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self


class TabularDataset(TabularTime, TabularProfile):
    """Rows that are read from files or from a database by a query.

    ``dataset["age"] > 40`` is a condition for :meth:`filter`. Every method that chooses rows or columns gives
    another dataset and reads nothing, unless it is told to ``validate``.
    """

    def __getitem__(self, key: str) -> DatasetExpression:
        """A column, for a condition."""
        return DatasetExpression.column(key)

    def __iter__(self) -> Any:  # noqa: ANN401 -- never returns
        raise InvalidDatasetError(
            "A TabularDataset is not iterated; dataset.to_pandas_dataframe() gives its rows, and "
            "dataset.take(n) fewer of them."
        )

    # -- rows ---------------------------------------------------------------------------------

    def take(self, count: int) -> Self:
        """The first rows.

        Raises:
            InvalidDatasetError: ``count`` is no whole number from 0.
        """
        return self._step("take", count=check_count(count, "take"))

    def skip(self, count: int) -> Self:
        """All but the first rows.

        Raises:
            InvalidDatasetError: ``count`` is no whole number from 0.
        """
        return self._step("skip", count=check_count(count, "skip"))

    def filter(self, expression: DatasetExpression) -> Self:
        """The rows that meet a condition, such as ``(ds["age"] > 40) & ~ds["city"].is_null()``.

        A value that is not of its column's type is compared as a missing one.

        Raises:
            InvalidDatasetError: no expression.
        """
        return self._step("filter", expression=written_expression(expression))

    def take_sample(self, probability: float, seed: int | None = None) -> Self:
        """Each row by chance; the same rows whenever it is read.

        Args:
            probability: of a row, from 0 to 1.
            seed: makes the choice the same again; drawn where None.

        Raises:
            InvalidDatasetError: no number from 0 to 1.
        """
        share = check_share(probability, "take_sample(probability)")
        return self._step("sample", strategy="simple_random", probability=share, seed=seed_of(seed))

    def random_split(self, percentage: float, seed: int | None = None) -> tuple[Self, Self]:
        """Two datasets that have all rows between them, and none in both.

        Args:
            percentage: about what share of the rows the first one has, from 0 to 1.
            seed: makes the split the same again; drawn where None.

        Raises:
            InvalidDatasetError: no number from 0 to 1.
        """
        share, drawn = check_share(percentage, "random_split(percentage)"), seed_of(seed)
        first = self._step("split", low=0.0, high=share, seed=drawn)
        return first, self._step("split", low=share, high=1.0, seed=drawn)

    # -- columns ------------------------------------------------------------------------------

    def keep_columns(self, columns: str | Sequence[str], validate: bool = False) -> Self:
        """Only these columns; they stay in the order of the dataset.

        A timestamp column that is not among them is no longer one, and without the moments of the rows their
        partition timestamp is none either.

        Args:
            columns: a name or a list of names.
            validate: whether their being there is checked at once.

        Raises:
            InvalidDatasetError: no names.
            ColumnNotFoundError: validated, and one is not there.
        """
        names = check_columns(columns, "keep_columns")
        if validate:
            self._check_there(names)
        return self._step("keep_columns", columns=names)._with(**self._times_left(names))

    def drop_columns(self, columns: str | Sequence[str]) -> Self:
        """All columns but these; one that is not there is no error.

        A timestamp column that is dropped is no longer one, and without the moments of the rows their
        partition timestamp is none either.

        Raises:
            InvalidDatasetError: no names.
        """
        names = check_columns(columns, "drop_columns")
        times = (self._definition.timestamp, self._definition.partition_timestamp)
        left = [name for name in times if name is not None and name not in names]
        return self._step("drop_columns", columns=names)._with(**self._times_left(left))
