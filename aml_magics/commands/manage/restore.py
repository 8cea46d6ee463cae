"""``restore``: bring deleted runs back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands.manage._mark import named, words_of
from aml_magics.sdk.run.run import Run
from aml_magics.services.run.manage.deletion import deleted_run, deleted_runs, restore
from aml_magics.views.text.format import iso, short_id, timestamp_text

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.store.store import Store

_SHOWN = 100


class RestoreCommand(Command):
    """Restores deleted runs; the value is a list of their handles."""

    summary = "Bring deleted runs back; without a run list what is deleted."

    def arguments(self, parser: Parser) -> None:
        """Declare the runs."""
        parser.add_argument(
            "runs", nargs="*", metavar="RUN", help="its id or the beginning of it, or its name"
        )

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Restore the runs, or list those that can be."""
        store = workspace.store
        if not options.runs:
            return _list(store)
        records = restore(store, [deleted_run(store, text).id for text in options.runs])
        verb = "is" if len(records) == 1 else "are"
        handles = [Run.get(workspace, record.id) for record in records]
        return Answer.of_text(f"{named(records)} {verb} back.", handles)

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest deleted runs."""
        return words_of(deleted_runs(workspace.store)) if name == "runs" else []


def _list(store: Store) -> Answer:
    records = deleted_runs(store, _SHOWN)
    if not records:
        return Answer.of_text("No run is deleted.", [])
    lines = [
        f"{short_id(record.id)}  {timestamp_text(iso(record.deleted))}  {record.name}  ({record.experiment})"
        for record in records
    ]
    return Answer.of_text(
        "\n".join(["Deleted runs, the latest first:", *lines]), [r.id for r in records]
    )
