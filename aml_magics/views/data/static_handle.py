"""The small table of a dataset's handle in a notebook."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from aml_magics.views.static.element import element
from aml_magics.views.static.page import frame
from aml_magics.views.static.table import Cell, Column, html_table

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHOWN = 5


def dataset_handle_html(
    *,
    name: str | None,
    version: int | None,
    type: str,
    format: str,
    sources: Sequence[str],
    steps: Sequence[str],
) -> str:
    """Name, Version, Type, Source, Steps, and for a registered one the command that shows its rows."""
    cells: dict[str, Cell | str] = {
        "Name": name or "(not registered)",
        "Version": "" if version is None else str(version),
        "Type": f"{type} ({format.replace('_', ' ')})" if format else type,
        "Source": _some(sources),
        "Steps": _some(steps),
    }
    if name:
        command = f"%aml dataset {shlex.quote(name)} --version {version}"
        cells["Details Page"] = Cell(command, element("code", None, command))
    table = html_table([Column(title) for title in cells], [list(cells.values())])
    return frame("dataset-handle", f"Dataset {name or 'without a name'}", table)


def _some(texts: Sequence[str]) -> str:
    more = [f"… {len(texts) - _SHOWN:,} more"] if len(texts) > _SHOWN else []
    return ", ".join([*texts[:_SHOWN], *more])
