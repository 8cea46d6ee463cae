"""One environment, and the table of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.static.element import element
from aml_magics.views.static.page import code_block, frame
from aml_magics.views.static.table import Cell, Column, html_table, text_table
from aml_magics.views.text.format import bytes_text, count_text
from aml_magics.views.text.timestamp import moment_text

if TYPE_CHECKING:
    from aml_magics.views.environment.environment import (
        EnvironmentRowView,
        EnvironmentsView,
        EnvironmentView,
    )

ROWS: Final = 100
DIGITS: Final = 12
"""Characters of a digest that are shown; they suffice to name it."""

_COLUMNS: Final = [
    Column("Environment"),
    Column("Version", is_number=True),
    Column("State"),
    Column("Python"),
    Column("Packages", is_number=True),
    Column("Size", is_number=True),
    Column("Digest"),
    Column("Last used"),
]
_NOTHING: Final = "No environments yet. environment.register(ws) keeps one; the first run that needs it builds it."


def environment_html(view: EnvironmentView) -> str:
    """A table of what an environment is, and its packages."""
    cells: list[Cell | str] = [
        view.name,
        view.version or "not registered",
        "that of its interpreter" if view.is_user_managed else view.python,
        "recorded, not used" if view.uses_docker else "no",
    ]
    head = [Column(title) for title in ("Environment", "Version", "Python", "Container")]
    packages = "\n".join(view.packages)
    shows = packages and not view.is_user_managed
    return frame(
        "environment",
        f"Environment {view.name}",
        html_table(head, [cells]),
        code_block(packages, "packages") if shows else None,
    )


def environments_html(view: EnvironmentsView) -> str:
    """The table of environments."""
    label = f"Environments of workspace {view.workspace}"
    if not view.rows:
        return frame("environments", label, element("p", {"class": "aml-muted"}, _NOTHING))
    return frame("environments", label, html_table(_COLUMNS, _rows(view), more=_more(view)))


def environments_text(view: EnvironmentsView) -> str:
    """The same as text, at most 100 columns wide."""
    if not view.rows:
        return _NOTHING
    return "\n".join(text_table(_COLUMNS, _rows(view), more=_more(view)))


def _rows(view: EnvironmentsView) -> list[list[Cell | str]]:
    return [_row(row) for row in view.rows[:ROWS]]


def _row(row: EnvironmentRowView) -> list[Cell | str]:
    return [
        row.name or "(without a name)",
        row.version,
        f"{row.state}: {row.problem}" if row.problem else row.state,
        row.python,
        "" if row.packages is None else f"{row.packages:,}",
        "" if row.size is None else bytes_text(row.size),
        row.digest[:DIGITS],
        moment_text(row.used),
    ]


def _more(view: EnvironmentsView) -> str:
    hidden = len(view.rows) - ROWS
    more = f"… {count_text(hidden, 'more environment')}. " if hidden > 0 else ""
    return f"{more}{bytes_text(view.size)} in all; files that environments share count in each."
