"""An account of Azure Batch."""

from __future__ import annotations

from aml_magics.kinds.computes._base import ComputeKind


class BatchCompute(ComputeKind):
    """Its name is kept."""

    type = "Batch"
    label = "BatchCompute"
    machine = "an account of Azure Batch"
    settings = {"resource_group": None, "account_name": None, "resource_id": None}
    required = (("resource_id",), ("resource_group", "account_name"))
