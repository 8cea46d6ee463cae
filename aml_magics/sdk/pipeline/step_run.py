"""The run of a step."""

from __future__ import annotations

import sys
import time
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aml_magics.errors import PipelineError, RunFailedError, RunStateError, did_you_mean
from aml_magics.records.pipeline.pipeline import FINISHED
from aml_magics.records.status import TERMINAL, RunStatus
from aml_magics.sdk.job.script_run import ScriptRun
from aml_magics.sdk.pipeline.step_run_output import StepRunOutput
from aml_magics.sdk.run.run import Run
from aml_magics.services.pipeline.result import maker_of, step_result
from aml_magics.services.pipeline.reuse import explain
from aml_magics.services.run.log import read_log_from

if TYPE_CHECKING:
    from aml_magics.records.run import RunRecord
    from aml_magics.sdk import handles
    from aml_magics.sdk.pipeline.step_run_output import PortDataReference
    from aml_magics.services.pipeline.result import StepResult

POLL = 0.1


class StepRun(ScriptRun):
    """The run of a step; of a reused one, outputs, metrics, logs and files are those of the original.

    Args:
        experiment: of the pipeline's run.
        step_run_id: its id.
        pipeline_run_id: accepted; the run knows its pipeline.
        node_id: accepted.

    Raises:
        RunNotFoundError: the experiment has no run of that id.
        PipelineError: the run is no step of a pipeline.
    """

    def __init__(
        self,
        experiment: handles.Experiment,
        step_run_id: str,
        pipeline_run_id: str | None = None,
        node_id: str | None = None,
        _service_endpoint: object = None,
        _is_reused: bool = False,
        _current_node_id: str | None = None,
        _reused_run_id: str | None = None,
        _reused_node_id: str | None = None,
        _reused_pipeline_run_id: str | None = None,
    ) -> None:
        super().__init__(experiment, step_run_id)
        step_result(self._workspace.store, self._record)

    @cached_property
    def _step(self) -> StepResult:
        return step_result(self._workspace.store, self._record)

    @cached_property
    def _original(self) -> Run:
        """The run that really ran: this one, or that which it reuses."""
        store = self._workspace.store
        kept = step_result(store, self._record).kept
        if kept.reused_from is None:
            return self
        return Run._of(self._workspace, maker_of(store, self._step.step, kept, self._record).run)

    @property
    def pipeline_run_id(self) -> str:
        """The id of the pipeline's run."""
        return str(self._record.parent)

    @property
    def is_reused(self) -> bool:
        """Whether its outputs are those of an earlier run."""
        return step_result(self._workspace.store, self._record).is_reused

    @property
    def reuse_explanation(self) -> str:
        """Why it was reused or not, in a line: ``not reused: train.py changed, line 12``."""
        return explain(self._workspace.store, self._record)

    def get_status(self) -> str:
        """The status now; a completed step is ``Finished``."""
        return shown_status(self.record)

    # -- outputs --------------------------------------------------------------------------------

    def get_outputs(self) -> dict[str, StepRunOutput]:
        """The outputs by name."""
        maker = self._original.id
        return {
            one.name: StepRunOutput(self, self.pipeline_run_id, maker, one.part)
            for one in self._step.step.outputs
        }

    def get_output(self, name: str) -> StepRunOutput:
        """An output by name.

        Raises:
            PipelineError: the step has none of that name.
        """
        found = self.get_outputs()
        if name not in found:
            known = ", ".join(found) or "none"
            raise PipelineError(
                f"Step {self.name!r} has no output {name!r:.60}.{did_you_mean(str(name), found)} It has: {known}."
            )
        return found[name]

    def get_output_data(self, name: str) -> PortDataReference:
        """The files of an output; errors as :meth:`get_output`."""
        return self.get_output(name).get_port_data_reference()

    def get_metrics(
        self,
        name: str | None = None,
        recursive: bool = False,
        run_type: str | None = None,
        populate: bool = False,
    ) -> dict[str, Any]:
        """The metrics of the step; arguments as of ``Run.get_metrics``."""
        if self._original is self:
            return super().get_metrics(name, recursive, run_type, populate)
        return self._original.get_metrics(name, recursive, run_type, populate)

    def get_file_names(self) -> list[str]:
        """The names of its files."""
        return (
            super().get_file_names() if self._original is self else self._original.get_file_names()
        )

    def register_model(self, model_name: str, *args: Any, **options: Any) -> handles.Model:  # noqa: ANN401
        """Keep a file of the step as the next version of a model; arguments as of ``Run.register_model``."""
        if self._original is self:
            return super().register_model(model_name, *args, **options)
        return self._original.register_model(model_name, *args, **options)

    # -- logs -----------------------------------------------------------------------------------

    def get_job_log(self) -> str:
        """The log of the step."""
        return "".join(self._original._log_texts().values())

    def get_stdout_log(self) -> str:
        """What its script wrote; both streams are one here."""
        return self.get_job_log()

    def get_stderr_log(self) -> str:
        """The traceback of its script, empty if it did not fail."""
        error = self.record.error
        return "" if error is None else error.traceback or error.message

    # -- its life -------------------------------------------------------------------------------

    def wait_for_completion(  # type: ignore[override] # Azure returns the status here
        self,
        show_output: bool = True,
        timeout_seconds: float = sys.maxsize,
        raise_on_error: bool = True,
    ) -> str:
        """Wait until the step has ended and return its status.

        Args:
            show_output: whether its output is printed as it comes.
            timeout_seconds: how long to wait at most.
            raise_on_error: whether a failed step raises.

        Raises:
            RunFailedError: it failed, and ``raise_on_error`` is true.
        """
        if show_output:
            self._print_head()
        deadline, at, said = time.monotonic() + timeout_seconds, 0, ""
        while True:
            record = self.record
            if show_output and shown_status(record) != said and record.status not in TERMINAL:
                said = shown_status(record)
                print(f"StepRun( {record.name} ) Status: {said}", flush=True)
            if show_output:
                at = self._print_from(at)
            if record.status in TERMINAL or time.monotonic() > deadline:
                break
            time.sleep(POLL)
        if show_output:
            self._print_end(record)
        self._tell_ended()
        if raise_on_error and record.status is RunStatus.FAILED:
            raise RunFailedError(self._failure())
        return shown_status(record)

    def resume(self) -> Run:
        """Refuse: a step runs again with its pipeline.

        Raises:
            RunStateError: always.
        """
        raise RunStateError(
            "A step is not resumed; rerun_from(step name) of its pipeline's run runs it again."
        )

    def _print_head(self) -> None:
        print(f"\nStepRunId: {self.id}")
        print(f"Link to Azure Machine Learning Portal: {self.get_portal_url()}", flush=True)

    def _print_from(self, start: int) -> int:
        """Print what came to the log since ``start``; returns where it ends."""
        store, record = self._workspace.store, self._original._record
        while data := read_log_from(store, record, start):
            if start == 0:
                print(f"\nStreaming {self._driver_log}\n{'=' * (10 + len(self._driver_log))}")
            text = data.decode("utf-8", "ignore")
            print(text, end="", flush=True)
            start += len(data)
        return start

    def _print_end(self, record: RunRecord) -> None:
        title = f"StepRun({record.name}) Execution Summary"
        print(f"\n{title}\n{'=' * len(title)}")
        print(f"StepRun( {record.name} ) Status: {shown_status(record)}")
        print(self.get_details(), flush=True)


def shown_status(record: RunRecord) -> str:
    """The status of a pipeline or a step as Azure shows it."""
    return FINISHED if record.status is RunStatus.COMPLETED else str(record.status)
