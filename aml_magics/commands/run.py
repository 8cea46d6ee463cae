"""``run``: show one run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._suggestion import RUN_HELP, run_words
from aml_magics.sdk.run.run import Run
from aml_magics.services.run import run as runs
from aml_magics.views.run.output import run_output
from aml_magics.views.run.run import run_view

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser
    from aml_magics.sdk.workspace.workspace import Workspace


class RunCommand(Command):
    """Shows one run; the value is its handle."""

    summary = "Show one run: status, parameters, metrics, files, the end of its log."

    def arguments(self, parser: Parser) -> None:
        """Declare the run."""
        parser.add_argument("run", metavar="RUN", help=RUN_HELP)

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Show the run's panel."""
        store = workspace.store
        record = runs.find(store, options.run)
        return Answer.of_output(
            lambda: run_output(store.record.name, run_view(store, record)),
            lambda: Run.get(workspace, record.id),
        )

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest runs."""
        return run_words(workspace) if name == "run" else []
