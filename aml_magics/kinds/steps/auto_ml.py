"""A step of automated machine learning: refused, with what to do instead."""

from __future__ import annotations

from aml_magics.kinds.steps._base import StepKind


class AutoMl(StepKind):
    """Needs Azure's service, which chooses models and their parameters."""

    type = "AutoMLStep"
    title = "Automated ML"
    cloud = "Azure's service of automated machine learning"
