"""What a sweep gives to later steps."""

from __future__ import annotations

from typing import Any, Final

from aml_magics.errors import PipelineError, described

_TYPES: Final = {"model": "Model", "metrics": "Metrics"}


class TrainingOutput:
    """What a ``PipelineData`` of a sweep is: a file of its best trial, or the metrics of all trials as JSON.

    Args:
        type: ``Model`` or ``Metrics``.
        iteration: not offered: it chooses a trial of automated machine learning.
        metric: accepted for the primary metric of the sweep, which chooses the best trial.
        model_file: the file of the best trial, such as ``outputs/model.pkl``.

    Raises:
        PipelineError: another type, a model without a file, or an iteration.
    """

    def __init__(
        self,
        type: Any,  # noqa: ANN401 -- whatever a user passed
        iteration: int | None = None,
        metric: str | None = None,
        model_file: Any = None,  # noqa: ANN401 -- as above
    ) -> None:
        kind = _TYPES.get(type.lower()) if isinstance(type, str) else None
        if kind is None:
            raise PipelineError(
                f"The type of a TrainingOutput is Model or Metrics, not {described(type)}."
            )
        if iteration is not None:
            raise PipelineError(
                "iteration chooses a trial of automated machine learning, which is not offered here; leave it out: a sweep gives its best trial."
            )
        if kind == "Metrics" and model_file is not None:
            raise PipelineError(
                f"model_file is a file of a TrainingOutput of type Model; with Metrics leave it out ({described(model_file)})."
            )
        if model_file is not None and (not isinstance(model_file, str) or not model_file.strip()):
            raise PipelineError(
                f"model_file is a file of the trial, such as 'outputs/model.pkl', not {described(model_file)}."
            )
        self.type = kind
        self.iteration = iteration
        self.metric = metric
        self.model_file = model_file

    def _written(self) -> dict[str, Any]:
        """It as a step keeps it, plain JSON."""
        return {"type": self.type, "metric": self.metric, "model_file": self.model_file}

    def __repr__(self) -> str:
        return f"TrainingOutput(type={self.type!r}, model_file={self.model_file!r})"
