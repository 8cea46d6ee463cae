"""``datasets``: the datasets of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._frame import row_frame
from aml_magics.views.data.datasets import DatasetRowView, datasets_view
from aml_magics.views.data.static_datasets import datasets_page

if TYPE_CHECKING:
    from argparse import Namespace

    import pandas as pd

    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.store.store import Store


class DatasetsCommand(Command):
    """Lists datasets; the value is a DataFrame with one row per dataset."""

    summary = "List registered datasets, each in its newest version."

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """List the datasets."""
        del options
        store = workspace.store
        return Answer.of_page(
            lambda: datasets_page(datasets_view(store)),
            lambda: _frame(store),
        )


def _frame(store: Store) -> pd.DataFrame:
    """One row per dataset; ``size`` in bytes, ``created`` in UTC."""
    import pandas as pd

    frame = row_frame(datasets_view(store).rows, DatasetRowView)
    frame["created"] = pd.to_datetime(frame["created"], utc=True).dt.as_unit("us")
    numbers = ("version", "files", "size")
    return frame.astype({**dict.fromkeys(numbers, "int64"), "rows": "Int64", "columns": "Int64"})
