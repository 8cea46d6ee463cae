"""A small table of values that a run logged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aml_magics.records.metric import MetricKind
from aml_magics.views.text.encoding import JsonScalar, json_scalar

if TYPE_CHECKING:
    from collections.abc import Sequence

ROWS: Final = 100


@dataclass(frozen=True, slots=True)
class TableView:
    """The first rows of a table; ``count`` is how many it has."""

    columns: tuple[str, ...]
    rows: tuple[tuple[JsonScalar, ...], ...]
    count: int


def table_view(kind: MetricKind, values: Sequence[Any]) -> TableView:
    """The table that ``log_list``, ``log_row`` or ``log_table`` made.

    Args:
        kind: LIST, ROW or TABLE.
        values: one per call: a value or a list, a mapping, a mapping of lists.
    """
    if kind is MetricKind.ROW:
        return _of_rows([value for value in values if isinstance(value, dict)])
    if kind is MetricKind.TABLE:
        return _of_rows(
            [row for value in values if isinstance(value, dict) for row in _rows_of(value)]
        )
    return _of_rows([{"value": item} for item in flat(values)])


def joined_tables(before: TableView, after: TableView) -> TableView:
    """Concatenate the rows of two tables."""
    columns = tuple(dict.fromkeys([*before.columns, *after.columns]))
    rows = before.rows
    if columns != before.columns:
        rows = tuple(row + (None,) * (len(columns) - len(row)) for row in rows)
    new: list[tuple[JsonScalar, ...]] = []
    for row in after.rows[: max(0, ROWS - len(rows))]:
        cells = dict(zip(after.columns, row, strict=True))
        new.append(tuple(cells.get(column) for column in columns))
    return TableView(columns, rows + tuple(new), before.count + after.count)


def flat(values: Sequence[Any]) -> list[Any]:
    """The elements of a logged list, whether it was logged whole or element by element."""
    return [
        item for value in values for item in (value if isinstance(value, list | tuple) else [value])
    ]


def _rows_of(columns: dict[str, Any]) -> list[dict[str, Any]]:
    lists = {name: cells if isinstance(cells, list) else [cells] for name, cells in columns.items()}
    length = max((len(cells) for cells in lists.values()), default=0)
    return [
        {name: cells[index] for name, cells in lists.items() if index < len(cells)}
        for index in range(length)
    ]


def _of_rows(rows: Sequence[dict[str, Any]]) -> TableView:
    columns = tuple(dict.fromkeys(str(name) for row in rows for name in row))
    cells = tuple(tuple(json_scalar(row.get(column)) for column in columns) for row in rows[:ROWS])
    return TableView(columns, cells, len(rows))
