"""``schedules``: the schedules of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._frame import row_frame
from aml_magics.views.pipeline.schedules import ScheduleView, schedules_page, schedules_view

if TYPE_CHECKING:
    from argparse import Namespace

    import pandas as pd

    from aml_magics.commands._parser import Parser
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.store.store import Store


class SchedulesCommand(Command):
    """Lists schedules; the value is a DataFrame with one row per schedule."""

    summary = "List schedules of pipelines: when they run, when next, and what went wrong."

    def arguments(self, parser: Parser) -> None:
        """Declare which of them."""
        parser.add_argument("--active", action="store_true", help="without those that are disabled")

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """List the schedules."""
        store, active_only = workspace.store, options.active
        return Answer.of_page(
            lambda: schedules_page(
                store.record.name, schedules_view(store, active_only=active_only)
            ),
            lambda: _frame(store, active_only=active_only),
        )


def _frame(store: Store, *, active_only: bool) -> pd.DataFrame:
    """One row per schedule, the newest first; ``next`` is in UTC."""
    import pandas as pd

    frame = row_frame(schedules_view(store, active_only=active_only), ScheduleView)
    frame["next"] = pd.to_datetime(frame["next"], utc=True).dt.as_unit("us")
    return frame
