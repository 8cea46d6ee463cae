"""``environments``: list the workspace's environments and their builds on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._frame import row_frame
from aml_magics.services.environment.build import builds, prune, remove
from aml_magics.views.environment.environment import EnvironmentRowView, environments_view
from aml_magics.views.environment.static import DIGITS, environments_page
from aml_magics.views.text.format import bytes_text, count_text

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from aml_magics.commands._parser import Parser
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.services.environment.build import Build


class EnvironmentsCommand(Command):
    """Lists environments, or removes builds; the value is a DataFrame, or the digests removed."""

    summary = "List registered and built environments, or remove old builds."
    details = """\
A build belongs to this user and serves all workspaces; a run that needs one that was removed
builds it again. --prune removes what no run has used for 30 days, and what killed builds left.
"""

    def arguments(self, parser: Parser) -> None:
        """Declare the builds to remove."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--remove", metavar="DIGEST", help="remove one build, by the start of its digest"
        )
        what.add_argument("--prune", action="store_true", help="remove builds that nobody uses")

    def answer_alone(self, options: Namespace) -> Answer | None:
        """Remove builds, and list what was removed."""
        if options.remove is not None:
            return _removed([remove(options.remove)])
        if options.prune:
            return _removed(prune())
        return None

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """List the environments, or answer as :meth:`answer_alone`."""
        store = workspace.store
        return self.answer_alone(options) or Answer.of_page(
            lambda: environments_page(environments_view(store)),
            lambda: row_frame(environments_view(store).rows, EnvironmentRowView).astype(
                {"packages": "Int64", "size": "Int64"}  # `size` in bytes
            ),
        )

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest digests of builds."""
        del workspace
        return [one.digest[:DIGITS] for one in builds()] if name == "remove" else []


def _removed(found: Sequence[Build]) -> Answer:
    digests = [one.digest for one in found]
    if not found:
        return Answer.of_text(
            "Nothing to remove: every build was used in the last 30 days.", digests
        )
    names = ", ".join(f"{one.name or 'a build'} ({one.digest[:DIGITS]})" for one in found)
    size = bytes_text(sum(one.size for one in found))
    return Answer.of_text(f"Removed {count_text(len(found), 'build')} of {size}: {names}.", digests)
