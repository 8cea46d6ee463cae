"""``datastores``: the datastores of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._frame import row_frame
from aml_magics.views.data.datasets import DatastoreRowView, datasets_view
from aml_magics.views.data.static_datasets import datastores_page

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.sdk.workspace.workspace import Workspace


class DatastoresCommand(Command):
    """Lists datastores; the value is a DataFrame with one row per datastore."""

    summary = "List datastores: the workspace's own, and those that are registered."

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """List the datastores, without credentials."""
        del options
        store = workspace.store
        return Answer.of_page(
            lambda: datastores_page(datasets_view(store)),
            lambda: row_frame(datasets_view(store).datastores, DatastoreRowView),
        )
