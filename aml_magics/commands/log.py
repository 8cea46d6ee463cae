"""``log``: show a run's output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._parser import whole_number
from aml_magics.commands._suggestion import RUN_HELP, run_words
from aml_magics.errors import ArtifactNotFoundError, did_you_mean
from aml_magics.services.run import run as runs
from aml_magics.services.run.log import LOG_NAME, log_names, read_log
from aml_magics.views.run.log import log_view
from aml_magics.views.run.static_log import log_page, stamped_log

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser
    from aml_magics.sdk.workspace.workspace import Workspace


class LogCommand(Command):
    """Shows the end of a run's log; the value is its text."""

    summary = "Show what a run printed, of a live run so far."

    def arguments(self, parser: Parser) -> None:
        """Declare the run, and how much of its log to show."""
        parser.add_argument("run", metavar="RUN", help=RUN_HELP)
        parser.add_argument(
            "--lines", type=whole_number, default=500, metavar="N", help="the last N lines (500)"
        )
        parser.add_argument(
            "--timestamps", action="store_true", help="put the time before each line, in UTC"
        )

        parser.add_argument(
            "--file",
            metavar="NAME",
            default=LOG_NAME,
            help="another log of it, such as azureml-logs/70_driver_log_1.txt",
        )

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Show the end of the log."""
        store = workspace.store
        record = runs.find(store, options.run)
        file = options.file
        if file != LOG_NAME and file not in (names := log_names(store, record)):
            raise ArtifactNotFoundError(
                f"Run {record.name!r} has no log {file!r:.200}.{did_you_mean(file, names)} "
                f"It has {', '.join(names) or 'none'}."
            )
        return Answer.of_page(
            lambda: log_page(
                log_view(store, record, options.lines, has_times=options.timestamps, file=file)
            ),
            lambda: (stamped_log if options.timestamps else read_log)(store, record, name=file),
        )

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest runs."""
        return run_words(workspace) if name == "run" else []
