"""A profile of a dataset as a table: a row for each column of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.static.element import element
from aml_magics.views.static.page import frame
from aml_magics.views.static.table import Column, html_table, text_table
from aml_magics.views.text.format import count_text, value_text

if TYPE_CHECKING:
    from aml_magics.records.profile import ColumnProfile, Profile, ProfileValue

SHOWN: Final = 200
"""How many columns of the data are shown."""

_COLUMNS: Final = [
    Column("Column"),
    Column("Type"),
    Column("Count", is_number=True),
    Column("Missing", is_number=True),
    Column("Distinct", is_number=True),
    Column("Min", is_number=True),
    Column("Max", is_number=True),
    Column("Mean", is_number=True),
    Column("Deviation", is_number=True),
    Column("25 %", is_number=True),
    Column("50 %", is_number=True),
    Column("75 %", is_number=True),
]
_QUARTILES: Final = (0.25, 0.5, 0.75)
_LONGEST: Final = 30


def data_profile_text(profile: Profile) -> str:
    """The aligned table, at most a terminal wide, and a line of the number of rows."""
    rows = [_cells(column) for column in profile.columns[:SHOWN]]
    return "\n".join([*text_table(_COLUMNS, rows, more=_more(profile)), _rows(profile)])


def data_profile_html(profile: Profile) -> str:
    """The table for a notebook, without a script."""
    rows = [_cells(column) for column in profile.columns[:SHOWN]]
    table = html_table(_COLUMNS, rows, more=_more(profile))
    return frame("data-profile", "Profile", table, element("p", None, _rows(profile)))


def _rows(profile: Profile) -> str:
    size = f"{count_text(profile.rows, 'row')}, {count_text(len(profile.columns), 'column')}"
    hint = "" if profile.is_exact else "; ~ marks an estimate"
    return ". ".join([f"{size}{hint}", *profile.notices])


def _more(profile: Profile) -> str:
    left = len(profile.columns) - SHOWN
    return f"{count_text(left, 'more column')}" if left > 0 else ""


def _cells(column: ColumnProfile) -> list[str]:
    quantiles = dict(column.quantiles)
    return [
        column.name,
        column.type,
        f"{column.count + column.missing:,}",
        f"{column.missing:,}",
        _distinct(column),
        *map(_text, (column.low, column.high, column.mean, column.deviation)),
        *(_text(quantiles.get(share)) for share in _QUARTILES),
    ]


def _distinct(column: ColumnProfile) -> str:
    if column.distinct is None:
        return ""
    return f"{'' if column.is_exact else '~'}{column.distinct:,}"


def _text(value: ProfileValue) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else value_text(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
