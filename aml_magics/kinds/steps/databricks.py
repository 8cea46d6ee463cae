"""A step of Databricks: refused, with what to do instead."""

from __future__ import annotations

from aml_magics.kinds.steps._base import StepKind


class Databricks(StepKind):
    """Needs a Databricks workspace."""

    type = "DatabricksStep"
    title = "Databricks"
    cloud = "a Databricks workspace"
