"""``sweep``: show one sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._suggestion import RUN_HELP
from aml_magics.commands.sweep._frame import sweep_records
from aml_magics.errors import SweepError
from aml_magics.records.sweep.sweep import HYPERDRIVE
from aml_magics.sdk.run.run import Run
from aml_magics.services.run import run as runs
from aml_magics.views.sweep.output import sweep_output
from aml_magics.views.sweep.sweep import sweep_view

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser
    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.workspace.workspace import Workspace

LAST = "last"


class SweepCommand(Command):
    """Shows one sweep; the value is its handle."""

    summary = "Show a sweep: how far it is, the best trial, all trials with their values."
    details = """\
  sweep last
  sweep HD_0b5c
"""

    def arguments(self, parser: Parser) -> None:
        """Declare the sweep."""
        parser.add_argument("sweep", nargs="?", default=LAST, metavar="SWEEP", help=RUN_HELP)

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Show the sweep's panel."""
        store = workspace.store
        record = _found(workspace, options.sweep)
        return Answer.of_output(
            lambda: sweep_output(sweep_view(store, record)),
            lambda: Run.get(workspace, record.id),
        )

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest sweeps, newest first."""
        if name != "sweep":
            return []
        found = sweep_records(workspace.store)
        return list(dict.fromkeys([LAST, *(one.name for one in found), *(one.id for one in found)]))


def _found(workspace: Workspace, text: str) -> RunRecord:
    """The run of a sweep; ``last`` is the newest sweep, whatever ran since."""
    store = workspace.store
    if text != LAST:
        record = runs.find(store, text)
        # a trial leads to its sweep
        parent = record.parent if record.type != HYPERDRIVE else None
        above = None if parent is None else runs.get(store, parent)
        return above if above is not None and above.type == HYPERDRIVE else record
    found = sweep_records(store)
    if not found:
        raise SweepError(
            "There is no sweep yet; %%aml_sweep or experiment.submit(HyperDriveConfig(...)) makes one."
        )
    return found[0]
