"""``purge``: remove deleted runs for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.services.run.manage.deletion import deleted_runs, purge

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser
    from aml_magics.sdk.workspace.workspace import Workspace


class PurgeCommand(Command):
    """Removes deleted runs for good; the value is their number."""

    summary = "Remove all deleted runs for good, with their files; nothing undoes it."

    def arguments(self, parser: Parser) -> None:
        """Declare the consent."""
        parser.add_argument("--yes", action="store_true", help="do it; else only say what would go")

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Remove the runs, or say how many would go."""
        if options.yes:
            count = purge(workspace.store, older_than=0)
            return Answer.of_text(f"{_runs(count)} removed for good.", count)
        count = len(deleted_runs(workspace.store))
        ask = " `%aml purge --yes` does it; `%aml restore` lists them." if count else ""
        return Answer.of_text(f"{_runs(count)} would be removed for good.{ask}", 0)


def _runs(count: int) -> str:
    return f"{count:,} deleted run{'s' * (count != 1)}"
