"""``note``: write or show a run's note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._suggestion import RUN_HELP, run_words
from aml_magics.commands.manage._mark import named
from aml_magics.sdk.run.run import Run
from aml_magics.services.run import run as runs
from aml_magics.services.run.manage.edit import RunEdit, edit

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser
    from aml_magics.sdk.workspace.workspace import Workspace


class NoteCommand(Command):
    """Sets a run's description; the value is its handle."""

    summary = "Write a note to a run, which is its description; without a text show it."
    details = """\
  %aml note quick the first with early stopping
  %aml note quick ""          removes the note
"""

    def arguments(self, parser: Parser) -> None:
        """Declare the run and the text."""
        parser.add_argument("run", metavar="RUN", help=RUN_HELP)
        parser.add_argument(
            "text", nargs="*", metavar="TEXT", help="the note, which replaces the former one"
        )

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Set the note, or show it."""
        store = workspace.store
        record = runs.find(store, options.run)
        if options.text:
            change = RunEdit(
                description=" ".join(options.text), was={"description": record.description}
            )
            [record] = edit(store, [record.id], change)
        said = f"notes: {record.description}" if record.description else "has no note."
        return Answer.of_text(f"{named([record])} {said}", Run.get(workspace, record.id))

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest runs."""
        return run_words(workspace) if name == "run" else []
