"""The rows of a time, for datasets that know which column holds their moments."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidDatasetError, described
from aml_magics.sdk.data.table.reading import TabularReading

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

_EXAMPLE = "datetime(2024, 5, 1)"


class TabularTime(TabularReading):
    """What a tabular dataset can do with moments."""

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
