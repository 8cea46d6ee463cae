"""``pipelines``: the pipelines of the workspace."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._frame import row_frame
from aml_magics.views.pipeline.output import pipelines_output
from aml_magics.views.pipeline.pipelines import PipelineRowView, pipelines_view

if TYPE_CHECKING:
    from argparse import Namespace

    import pandas as pd

    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.views.pipeline.pipelines import PipelinesView


class PipelinesCommand(Command):
    """Lists pipelines; the value is a DataFrame with one row per run of one."""

    summary = "List pipelines: their runs, what is published, endpoints, schedules."

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """List the pipelines."""
        del options
        view = cache(lambda: pipelines_view(workspace.store))
        return Answer.of_output(lambda: pipelines_output(view()), lambda: _frame(view()))


def _frame(view: PipelinesView) -> pd.DataFrame:
    """One row per run, newest first: ``seconds`` is how long it took, times are in UTC."""
    import pandas as pd

    frame = row_frame(view.runs, PipelineRowView)
    for name in ("created", "started"):
        frame[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601").dt.as_unit("us")
    return frame.astype({"seconds": "float64"})
