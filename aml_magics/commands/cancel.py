"""``cancel``: cancel a live run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._suggestion import RUN_HELP, open_run_words
from aml_magics.sdk.run.run import Run
from aml_magics.services.run import run as runs
from aml_magics.services.run.cancel import cancel
from aml_magics.views.text.format import short_id

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser
    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.workspace.workspace import Workspace


class CancelCommand(Command):
    """Cancels a run; the value is its handle."""

    summary = "Cancel a run; one of another process ends within a second."

    def arguments(self, parser: Parser) -> None:
        """Declare the run."""
        parser.add_argument("run", metavar="RUN", help=RUN_HELP)

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Cancel the run and show it."""
        store = workspace.store
        record = cancel(store, runs.find(store, options.run))
        return Answer.of_text(_sentence(record), Run.get(workspace, record.id))

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest runs that have not ended."""
        return open_run_words(workspace) if name == "run" else []


def _sentence(record: RunRecord) -> str:
    run = f"Run {record.name!r} ({short_id(record.id)})"
    if record.status.is_terminal:
        return f"{run} is {record.status}."
    return f"{run} was asked to end and is {record.status}."
