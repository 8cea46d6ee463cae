"""``services``: the web services of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._frame import row_frame
from aml_magics.views.service.output import services_output
from aml_magics.views.service.services import ServiceRowView, services_view
from aml_magics.views.service.static import models_text

if TYPE_CHECKING:
    from argparse import Namespace

    import pandas as pd

    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.store.store import Store


class ServicesCommand(Command):
    """Lists services; the value is a DataFrame with one row per service."""

    summary = "List web services: state, requests a second, latency, errors."

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """List the services."""
        del options
        store = workspace.store
        return Answer.of_output(
            lambda: services_output(services_view(store)), lambda: _frame(store)
        )


def _frame(store: Store) -> pd.DataFrame:
    """One row per service; ``rate``, ``p95_ms`` and ``errors`` are of the last minute, times in UTC."""
    import pandas as pd

    rows = services_view(store).rows
    frame = row_frame(rows, ServiceRowView)
    frame["models"] = [models_text(row.models) for row in rows]
    frame["rate"] = pd.Series([row.load.rate for row in rows], dtype="float64")
    frame["p95_ms"] = pd.Series([row.load.p95 for row in rows], dtype="float64")
    frame["errors"] = pd.Series([row.load.errors for row in rows], dtype="int64")
    for name in ("created", "updated"):
        frame[name] = pd.to_datetime(frame[name], utc=True).dt.as_unit("us")
    return frame.drop(columns=["load", "recent"])
