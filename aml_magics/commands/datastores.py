"""``datastores``: the datastores of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command

if TYPE_CHECKING:
    from argparse import Namespace

    import pandas as pd

    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.store.store import Store


class DatastoresCommand(Command):
    """Lists datastores; the value is a DataFrame with one row a datastore."""

    summary = "List datastores: the workspace's own, and those that are registered."

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """The table; it has no credential."""
        from aml_magics.views.data.datasets import datasets_view
        from aml_magics.views.data.static_datasets import datastores_page

        del options
        store = workspace.store
        return Answer.of_page(
            lambda: datastores_page(datasets_view(store)),
            lambda: _frame(store),
        )


def _frame(store: Store) -> pd.DataFrame:
    from dataclasses import asdict, fields

    import pandas as pd

    from aml_magics.views.data.datasets import DatastoreRowView, datasets_view

    rows = [asdict(row) for row in datasets_view(store).datastores]
    return pd.DataFrame(rows, columns=[one.name for one in fields(DatastoreRowView)])
