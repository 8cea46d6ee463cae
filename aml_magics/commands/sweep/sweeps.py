"""``sweeps``: the sweeps of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._suggestion import experiment_names
from aml_magics.commands.sweep._frame import sweep_frame, sweep_records
from aml_magics.services.run import experiment as experiments
from aml_magics.views.sweep.sweeps import sweeps_page, sweeps_view

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser
    from aml_magics.sdk.workspace.workspace import Workspace


class SweepsCommand(Command):
    """Lists sweeps; the value is a DataFrame with one row per sweep."""

    summary = "List sweeps, newest first: status, trials, best primary metric."

    def arguments(self, parser: Parser) -> None:
        """Declare the experiment."""
        parser.add_argument("--experiment", metavar="NAME", help="sweeps of this experiment")

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """List the sweeps."""
        store = workspace.store
        if options.experiment is not None:
            experiments.get(store, options.experiment)
        return Answer.of_page(
            lambda: sweeps_page(sweeps_view(store, options.experiment)),
            lambda: sweep_frame(store, sweep_records(store, options.experiment)),
        )

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest experiments."""
        return experiment_names(workspace) if name == "experiment" else []
