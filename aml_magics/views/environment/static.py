"""The pages of one environment and of the table of environments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.static.element import code_block
from aml_magics.views.static.page import Drawing, Page, paragraph
from aml_magics.views.static.table import Column, Table
from aml_magics.views.text.format import bytes_text, more_text, timestamp_text

if TYPE_CHECKING:
    from aml_magics.views.environment.environment import (
        EnvironmentRowView,
        EnvironmentsView,
        EnvironmentView,
    )

ROWS: Final = 100
DIGITS: Final = 12
"""Characters shown of a digest, enough to identify it."""

_NOTHING: Final = "No environments yet. environment.register(ws) keeps one; the first run that needs it builds it."


def environment_page(view: EnvironmentView) -> Page:
    """The properties of an environment, and its packages."""
    facts = {
        "Environment": view.name,
        "Version": view.version or "not registered",
        "Python": "that of its interpreter" if view.is_user_managed else view.python,
        "Container": "recorded, not used" if view.uses_docker else "no",
    }
    packages = "" if view.is_user_managed else "\n".join(view.packages)
    return Page(
        "environment",
        f"Environment {view.name}",
        [
            Table.of_facts(facts),
            Drawing(lambda: code_block(packages, "packages")) if packages else None,
        ],
    )


def environments_page(view: EnvironmentsView) -> Page:
    """The table of environments."""
    columns = [
        Column("Environment"),
        Column("Version", is_number=True),
        Column("State"),
        Column("Python"),
        Column("Packages", is_number=True),
        Column("Size", is_number=True),
        Column("Digest"),
        Column("Last used"),
    ]
    rows = [_row(row) for row in view.rows[:ROWS]]
    left_out = more_text(len(view.rows), ROWS, "environment")
    more = f"{bytes_text(view.size)} in all; files that environments share count in each."
    table = Table(columns, rows, more=f"{left_out}. {more}" if left_out else more)
    label = f"Environments of workspace {view.workspace}"
    return Page("environments", label, [table if rows else paragraph(_NOTHING)])


def _row(row: EnvironmentRowView) -> list[str]:
    return [
        row.name or "(without a name)",
        row.version,
        f"{row.state}: {row.problem}" if row.problem else row.state,
        row.python,
        "" if row.packages is None else f"{row.packages:,}",
        "" if row.size is None else bytes_text(row.size),
        row.digest[:DIGITS],
        timestamp_text(row.used),
    ]
