"""Rows and columns, as Azure ML SDK v1 names them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidDatasetError, described
from aml_magics.sdk.data.dataset.argument import check_columns, check_count, check_share, seed_of
from aml_magics.sdk.data.dataset.expression import DatasetExpression, written_expression
from aml_magics.sdk.data.table.reading import TabularReading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Self

_EXAMPLE = "datetime(2024, 5, 1)"


class TabularDataset(TabularReading):
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

    # -- time ---------------------------------------------------------------------------------

    @property
    def timestamp_columns(self) -> tuple[str | None, str | None]:
        """The columns of ``with_timestamp_columns``: of a row's moment, and of its folder's."""
        return self._definition.timestamp, self._definition.partition_timestamp

    def with_timestamp_columns(
        self,
        timestamp: str | None = None,
        partition_timestamp: str | None = None,
        validate: bool = False,
        **_azure: object,
    ) -> Self:
        """Say which column holds the moment of a row; ``to_pandas_dataframe`` then has it as index, too.

        Args:
            timestamp: the column; None for none.
            partition_timestamp: the column that ``partition_format`` reads from the folder; None for none.
            validate: whether they are checked to be there and to hold moments.

        Raises:
            InvalidDatasetError: no name, both are one column, or, validated, a column does not hold moments.
            ColumnNotFoundError: validated, and one is not there.
        """
        columns: tuple[object, ...] = (timestamp, partition_timestamp)
        for column in columns:
            if not (column is None or isinstance(column, str)) or column == "":
                raise InvalidDatasetError(
                    f"with_timestamp_columns takes names of columns, or None, not {described(column)}."
                )
        if timestamp is not None and timestamp == partition_timestamp:
            raise InvalidDatasetError(
                f"timestamp and partition_timestamp are two columns, not both {timestamp!r}."
            )
        if validate:
            types = self._check_there([one for one in (timestamp, partition_timestamp) if one])
            for name, type_ in types.items():
                if type_ not in ("datetime", "date"):
                    raise InvalidDatasetError(
                        f"Column {name!r} holds values of type {type_}, not moments; read it with "
                        f"set_column_types={{{name!r}: DataType.to_datetime()}}."
                    )
        return self._with(timestamp=timestamp, partition_timestamp=partition_timestamp)

    def time_before(
        self,
        end_time: dt.datetime,
        include_boundary: bool = True,
        validate: bool = True,
    ) -> Self:
        """The rows up to a moment.

        Args:
            end_time: the moment; without a time zone it is compared as it is written.
            include_boundary: whether rows of just that moment are taken.
            validate: whether the column is checked to be there.

        Raises:
            InvalidDatasetError: the dataset has no timestamp column, or ``end_time`` is no moment.
        """
        return self._between(None, _moment(end_time, "end_time"), include_boundary, validate)

    def time_after(
        self,
        start_time: dt.datetime,
        include_boundary: bool = True,
        validate: bool = True,
    ) -> Self:
        """The rows from a moment on; see :meth:`time_before`."""
        return self._between(_moment(start_time, "start_time"), None, include_boundary, validate)

    def time_between(
        self,
        start_time: dt.datetime,
        end_time: dt.datetime,
        include_boundary: bool = True,
        validate: bool = True,
    ) -> Self:
        """The rows between two moments; see :meth:`time_before`.

        Raises:
            InvalidDatasetError: also where the end is before the start.
        """
        start, end = _moment(start_time, "start_time"), _moment(end_time, "end_time")
        if (start_time.tzinfo is None) == (end_time.tzinfo is None) and end_time < start_time:
            raise InvalidDatasetError(
                f"time_between takes a start that is not after the end, not {start} to {end}."
            )
        return self._between(start, end, include_boundary, validate)

    def time_recent(
        self,
        time_delta: dt.timedelta,
        include_boundary: bool = True,
        validate: bool = True,
    ) -> Self:
        """The rows of the time before now; "now" is when it is read.

        Args:
            time_delta: how far back.
            include_boundary: whether rows of just that moment are taken.
            validate: whether the column is checked to be there.

        Raises:
            InvalidDatasetError: the dataset has no timestamp column, or ``time_delta`` is no timedelta.
        """
        if not isinstance(time_delta, dt.timedelta):
            raise InvalidDatasetError(
                f"time_delta is a timedelta such as timedelta(days=7), not {time_delta!r:.60}."
            )
        seconds = time_delta.total_seconds()
        column = self._time_column(validate=validate)
        return self._step(
            "recent", column=column, seconds=seconds, include_boundary=bool(include_boundary)
        )

    def _between(
        self,
        start: str | None,
        end: str | None,
        include_boundary: bool,
        validate: bool,
    ) -> Self:
        return self._step(
            "between",
            column=self._time_column(validate=validate),
            start=start,
            end=end,
            include_boundary=bool(include_boundary),
        )

    def _time_column(self, *, validate: bool) -> str:
        column = self._definition.timestamp or self._definition.partition_timestamp
        if column is None:
            raise InvalidDatasetError(
                "The dataset has no timestamp column; dataset.with_timestamp_columns('date') says which it is."
            )
        if validate:
            self._check_there([column])
        return column

    def _times_left(self, columns: Iterable[str]) -> dict[str, Any]:
        """The timestamp columns once only some columns are left, as fields of a definition.

        A dataset that loses the moments of its rows has none, as in Azure: else ``time_before`` would choose by
        the partitions from then on, and nobody be told.
        """
        kept = set(columns)
        timestamp, partition = self._definition.timestamp, self._definition.partition_timestamp
        if timestamp not in (None, *kept):
            return {"timestamp": None, "partition_timestamp": None}
        left = partition if partition in kept else None
        return {"timestamp": timestamp, "partition_timestamp": left}


def _moment(moment: object, argument: str) -> str:
    if isinstance(moment, dt.date):  # a datetime is one, too
        return moment.isoformat()
    raise InvalidDatasetError(f"{argument} is a moment such as {_EXAMPLE}, not {moment!r:.60}.")
