"""The run of a pipeline."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from aml_magics.errors import PipelineError, RunFailedError, RunStateError, did_you_mean
from aml_magics.records.status import TERMINAL, RunStatus
from aml_magics.sdk import handles
from aml_magics.sdk.pipeline.document import save_definition
from aml_magics.sdk.pipeline.graph import Graph
from aml_magics.sdk.pipeline.step_run import StepRun, shown_status
from aml_magics.sdk.run.run import Run
from aml_magics.services.pipeline.rerun import rerun
from aml_magics.services.pipeline.result import EXECUTION_LOG, step_results
from aml_magics.services.pipeline.secret import check_whole
from aml_magics.services.pipeline.submission import pipeline_of
from aml_magics.services.run import run as runs
from aml_magics.services.run.cancel import cancel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.pipeline.step_run_output import PortDataReference
    from aml_magics.sdk.workspace.workspace import Workspace

POLL = 0.1


class PipelineRun(Run):
    """The run of a pipeline: its children are the runs of the steps.

    Args:
        experiment: of the run.
        run_id: its id.

    Raises:
        RunNotFoundError: the experiment has no run of that id.
        PipelineError: the run is none of a pipeline.
    """

    _driver_log = EXECUTION_LOG

    def __init__(
        self,
        experiment: handles.Experiment,
        run_id: str,
        _service_endpoint: object = None,
        **_azure: object,
    ) -> None:
        super().__init__(experiment, run_id)
        pipeline_of(self._workspace.store, self._record)

    @staticmethod
    def get(workspace: Workspace, run_id: str, _service_endpoint: object = None) -> PipelineRun:
        """The run of a pipeline by id.

        Raises:
            RunNotFoundError: no run has that id.
            PipelineError: the run is none of a pipeline.
        """
        record = runs.get(workspace.store, run_id)
        pipeline_of(workspace.store, record)
        return PipelineRun._of(workspace, record)

    @staticmethod
    def get_pipeline_runs(
        workspace: Workspace, pipeline_id: str, _service_endpoint: object = None
    ) -> list[PipelineRun]:
        """The runs of a published pipeline, newest first."""
        store = workspace.store
        with store.catalogue.read() as connection:
            keys = store.pipeline_runs.of_pipeline(connection, pipeline_id)
            found = store.runs.by_keys(connection, keys)
        return [PipelineRun._of(workspace, one) for one in found]

    # -- its steps ------------------------------------------------------------------------------

    def get_steps(self) -> Iterator[StepRun]:
        """The runs of its steps, the last first, one at a time."""
        found = step_results(self._workspace.store, self._record)
        yield from (StepRun._of(self._workspace, one.run) for one in reversed(found))

    def find_step_run(self, name: str) -> list[StepRun]:
        """The runs of the steps of a name; empty if there is none."""
        found = step_results(self._workspace.store, self._record)
        return [StepRun._of(self._workspace, one.run) for one in found if one.step.name == name]

    def get_pipeline_output(self, pipeline_output_name: str) -> PortDataReference:
        """An output that was named as one of the pipeline's.

        Raises:
            PipelineError: there is none of that name.
        """
        known: dict[str, tuple[RunRecord, str]] = {}
        for one in step_results(self._workspace.store, self._record):
            for output in one.step.outputs:
                if output.pipeline_output is not None:
                    known[output.pipeline_output] = one.run, output.name
        if pipeline_output_name not in known:
            near = did_you_mean(str(pipeline_output_name), known)
            raise PipelineError(
                f"The pipeline has no output {pipeline_output_name!r:.60}.{near} It has: {', '.join(known) or 'none'}; "
                "PipelineData(pipeline_output_name=…) names one."
            )
        run, name = known[pipeline_output_name]
        return StepRun._of(self._workspace, run).get_output_data(name)

    def save(self, path: str | None = None) -> Path:
        """Write its pipeline as YAML, which ``Pipeline.load_yaml`` reads and the designer opens; returns the path.

        Args:
            path: ``pipeline.yml`` if None.
        """
        definition = pipeline_of(self._workspace.store, self._record).graph.definition
        return save_definition(definition, path or "pipeline.yml")

    def get_graph(self) -> Graph:
        """The steps as nodes, and the data between them as edges."""
        return Graph(pipeline_of(self._workspace.store, self._record).graph.definition)

    def publish_pipeline(
        self,
        name: str,
        description: str,
        version: str,
        continue_on_step_failure: bool | None = None,
    ) -> handles.PublishedPipeline:
        """Publish the pipeline of this run as it was submitted.

        Args:
            continue_on_step_failure: as in this run if None.

        Raises:
            InvalidNameError: the name breaks its rule.
            PipelineError: secrets among its words were forgotten when it ended.
        """
        asked = pipeline_of(self._workspace.store, self._record)
        check_whole(asked.graph)
        goes_on = continue_on_step_failure
        if goes_on is None:
            goes_on = asked.continue_on_step_failure
        return handles.PublishedPipeline._publish(
            self._workspace, asked.graph, name, description, version, goes_on, self.id
        )

    # -- its life -------------------------------------------------------------------------------

    def get_status(self) -> str:
        """The status now; a completed pipeline is ``Finished``."""
        return shown_status(self.record)

    def cancel(self, reason: str = "Canceled by the user.") -> None:
        """Cancel the pipeline with all of its steps that have not ended.

        Raises:
            RunFinishedError: it has Completed or Failed.
        """
        self._record = cancel(self._workspace.store, self._record, reason)
        self._end_here()

    def complete(self, _set_status: bool = True) -> None:
        """Refuse: a pipeline ends with its steps.

        Raises:
            RunStateError: always.
        """
        raise RunStateError("A pipeline ends with its steps; call cancel() to end it now.")

    def fail(
        self, error_details: object = None, error_code: object = None, _set_status: bool = True
    ) -> None:
        """Refuse: a pipeline ends with its steps.

        Raises:
            RunStateError: always.
        """
        raise RunStateError("A pipeline ends with its steps; call cancel() to end it now.")

    def resume(self) -> Run:
        """Refuse: a pipeline is submitted again, and reuses what has completed.

        Raises:
            RunStateError: always.
        """
        raise RunStateError(
            "A pipeline is not resumed; submit it again, and the steps that have completed are reused."
        )

    def rerun_from(self, step_name: str) -> PipelineRun:
        """Run the pipeline again from a step: what has completed and does not wait for it is taken over.

        Raises:
            PipelineError: it has no step of that name.
        """
        store = self._workspace.store
        found = [one.step for one in step_results(store, self._record)]
        by_name = {one.name: one.id for one in found}
        return self._of(
            self._workspace, rerun(store, self._record, by_name.get(step_name, step_name))
        )

    def get_details(self) -> dict[str, Any]:
        """The run as a dict with Azure's names; a pipeline has no target."""
        found = super().get_details()
        del found["target"]
        return found

    # -- waiting --------------------------------------------------------------------------------

    def wait_for_completion(  # type: ignore[override] # Azure returns the status here
        self,
        show_output: bool = True,
        timeout_seconds: float = sys.maxsize,
        raise_on_error: bool = True,
    ) -> str:
        """Wait until the pipeline has ended and return its status, ``Finished`` if it completed.

        An interrupt ends the waiting; the pipeline goes on.

        Args:
            show_output: whether its steps and their output are printed as they come.
            timeout_seconds: how long to wait at most.
            raise_on_error: whether a failed pipeline raises.

        Raises:
            RunFailedError: it failed, and ``raise_on_error`` is true.
        """
        try:
            self._follow(time.monotonic() + timeout_seconds, show_output=show_output)
        except KeyboardInterrupt:
            print(f"\nPipelineRun {self.id} goes on; cancel() ends it.", flush=True)
            raise
        record = self.record
        if show_output and record.status not in TERMINAL:
            print(f"Timed out of waiting; PipelineRun {self.id} is {record.status} and goes on.")
        elif show_output:
            title = "PipelineRun Execution Summary"
            print(f"\n\n{title}\n{'=' * len(title)}")
            print(f"PipelineRun Status: {shown_status(record)}")
            print(self.get_details(), flush=True)
        self._tell_ended()
        if raise_on_error and record.status is RunStatus.FAILED:
            raise RunFailedError(self._failure())
        return shown_status(record)

    def _follow(self, deadline: float, *, show_output: bool) -> None:
        if show_output:
            print(f"PipelineRunId: {self.id}")
            print(f"Link to Azure Machine Learning Portal: {self.get_portal_url()}", flush=True)
        shown: set[str] = set()
        said = ""
        while time.monotonic() < deadline:
            record = self.record
            if show_output and shown_status(record) != said and record.status not in TERMINAL:
                said = shown_status(record)
                print(f"PipelineRun Status: {said}", flush=True)
            if show_output and self._show_step(shown, deadline):
                continue
            if record.status in TERMINAL:
                return
            time.sleep(POLL)

    def _show_step(self, shown: set[str], deadline: float) -> bool:
        """Follow the next step that has begun, to its end; False if there is none."""
        for one in step_results(self._workspace.store, self._record):
            has_begun = one.run.started is not None or one.run.status in TERMINAL
            if one.run.id not in shown and has_begun:
                shown.add(one.run.id)
                left = max(0.0, deadline - time.monotonic())
                StepRun._of(self._workspace, one.run).wait_for_completion(
                    show_output=True, timeout_seconds=left, raise_on_error=False
                )
                return True
        return False
