"""Datasets of rows and columns."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidDatasetError, described
from aml_magics.sdk.data.dataset.argument import check_columns
from aml_magics.sdk.data.dataset.expression import DatasetExpression, written_expression
from aml_magics.sdk.data.table.reading import TabularReading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Self

_EXAMPLE = "datetime(2024, 5, 1)"


class TabularDataset(TabularReading):
    """Rows that are read from files, or from a database by a query.

    ``dataset["age"] > 40`` is a condition for :meth:`filter`. Methods that choose rows or columns return
    another dataset; they read data only with ``validate``.
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

    def filter(self, expression: DatasetExpression) -> Self:
        """The rows that meet a condition, such as ``(ds["age"] > 40) & ~ds["city"].is_null()``.

        A value that does not fit its column's type is compared as a missing one.

        Raises:
            InvalidDatasetError: not an expression.
        """
        return self._step("filter", expression=written_expression(expression))

    # -- columns ------------------------------------------------------------------------------

    def keep_columns(self, columns: str | Sequence[str], validate: bool = False) -> Self:
        """Only these columns, in the order of the dataset.

        Leaving out a timestamp column forgets it, and with it the partition timestamp.

        Args:
            columns: a name or a list of names.
            validate: whether to check at once that they exist.

        Raises:
            InvalidDatasetError: not names.
            ColumnNotFoundError: validated, and a column is missing.
        """
        names = check_columns(columns, "keep_columns")
        if validate:
            self._check_there(names)
        return self._step("keep_columns", columns=names)._with(**self._times_left(names))

    def drop_columns(self, columns: str | Sequence[str]) -> Self:
        """All columns but these; missing ones are ignored.

        Dropping a timestamp column forgets it, and with it the partition timestamp.

        Raises:
            InvalidDatasetError: not names.
        """
        names = check_columns(columns, "drop_columns")
        times = (self._definition.timestamp, self._definition.partition_timestamp)
        left = [name for name in times if name is not None and name not in names]
        return self._step("drop_columns", columns=names)._with(**self._times_left(left))

    # -- time ---------------------------------------------------------------------------------

    @property
    def timestamp_columns(self) -> tuple[str | None, str | None]:
        """The columns of ``with_timestamp_columns``: the timestamp of a row, and that of its folder."""
        return self._definition.timestamp, self._definition.partition_timestamp

    def with_timestamp_columns(
        self,
        timestamp: str | None = None,
        partition_timestamp: str | None = None,
        validate: bool = False,
        **_azure: object,
    ) -> Self:
        """Name the timestamp column; ``to_pandas_dataframe`` then uses it as the index, too.

        Args:
            timestamp: the column; None removes it.
            partition_timestamp: the column that ``partition_format`` reads from the folder; None removes it.
            validate: whether to check that they exist and hold timestamps.

        Raises:
            InvalidDatasetError: not a name, both are one column, or, validated, a column holds no timestamps.
            ColumnNotFoundError: validated, and a column is missing.
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
                        f"Column {name!r} holds values of type {type_}, not timestamps; read it with "
                        f"set_column_types={{{name!r}: DataType.to_datetime()}}."
                    )
        return self._with(timestamp=timestamp, partition_timestamp=partition_timestamp)

    def time_before(
        self,
        end_time: dt.datetime,
        include_boundary: bool = True,
        validate: bool = True,
    ) -> Self:
        """The rows up to a time.

        Args:
            end_time: without a time zone it is compared as written.
            include_boundary: whether rows of exactly that time are included.
            validate: whether to check that the column exists.

        Raises:
            InvalidDatasetError: the dataset has no timestamp column, or ``end_time`` is not a datetime.
        """
        return self._between(None, _iso(end_time, "end_time"), include_boundary, validate)

    def time_after(
        self,
        start_time: dt.datetime,
        include_boundary: bool = True,
        validate: bool = True,
    ) -> Self:
        """The rows from a time on; see :meth:`time_before`."""
        return self._between(_iso(start_time, "start_time"), None, include_boundary, validate)

    def time_between(
        self,
        start_time: dt.datetime,
        end_time: dt.datetime,
        include_boundary: bool = True,
        validate: bool = True,
    ) -> Self:
        """The rows between two times; see :meth:`time_before`.

        Raises:
            InvalidDatasetError: also if the end is before the start.
        """
        start, end = _iso(start_time, "start_time"), _iso(end_time, "end_time")
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
        """The rows of a time span before now; "now" is the time of reading.

        Args:
            include_boundary: whether rows of exactly that time are included.
            validate: whether to check that the column exists.

        Raises:
            InvalidDatasetError: the dataset has no timestamp column, or ``time_delta`` is not a timedelta.
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
        """The timestamp columns after a choice of columns, as fields of a definition.

        A dataset that loses its timestamp loses the partition timestamp, too, as in Azure. Otherwise
        ``time_before`` would silently filter by partition.
        """
        # Page azureml.data.tabulardataset: keep_columns and drop_columns drop these capabilities.
        kept = set(columns)
        timestamp, partition = self._definition.timestamp, self._definition.partition_timestamp
        if timestamp not in (None, *kept):
            return {"timestamp": None, "partition_timestamp": None}
        left = partition if partition in kept else None
        return {"timestamp": timestamp, "partition_timestamp": left}


def _iso(when: object, argument: str) -> str:
    if isinstance(when, dt.date):  # a datetime is one, too
        return when.isoformat()
    raise InvalidDatasetError(f"{argument} is a datetime such as {_EXAMPLE}, not {when!r:.60}.")
