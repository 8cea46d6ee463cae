"""Data preparation in steps: a ``Dataflow``, as Azure names it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidDatasetError, UsageError
from aml_magics.sdk.data.dataset.argument import check_columns
from aml_magics.sdk.data.dataset.expression import DatasetExpression
from aml_magics.sdk.data.dataset.profile import DataProfile
from aml_magics.sdk.data.dataset.type import DataType, written_types
from aml_magics.sdk.dataprep.option import (
    ColumnRelationship,
    DecimalMark,
    MismatchAsOption,
    data_type_of,
    decimal_mark,
    word_of,
)
from aml_magics.sdk.dataprep.summary import written_summaries
from aml_magics.services.data.profile.profile import profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from aml_magics.records.data.dataset import Definition
    from aml_magics.sdk.data.table.tabular_dataset import TabularDataset
    from aml_magics.sdk.dataprep.summary import SummaryColumnsValue


class Dataflow:
    """Where data lies, and the steps to apply; made by ``read_csv`` and its like.

    Every step returns another Dataflow and reads nothing; ``head``, ``get_profile``, ``row_count`` and
    ``to_pandas_dataframe`` read. A step takes one column name or a list of them.
    """

    def __init__(self, *_azure: object, **_more: object) -> None:
        raise UsageError(
            "A Dataflow is made by auto_read_file(path), read_csv(path) or read_parquet_file(path) of "
            "azureml.dataprep; not by Dataflow()."
        )

    @classmethod
    def _of(cls, dataset: TabularDataset) -> Dataflow:
        made = cls.__new__(cls)
        made._dataset = dataset
        return made

    _dataset: TabularDataset

    @property
    def _definition(self) -> Definition:
        return self._dataset._definition

    def __getitem__(self, name: str) -> DatasetExpression:
        """A column, for a condition: ``dflow.filter(dflow["age"] > 40)``."""
        return DatasetExpression.column(name)

    # -- rows ----------------------------------------------------------------------------------

    def take(self, count: int) -> Dataflow:
        """The first rows.

        Raises:
            InvalidDatasetError: ``count`` is not a whole number from 0.
        """
        return self._of(self._dataset.take(count))

    def skip(self, count: int) -> Dataflow:
        """All but the first rows.

        Raises:
            InvalidDatasetError: ``count`` is not a whole number from 0.
        """
        return self._of(self._dataset.skip(count))

    def take_sample(self, probability: float, seed: int | None = None) -> Dataflow:
        """A random sample of the rows; every read gives the same ones.

        Raises:
            InvalidDatasetError: ``probability`` is not a number from 0 to 1.
        """
        return self._of(self._dataset.take_sample(probability, seed))

    def random_split(self, percentage: float, seed: int | None = None) -> tuple[Dataflow, Dataflow]:
        """Split the rows at random in two; ``percentage`` is the first one's approximate share.

        Raises:
            InvalidDatasetError: ``percentage`` is not a number from 0 to 1.
        """
        first, second = self._dataset.random_split(percentage, seed)
        return self._of(first), self._of(second)

    def filter(self, expression: DatasetExpression) -> Dataflow:
        """The rows that meet a condition, such as ``(col("age") > 40) & ~col("city").is_null()``.

        Raises:
            InvalidDatasetError: not an expression.
        """
        return self._of(self._dataset.filter(expression))

    def drop_nulls(
        self,
        columns: str | Sequence[str],
        column_relationship: ColumnRelationship = ColumnRelationship.ALL,
    ) -> Dataflow:
        """Drop rows in which all of the columns are missing, or with ``ANY`` any of them.

        Raises:
            InvalidDatasetError: not names.
        """
        names = check_columns(columns, "drop_nulls")
        missing = [DatasetExpression.column(name).is_null() for name in names]
        join = or_ if column_relationship is ColumnRelationship.ANY else and_
        return self.filter(~reduce(join, missing))

    # -- columns -------------------------------------------------------------------------------

    def keep_columns(
        self, columns: str | Sequence[str], validate_column_exists: bool = False
    ) -> Dataflow:
        """Only these columns, in their present order.

        Raises:
            InvalidDatasetError: not names.
            ColumnNotFoundError: validated, and a column is missing.
        """
        return self._of(self._dataset.keep_columns(columns, validate=validate_column_exists))

    def drop_columns(self, columns: str | Sequence[str]) -> Dataflow:
        """All columns but these; missing ones are ignored.

        Raises:
            InvalidDatasetError: not names.
        """
        return self._of(self._dataset.drop_columns(columns))

    def rename_columns(self, column_pairs: Mapping[str, str]) -> Dataflow:
        """Rename columns, old name to new: ``{"Plasma Glucose": "glucose"}``.

        Raises:
            InvalidDatasetError: not a mapping of names.
        """
        if not _are_pairs(column_pairs):
            raise InvalidDatasetError(
                f"rename_columns takes old and new names, such as {{'old': 'new'}}, not {column_pairs!r:.60}."
            )
        return self._step("rename_columns", names=dict(column_pairs))

    # -- values --------------------------------------------------------------------------------

    def to_number(
        self, columns: str | Sequence[str], decimal_point: DecimalMark = DecimalMark.DOT
    ) -> Dataflow:
        """Convert columns to numbers; values that do not fit become missing.

        Raises:
            InvalidDatasetError: not names.
        """
        return self._typed(columns, "to_number", DataType.to_float(decimal_mark(decimal_point)))

    def to_long(self, columns: str | Sequence[str]) -> Dataflow:
        """Convert columns to whole numbers; values that do not fit become missing.

        Raises:
            InvalidDatasetError: not names.
        """
        return self._typed(columns, "to_long", DataType.to_long())

    def to_string(self, columns: str | Sequence[str]) -> Dataflow:
        """Convert columns to text.

        Raises:
            InvalidDatasetError: not names.
        """
        return self._typed(columns, "to_string", DataType.to_string())

    def to_bool(
        self,
        columns: str | Sequence[str],
        true_values: Sequence[str] | None = None,
        false_values: Sequence[str] | None = None,
        mismatch_as: MismatchAsOption = MismatchAsOption.ASERROR,
    ) -> Dataflow:
        """Convert columns to true or false.

        Args:
            true_values: the words for true; ``true`` and its like if None.
            false_values: the words for false.
            mismatch_as: the meaning of any other word; with ``ASERROR`` it becomes missing.

        Raises:
            InvalidDatasetError: not names, or only one of the two lists.
        """
        type_ = DataType.to_bool(true_values, false_values, word_of(mismatch_as))
        return self._typed(columns, "to_bool", type_)

    def to_datetime(
        self,
        columns: str | Sequence[str],
        date_time_formats: Sequence[str] | None = None,
        date_constant: str | None = None,
    ) -> Dataflow:
        """Convert columns to timestamps; values that do not fit become missing.

        Args:
            date_time_formats: such as ``%d.%m.%Y``, tried in turn; ISO 8601 if None.
            date_constant: not supported: times without a day stay text.

        Raises:
            InvalidDatasetError: not names, or a ``date_constant``.
        """
        if date_constant is not None:
            raise InvalidDatasetError(
                "to_datetime reads timestamps with their day; leave out date_constant, or make the column in pandas."
            )
        return self._typed(columns, "to_datetime", DataType.to_datetime(date_time_formats))

    def set_column_types(self, type_conversions: Mapping[str, object]) -> Dataflow:
        """Set types by column: ``{"age": FieldType.INTEGER, "day": DataType.to_datetime("%d.%m.%Y")}``.

        Raises:
            InvalidDatasetError: not a mapping of columns and types.
        """
        if not isinstance(type_conversions, Mapping):
            raise InvalidDatasetError(
                f"set_column_types takes types by column, such as {{'age': FieldType.INTEGER}}, "
                f"not {type_conversions!r:.60}."
            )
        types = {name: data_type_of(one) for name, one in type_conversions.items()}
        return self._step("convert", types=written_types(types))

    def fill_nulls(
        self, columns: str | Sequence[str] | None = None, fill_with: object = None
    ) -> Dataflow:
        """Replace missing values of some columns, or of all, by one value.

        Raises:
            InvalidDatasetError: not names, or no value to fill with.
        """
        if not isinstance(fill_with, str | int | float):  # truth values are whole numbers
            raise InvalidDatasetError(
                f"fill_nulls takes a number, a text or a truth value as fill_with, not {fill_with!r:.60}."
            )
        names = None if columns is None else check_columns(columns, "fill_nulls")
        return self._step("fill_nulls", columns=names, value=fill_with)

    def summarize(
        self,
        summary_columns: Iterable[SummaryColumnsValue] | None = None,
        group_by_columns: str | Sequence[str] | None = None,
        join_back: bool = False,
        join_back_columns_prefix: str | None = None,
    ) -> Dataflow:
        """One row for each group of rows with equal values in some columns; without any, one for all.

        Args:
            summary_columns: the values to compute; only the groups themselves if None.
            group_by_columns: the columns that define the groups.
            join_back: not supported: adding the summaries to each row.
            join_back_columns_prefix: used with ``join_back``.

        Raises:
            InvalidDatasetError: neither summaries nor groups, or ``join_back``.
        """
        if join_back or join_back_columns_prefix:
            raise InvalidDatasetError(
                "summarize gives a row for each group; leave out join_back, and merge the two in pandas or by %%aml_sql."
            )
        groups = [] if group_by_columns is None else check_columns(group_by_columns, "summarize")
        summaries = written_summaries(summary_columns)
        if not summaries and not groups:
            raise InvalidDatasetError(
                "summarize needs summary_columns, such as [SummaryColumnsValue('age', SummaryFunction.MEAN)], "
                "group_by_columns, or both."
            )
        return self._step("summarize", group_columns=groups, summaries=summaries)

    # -- read ----------------------------------------------------------------------------------

    def head(self, count: int = 10) -> pd.DataFrame:
        """The first rows as a pandas frame; no more of the data is read than they need.

        Raises:
            InvalidDatasetError: ``count`` is not a whole number from 0.
            InvalidDataError: a file has another format than declared.
        """
        return self.take(count).to_pandas_dataframe()

    @property
    def row_count(self) -> int:
        """Count the rows.

        Raises:
            InvalidDataError: a file has another format than declared.
        """
        with self._dataset._table() as table:
            return table.count()

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns; the rows are counted."""
        with self._dataset._table() as table:
            return table.count(), len(table.columns)

    @property
    def dtypes(self) -> dict[str, str]:
        """The type of each column, such as ``integer``."""
        with self._dataset._table() as table:
            return {column.name: column.type for column in table.columns}

    def get_profile(self) -> DataProfile:
        """Statistics of each column; all rows are read.

        Raises:
            InvalidDataError: a file has another format than declared.
        """
        return DataProfile(profile(self._dataset._store, self._definition))

    def to_pandas_dataframe(
        self,
        extended_types: bool = False,
        nulls_as_nan: bool = True,
        on_error: str = "null",
        out_of_range_datetime: str = "null",
    ) -> pd.DataFrame:
        """All rows as a pandas frame.

        Args:
            extended_types: accepted as in Azure; types are those of pandas.
            nulls_as_nan: accepted as in Azure.
            on_error: ``"null"`` makes a value that does not fit its column's type missing, ``"fail"`` raises.
            out_of_range_datetime: the same for timestamps that pandas cannot hold.

        Raises:
            InvalidDataError: a file has another format than declared.
        """
        del extended_types, nulls_as_nan
        return self._dataset.to_pandas_dataframe(on_error, out_of_range_datetime)

    # -- shown ---------------------------------------------------------------------------------

    def __repr__(self) -> str:
        return repr(self._dataset).replace("TabularDataset", "Dataflow", 1)

    def _repr_html_(self) -> str:
        return self._dataset._repr_html_()

    def _step(self, transform: str, **arguments: Any) -> Dataflow:  # noqa: ANN401 -- plain JSON
        return self._of(self._dataset._step(transform, **arguments))

    def _typed(self, columns: str | Sequence[str], method: str, type_: DataType) -> Dataflow:
        names = check_columns(columns, method)
        return self._step("convert", types=written_types(dict.fromkeys(names, type_)))


def _are_pairs(pairs: object) -> bool:
    """Whether it is a non-empty mapping of names to names."""
    if not isinstance(pairs, Mapping):
        return False
    names = [*pairs.keys(), *pairs.values()]
    return bool(names) and all(isinstance(name, str) and name for name in names)
