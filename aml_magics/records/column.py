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
"""All words for a type; the first five are those that a text can be read as."""

READ_TYPES: Final = COLUMN_TYPES[:5]
"""The types that a column of text can be made into."""


class Column(NamedTuple):
    """A column; ``type`` is one of :data:`COLUMN_TYPES`."""

    name: str
    type: str
