"""What a run read and wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.static.page import titled
from aml_magics.views.static.table import Cell, Column, html_table, text_table
from aml_magics.views.text.format import count_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.views.run.run import RunDatasetView
    from aml_magics.views.static.element import Markup

SHOWN: Final = 10
_COLUMNS: Final = [Column("Data"), Column("Name"), Column("Dataset"), Column("How")]


def datasets_html(datasets: Sequence[RunDatasetView]) -> Markup | None:
    """A table of the datasets of a run; nothing where it has none."""
    if not datasets:
        return None
    return titled("Data", html_table(_COLUMNS, _rows(datasets), more=_more(datasets)))


def datasets_text(datasets: Sequence[RunDatasetView]) -> list[str]:
    """The same as lines."""
    return text_table(_COLUMNS, _rows(datasets), more=_more(datasets)) if datasets else []


def _rows(datasets: Sequence[RunDatasetView]) -> list[list[Cell | str]]:
    return [[one.role, one.label, _title(one), one.mechanism.lower()] for one in datasets[:SHOWN]]


def _title(one: RunDatasetView) -> str:
    """The name and version; of one without a name the beginning of its id."""
    return one.id[:8] if one.name is None else f"{one.name}, version {one.version}"


def _more(datasets: Sequence[RunDatasetView]) -> str:
    rest = len(datasets) - SHOWN
    return f"… {count_text(rest, 'more dataset')}" if rest > 0 else ""
