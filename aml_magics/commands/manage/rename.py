"""``rename``: give a run another name."""

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


class RenameCommand(Command):
    """Renames a run; the value is its handle."""

    summary = "Give a run another name; its id stays."

    def arguments(self, parser: Parser) -> None:
        """Declare the run and its name."""
        parser.add_argument("run", metavar="RUN", help=RUN_HELP)
        parser.add_argument("to", metavar="NAME", help="the new name, in quotes if it has blanks")

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Rename the run."""
        store = workspace.store
        before = runs.find(store, options.run)
        [now] = edit(store, [before.id], RunEdit(name=options.to, was={"name": before.name}))
        return Answer.of_text(f"{named([before])} is {now.name!r} now.", Run.get(workspace, now.id))

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest runs."""
        return run_words(workspace) if name == "run" else []
