"""The modules of a workspace, with their versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.records.pipeline.module import ModuleStatus
from aml_magics.services.pipeline.module.module import modules
from aml_magics.views.static.page import Page, paragraph
from aml_magics.views.static.table import Column, Table
from aml_magics.views.text.format import iso, more_text, timestamp_text

if TYPE_CHECKING:
    from aml_magics.store.store import Store

ROWS: Final = 100
_NOTHING: Final = "No modules yet. Module.create(ws, name, description) makes one, and its publish_python_script(...) a version."


@dataclass(frozen=True, slots=True)
class ModuleRowView:
    """A version of a module, or a module without versions, whose ``version`` is empty; ``created`` is ISO 8601."""

    name: str
    version: str
    is_default: bool
    status: str
    script: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    created: str | None
    description: str


def module_rows(store: Store) -> list[ModuleRowView]:
    """The versions of all modules: the newest module first, of each its newest version first."""
    rows = []
    for record in modules(store):
        if not record.versions:
            status, created = str(record.status), iso(record.created)
            rows.append(
                ModuleRowView(
                    record.name, "", False, status, "", (), (), created, record.description
                )
            )
        rows += [
            ModuleRowView(
                name=record.name,
                version=one.version,
                is_default=one.version == record.default_version,
                status=str(max(record.status, one.status, key=list(ModuleStatus).index)),
                script=one.script,
                inputs=tuple(port.name for port in one.inputs),
                outputs=tuple(port.name for port in one.outputs),
                created=iso(one.created),
                description=one.description or record.description,
            )
            for one in reversed(record.versions.values())
        ]
    return rows


def modules_page(workspace: str, rows: list[ModuleRowView]) -> Page:
    """The table of modules."""
    names = (
        "Module",
        "Version",
        "State",
        "Script",
        "Inputs",
        "Outputs",
        "Published",
        "Description",
    )
    cells = [
        [
            row.name,
            f"{row.version} (default)" if row.is_default else row.version or "none",
            row.status,
            row.script,
            ", ".join(row.inputs),
            ", ".join(row.outputs),
            timestamp_text(row.created),
            row.description,
        ]
        for row in rows[:ROWS]
    ]
    table = Table(
        [Column(name) for name in names], cells, more=more_text(len(rows), ROWS, "version")
    )
    return Page(
        "modules", f"Modules of workspace {workspace}", [table if rows else paragraph(_NOTHING)]
    )
