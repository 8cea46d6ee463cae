"""A step of Synapse Spark: refused, with what to do instead."""

from __future__ import annotations

from aml_magics.kinds.steps._base import StepKind


class SynapseSpark(StepKind):
    """Needs a Spark pool of Azure Synapse."""

    type = "SynapseSparkStep"
    title = "Synapse Spark"
    cloud = "a Spark pool of Azure Synapse"
