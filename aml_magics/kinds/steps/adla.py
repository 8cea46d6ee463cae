"""A step of Data Lake Analytics: refused, with what to do instead."""

from __future__ import annotations

from aml_magics.kinds.steps._base import StepKind


class Adla(StepKind):
    """Needs an account of Azure Data Lake Analytics."""

    type = "AdlaStep"
    title = "Data Lake Analytics"
    cloud = "an account of Azure Data Lake Analytics"
