"""What a service collected, as datasets and frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from aml_magics.sdk.data.table.tabular_dataset import TabularDataset
from aml_magics.services.service.collection import (
    CollectedRequest,
    collected,
    collected_requests,
)

if TYPE_CHECKING:
    from aml_magics.sdk.workspace.workspace import Workspace


def collected_data(
    workspace: Workspace,
    service: str,
    designation: str = "inputs",
    model: str | None = None,
    version: str | int | None = None,
) -> TabularDataset:
    """The rows that ``ModelDataCollector`` kept in a service of this name; raises DataNotFoundError if there are none.

    Args:
        designation: ``inputs``, ``predictions``, ``labels``, ….
        model: of which model; of all by default.
        version: of which version of it; of all by default.
    """
    definition = collected(workspace.store, service, designation, model, version)
    return TabularDataset._of(workspace, definition)


def requests_frame(
    workspace: Workspace, service: str, since: float | None = None, limit: int = 1_000
) -> pd.DataFrame:
    """The newest requests that app insights kept of a service of this name, newest first.

    Args:
        since: seconds since the epoch; of all days by default.
        limit: how many at most.
    """
    rows = [
        {name: getattr(one, name) for name in CollectedRequest.__struct_fields__}
        for one in collected_requests(workspace.store, service, since, limit)
    ]
    return pd.DataFrame(rows, columns=list(CollectedRequest.__struct_fields__))
