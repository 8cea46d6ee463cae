"""The active runs of a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypedDict

from aml_magics.services.run.recovery import recover_now_and_then
from aml_magics.services.run.search import records_of
from aml_magics.services.workspace.workspace import open_folder
from aml_magics.store.catalogue.schema import run as table
from aml_magics.views.run.run import elapsed
from aml_magics.views.text.format import iso, short_id

if TYPE_CHECKING:
    from pathlib import Path

MOST_RUNS: Final = 200
MOST_EDITS: Final = 50


@dataclass(frozen=True, slots=True)
class ActiveRunView:
    """A run that has not ended; ``elapsed`` is in seconds."""

    workspace: str
    id: str
    short_id: str
    number: int
    name: str
    experiment: str
    status: str
    started: str | None
    elapsed: float | None


@dataclass(frozen=True, slots=True)
class RunEditView:
    """An ended run that was renamed, tagged, deleted or the like, and when (epoch seconds)."""

    workspace: str
    id: str
    time: float


@dataclass(frozen=True, slots=True)
class WorkspaceActivity:
    """The active runs of a workspace, and the latest edits of ended ones."""

    runs: tuple[ActiveRunView, ...] = ()
    edits: tuple[RunEditView, ...] = ()


class ActivityEvent(TypedDict):
    """All active runs and the latest edits of all workspaces; ``token`` names the state."""

    type: Literal["activity"]
    token: str
    runs: list[ActiveRunView]
    edits: list[RunEditView]


def workspace_activity(folder: Path, *, recovers: bool) -> WorkspaceActivity:
    """What goes on in the workspace in a folder.

    Args:
        recovers: whether to end the runs of dead processes first.
    """
    store = open_folder(folder)
    if recovers:
        recover_now_and_then(store)
    with store.catalogue.read() as connection:
        keys = store.runs.keys_where(connection, table.c.ended.is_(None), limit=MOST_RUNS)
        edits = store.runs.edits(connection, MOST_EDITS)
    runs = (
        ActiveRunView(
            workspace=store.record.name,
            id=record.id,
            short_id=short_id(record.id),
            number=record.number,
            name=record.name,
            experiment=record.experiment,
            status=str(record.status),
            started=iso(record.started),
            elapsed=elapsed(record),
        )
        for record in records_of(store, keys)
        if not record.status.is_terminal  # on a read-only store, a verdict may have ended it
    )
    told = (RunEditView(store.record.name, id_, when) for id_, when in edits)
    return WorkspaceActivity(tuple(runs), tuple(told))
