"""``diff``: show what changed between two runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._suggestion import RUN_HELP, run_words
from aml_magics.services.run import run as runs
from aml_magics.services.run.diff import compare_runs
from aml_magics.views.run.diff import diff_view
from aml_magics.views.run.static_diff import diff_page

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser
    from aml_magics.sdk.workspace.workspace import Workspace


class DiffCommand(Command):
    """Shows what changed from one run to another; the value is a RunDiff."""

    summary = "Show what changed between two runs: code, parameters, packages, git, data."

    def arguments(self, parser: Parser) -> None:
        """Declare the two runs."""
        parser.add_argument("first", metavar="RUN", help=f"the one before: {RUN_HELP}")
        parser.add_argument("second", metavar="RUN", help="the one after")

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Show the differences."""
        store = workspace.store
        first, second = runs.find(store, options.first), runs.find(store, options.second)
        return Answer.of_page(
            lambda: diff_page(diff_view(store, first, second)),
            lambda: compare_runs(store, first, second),
        )

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest runs."""
        return run_words(workspace) if name in ("first", "second") else []
