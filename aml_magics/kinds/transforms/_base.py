"""The contract of a transform: a step that maps rows to rows.

A transform is one file with one public class; the file's name is the ``transform`` of a step. It wraps a
SELECT in SQL with bound values, and executes nothing. Steps are applied in order, and rows keep theirs.
Every transform passes the conformance tests of ``tests/kinds/transforms``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Final

from aml_magics._registry import Registry
from aml_magics.errors import InvalidDatasetError, did_you_mean
from aml_magics.kinds._sql import Sql, bound, name, raw, sql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.kinds._rows import Rows
    from aml_magics.records.data.column import Column

_Types = tuple[type, ...]
NULLABLE: Final = type(None)


class Transform(ABC):
    """A step."""

    required: ClassVar[Mapping[str, _Types]] = {}
    """Required arguments with their allowed types."""

    optional: ClassVar[Mapping[str, _Types]] = {}
    """Optional arguments with their allowed types."""

    def check(self, arguments: Mapping[str, Any]) -> None:
        """Validate arguments before any row is read.

        Raises:
            InvalidDatasetError: a missing, unknown or ill-typed argument.
        """
        own = type(self).__module__.rpartition(".")[2]
        known = {**self.required, **self.optional}
        for argument in arguments:
            if argument not in known:
                near = did_you_mean(argument, known) or f" It takes: {', '.join(known) or 'none'}."
                raise InvalidDatasetError(f"The step {own} has no argument {argument!r:.60}.{near}")
        for argument, types in known.items():
            if argument not in arguments:
                if argument in self.required:
                    raise InvalidDatasetError(f"The step {own} needs the argument {argument!r}.")
                continue
            value = arguments[argument]
            if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
                wanted = " or ".join("null" if one is NULLABLE else one.__name__ for one in types)
                raise InvalidDatasetError(
                    f"The argument {argument!r} of the step {own} is of type {wanted}, not {value!r:.60}."
                )

    @abstractmethod
    def applied(self, rows: Rows, arguments: Mapping[str, Any]) -> Rows:
        """The rows after the step.

        Args:
            arguments: validated by :meth:`check`.

        Raises:
            ColumnNotFoundError: an argument names a missing column.
            InvalidDatasetError: the step does not apply to these columns.
        """


def check_count(what: str, value: int) -> None:
    """Raise InvalidDatasetError for a negative number of rows."""
    if value < 0:
        raise InvalidDatasetError(f"{what} takes a number of rows from 0 on, not {value}.")


def check_share(what: str, value: float) -> None:
    """Raise InvalidDatasetError unless a share is from 0 to 1."""
    if not 0 <= value <= 1:
        raise InvalidDatasetError(f"{what} is a share from 0 to 1, such as 0.7, not {value!r}.")


def columns_named(rows: Rows, names: Sequence[object]) -> list[Column]:
    """The columns with these names."""
    texts = [check_name(one) for one in names]
    known = {column.name: column for column in rows.columns}
    return [known.get(one) or rows.column(one) for one in texts]


def check_name(column: object) -> str:
    """The name of a column, which must be text."""
    if not isinstance(column, str):
        raise InvalidDatasetError(f"A column is named by a text, not by {column!r:.60}.")
    return column


def numbered(rows: Rows) -> tuple[Sql, str]:
    """A SELECT of rows numbered from 1, and the name of the number column."""
    taken = {one.lower() for one in rows.names}
    number = next(f"n{place}" for place in range(len(taken) + 1) if f"n{place}" not in taken)
    return sql("SELECT *, row_number() OVER () AS {} FROM ({})", raw(number), rows.sql), number


def by_lot(rows: Rows, salt: str, template: str, *pieces: Sql, uses: Sequence[str] = ()) -> Rows:
    """The rows whose lot meets a condition; the same rows on every machine.

    Args:
        salt: another salt draws other rows.
        template: a condition over ``lot``, a number in [0, 1) that is fixed for each row.
        pieces: for the ``{}`` of the template.
        uses: the columns that they refer to.
    """
    return rows.remade(lambda some: _drawn(some, salt, template, pieces), uses)


def _drawn(rows: Rows, salt: str, template: str, pieces: Sequence[Sql]) -> Sql:
    counted, number = numbered(rows)
    # MD5 is stable across DuckDB versions, unlike its hash(); a double holds 53 bits.
    lot = sql(
        "(md5_number_lower({} || ':' || {}) >> 11) / 9007199254740992.0", bound(salt), raw(number)
    )
    drawn = sql("SELECT *, {} AS {} FROM ({})", lot, name(f"{number} lot"), counted)
    where = sql(template.replace("lot", f'"{number} lot"'), *pieces)
    return sql(
        "SELECT * EXCLUDE ({}, {}) FROM ({}) WHERE {}",
        raw(number),
        name(f"{number} lot"),
        drawn,
        where,
    )


# Typed as the abstract base: the registry never instantiates that itself.
TRANSFORMS = Registry("aml_magics.kinds.transforms", Transform, "step")  # type: ignore[type-abstract]
