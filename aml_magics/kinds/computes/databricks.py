"""A workspace of Databricks."""

from __future__ import annotations

from aml_magics.kinds.computes._base import ComputeKind


class DatabricksCompute(ComputeKind):
    """Its name is kept."""

    type = "Databricks"
    label = "DatabricksCompute"
    machine = "a workspace of Databricks"
    settings = {"resource_group": None, "workspace_name": None, "resource_id": None}
    required = (("resource_id",), ("resource_group", "workspace_name"))
    credentials = ("access_token",)
