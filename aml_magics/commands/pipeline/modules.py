"""``modules``: the modules of the workspace."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._frame import row_frame
from aml_magics.views.pipeline.modules import ModuleRowView, module_rows, modules_page

if TYPE_CHECKING:
    from argparse import Namespace

    import pandas as pd

    from aml_magics.sdk.workspace.workspace import Workspace


class ModulesCommand(Command):
    """Lists modules; the value is a DataFrame with one row per version."""

    summary = "List modules: code that steps of any pipeline use, by version."

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """List the modules."""
        del options
        rows = cache(lambda: module_rows(workspace.store))
        return Answer.of_page(lambda: modules_page(workspace.name, rows()), lambda: _frame(rows()))


def _frame(rows: list[ModuleRowView]) -> pd.DataFrame:
    """One row per version; ``created`` is in UTC."""
    import pandas as pd

    frame = row_frame(rows, ModuleRowView)
    frame["created"] = pd.to_datetime(frame["created"], utc=True, format="ISO8601").dt.as_unit("us")
    return frame
