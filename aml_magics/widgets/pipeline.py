"""The live panel of a pipeline's run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.services.pipeline.submission import pipeline_of
from aml_magics.widgets._base import LiveWidget
from aml_magics.widgets._choice import run_of

if TYPE_CHECKING:
    from aml_magics.sdk.run.run import Run
    from aml_magics.sdk.workspace.workspace import Workspace


class PipelineWidget(LiveWidget):
    """Live panel of a pipeline's run: its steps as a graph, reuse, logs.

    Args:
        pipeline: the run of a pipeline: a handle, or its name or id.
        workspace: where to look for it; by default that of the handle, else this folder's.

    Raises:
        InvalidArgumentError: ``pipeline`` is neither.
        RunNotFoundError: no run is called so.
        PipelineError: the run is none of a pipeline.
    """

    _kind = "pipeline"

    def __init__(self, pipeline: Run | str, workspace: Workspace | None = None) -> None:
        self._run = run_of(pipeline, workspace, type(self).__name__)
        place = self._run._workspace  # noqa: SLF001 -- as in RunWidget
        pipeline_of(place.store, self._run.record)
        super().__init__(place)

    def __repr__(self) -> str:
        return f"PipelineWidget({self._run.name!r}, status={str(self._run.record.status)!r})"

    def _subject(self) -> dict[str, Any]:
        return {"run": self._run.id}
