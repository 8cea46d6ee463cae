"""``compare``: show runs side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._frame import run_frame
from aml_magics.commands._suggestion import RUN_HELP, run_words
from aml_magics.errors import UsageError
from aml_magics.services.run import run as runs
from aml_magics.views.compare.compare import compare_view
from aml_magics.views.compare.output import compare_output

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser
    from aml_magics.sdk.workspace.workspace import Workspace


class CompareCommand(Command):
    """Compares runs; the value is a DataFrame with one row a run."""

    summary = "Compare runs: parameters, metrics and curves beside each other."

    def arguments(self, parser: Parser) -> None:
        """Declare the runs."""
        parser.add_argument("runs", nargs="+", metavar="RUN", help=RUN_HELP)

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Compare the runs."""
        store = workspace.store
        found = {record.key: record for record in (runs.find(store, text) for text in options.runs)}
        records = list(found.values())
        if len(records) == 1:
            raise UsageError(
                f"`compare` takes two or more runs, and {' '.join(options.runs)} is one "
                f"({records[0].name}); add another: `%aml runs` lists them."
            )
        return Answer.of_output(
            lambda: compare_output(store.record.name, compare_view(store, records)),
            lambda: run_frame(store, records),
        )

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest runs."""
        return run_words(workspace) if name == "runs" else []
