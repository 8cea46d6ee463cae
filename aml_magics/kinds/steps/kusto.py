"""A step of Kusto: refused, with what to do instead."""

from __future__ import annotations

from aml_magics.kinds.steps._base import StepKind


class Kusto(StepKind):
    """Needs a cluster of Azure Data Explorer."""

    type = "KustoStep"
    title = "Kusto"
    cloud = "a cluster of Azure Data Explorer"
