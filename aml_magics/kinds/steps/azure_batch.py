"""A step of Azure Batch: refused, with what to do instead."""

from __future__ import annotations

from aml_magics.kinds.steps._base import StepKind


class AzureBatch(StepKind):
    """Needs an account of Azure Batch."""

    type = "AzureBatchStep"
    title = "Azure Batch"
    cloud = "an account of Azure Batch"
