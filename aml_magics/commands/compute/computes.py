"""``computes``: the compute targets of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._frame import row_frame
from aml_magics.views.compute.computes import ComputeView, computes_view
from aml_magics.views.compute.output import computes_output

if TYPE_CHECKING:
    from argparse import Namespace

    import pandas as pd

    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.store.store import Store


class ComputesCommand(Command):
    """Lists compute targets; the value is a DataFrame with one row per target."""

    summary = "List compute targets: nodes, queues, and the runs that go on or wait."

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """List the targets."""
        del options
        store = workspace.store
        return Answer.of_output(
            lambda: computes_output(computes_view(store)), lambda: _frame(store)
        )


def _frame(store: Store) -> pd.DataFrame:
    """One row per target, ``local`` first; ``created`` is in UTC."""
    import pandas as pd

    frame = row_frame(computes_view(store).rows, ComputeView)
    frame["created"] = pd.to_datetime(frame["created"], utc=True).dt.as_unit("us")
    return frame.drop(columns=["jobs", "more"])
