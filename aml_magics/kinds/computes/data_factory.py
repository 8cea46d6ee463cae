"""A data factory, which moves data for pipelines."""

from __future__ import annotations

from aml_magics.kinds.computes._base import ComputeKind


class DataFactoryCompute(ComputeKind):
    """Its name is kept."""

    type = "DataFactory"
    label = "DataFactoryCompute"
    machine = "a data factory of Azure"
    settings = {"location": None}
    attached = {"resource_group": None, "factory_name": None, "resource_id": None}
    required = (("resource_id",), ("resource_group", "factory_name"))
