"""``images``: the images of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._frame import row_frame
from aml_magics.views.image.image import ImageRowView, images_view
from aml_magics.views.image.static import images_page

if TYPE_CHECKING:
    from argparse import Namespace

    import pandas as pd

    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.store.store import Store


class ImagesCommand(Command):
    """Lists images; the value is a DataFrame with one row per version."""

    summary = "List images: their models, entry script, size, and the services that run them."

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """List the images."""
        del options
        store = workspace.store
        return Answer.of_page(lambda: images_page(images_view(store)), lambda: _frame(store))


def _frame(store: Store) -> pd.DataFrame:
    """One row per image; ``size`` in bytes, ``created`` in UTC."""
    import pandas as pd

    frame = row_frame(images_view(store).rows, ImageRowView)
    frame["created"] = pd.to_datetime(frame["created"], utc=True).dt.as_unit("us")
    return frame.astype({"version": "int64", "size": "int64"})
