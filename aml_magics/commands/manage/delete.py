"""``delete``: delete runs, so that they can be restored."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._suggestion import RUN_HELP, run_words
from aml_magics.commands.manage._mark import named
from aml_magics.services.run import run as runs
from aml_magics.services.run.manage.deletion import delete
from aml_magics.views.text.format import iso, short_id, timestamp_text

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser
    from aml_magics.sdk.workspace.workspace import Workspace

_IDS = 8
"""As many ids are written into the line that restores the runs; it is to be copied."""


class DeleteCommand(Command):
    """Deletes runs; the value is a list of their ids."""

    summary = "Delete ended runs with their children; `restore` brings them back."
    details = """\
a deleted run is in no list any more. For 30 days it can be restored, then it goes with its files.
`purge` removes deleted runs at once.
"""

    def arguments(self, parser: Parser) -> None:
        """Declare the runs."""
        parser.add_argument("runs", nargs="+", metavar="RUN", help=RUN_HELP)

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Delete the runs, all or none."""
        store = workspace.store
        found = {record.id: record for record in (runs.find(store, one) for one in options.runs)}
        done = delete(store, found)
        more = done.count - len(found)
        children = f", with {more:,} child run{'s' * (more != 1)}" if more > 0 else ""
        verb = "is" if len(found) == 1 else "are"
        undo = shlex.join([short_id(id_) for id_ in found]) if len(found) <= _IDS else "RUN…"
        text = (
            f"{named(list(found.values()))} {verb} deleted{children}. "
            f"Undo until {timestamp_text(iso(done.until))}: %aml restore {undo}"
        )
        return Answer.of_text(text, list(found))

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest runs."""
        return run_words(workspace) if name == "runs" else []
