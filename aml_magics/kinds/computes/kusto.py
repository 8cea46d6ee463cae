"""A cluster of Azure Data Explorer."""

from __future__ import annotations

from aml_magics.kinds.computes._base import ComputeKind


class KustoCompute(ComputeKind):
    """Its address and application are kept."""

    type = "Kusto"
    label = "KustoCompute"
    machine = "a cluster of Azure Data Explorer"
    settings = {
        "resource_group": None,
        "workspace_name": None,
        "resource_id": None,
        "tenant_id": None,
        "kusto_connection_string": None,
        "application_id": None,
    }
    required = (
        ("kusto_connection_string",),
        ("resource_id",),
        ("resource_group", "workspace_name"),
    )
    credentials = ("application_key",)
