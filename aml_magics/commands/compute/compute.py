"""``compute``: one compute target, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._suggestion import compute_names
from aml_magics.errors import ComputeTargetError, UsageError
from aml_magics.records.compute import LOCAL
from aml_magics.sdk.compute.compute_target import ComputeTarget
from aml_magics.services.compute import registry
from aml_magics.views.compute.computes import computes_view
from aml_magics.views.compute.output import computes_output

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser
    from aml_magics.sdk.workspace.workspace import Workspace

ACTIONS: Final = ("start", "stop", "delete")
NUMBERS: Final = {
    "--min-nodes": "nodes that stay when nothing runs",
    "--max-nodes": "runs that go on at once at most",
    "--idle-seconds": "how long an idle node stays",
}


class ComputeCommand(Command):
    """Shows a compute target, or changes it; the value is its handle."""

    summary = "Show a compute target: nodes, queue, runs; or scale, start, stop or delete it."
    details = """\
  compute cpu-cluster
  compute cpu-cluster --max-nodes 4 --idle-seconds 120
  compute cpu-cluster delete
"""

    def arguments(self, parser: Parser) -> None:
        """Declare the target and what to do with it."""
        parser.add_argument("compute", metavar="NAME", help="its name")
        parser.add_argument("action", nargs="?", choices=ACTIONS, help="what to do; else show it")
        for option, text in NUMBERS.items():
            parser.add_argument(option, type=int, metavar="N", help=text)

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Show the target, or do what is asked."""
        store, name, action = workspace.store, options.compute, options.action
        changes = {
            "min_nodes": options.min_nodes,
            "max_nodes": options.max_nodes,
            "idle_seconds_before_scaledown": options.idle_seconds,
        }
        is_scaled = any(value is not None for value in changes.values())
        if is_scaled and action is not None:
            raise UsageError(f"Numbers of nodes are no part of `{action}`; leave out one of them.")
        if name == LOCAL and (is_scaled or action is not None):
            raise ComputeTargetError(
                f"{LOCAL!r} is this machine itself, and stays; the environment variable AML_MAGICS_SLOTS is how many runs go on "
                "there at once."
            )
        if action == "delete":
            registry.delete(store, name)
            return Answer.of_text(f"Compute target {name!r} is deleted.", None)
        if action is not None:
            registry.set_state(
                store, name, registry.RUNNING if action == "start" else registry.STOPPED
            )
        if is_scaled:
            registry.update(store, name, changes)
        view = computes_view(store, name)
        return Answer.of_output(
            lambda: computes_output(view),
            lambda: None if name == LOCAL else ComputeTarget(workspace, name),
        )

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest targets."""
        return compute_names(workspace) if name == "compute" else []
