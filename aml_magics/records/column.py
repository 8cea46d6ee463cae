"""A column of a table: its name and its type word."""

from __future__ import annotations

from typing import Final, NamedTuple

COLUMN_TYPES: Final = (
    "string",
    "integer",
    "decimal",
    "boolean",
    "datetime",
    "date",
    "time",
    "binary",
    "list",
    "struct",
)
"""All type words; text can be parsed as the first five."""

READ_TYPES: Final = COLUMN_TYPES[:5]
"""The types that text columns can be cast to."""


class Column(NamedTuple):
    """A column; ``type`` is one of :data:`COLUMN_TYPES`."""

    name: str
    type: str
