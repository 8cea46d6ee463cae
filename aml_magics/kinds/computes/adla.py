"""An account of Azure Data Lake Analytics."""

from __future__ import annotations

from aml_magics.kinds.computes._base import ComputeKind


class AdlaCompute(ComputeKind):
    """Its name is kept."""

    type = "DataLakeAnalytics"
    label = "AdlaCompute"
    machine = "an account of Azure Data Lake Analytics"
    settings = {"resource_group": None, "account_name": None, "resource_id": None}
    required = (("resource_id",), ("resource_group", "account_name"))
