"""A Spark pool of Synapse."""

from __future__ import annotations

from aml_magics.kinds.computes._base import ComputeKind


class SynapseCompute(ComputeKind):
    """The names of its service and pool are kept."""

    type = "SynapseSpark"
    label = "SynapseCompute"
    machine = "a Spark pool of Synapse"
    settings = {"linked_service": None, "spark_type": None, "pool_name": None}
    required = (("pool_name",),)
