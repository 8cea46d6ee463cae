"""Runs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from aml_magics.errors import RunNotFoundError, RunStateError
from aml_magics.records.run import RunError
from aml_magics.records.status import TERMINAL
from aml_magics.sdk import handles
from aml_magics.sdk.run import context
from aml_magics.sdk.run.job import RunJob
from aml_magics.sdk.run.logging import RunLogging
from aml_magics.services.run import artifact
from aml_magics.services.run import code_snapshot as snapshot
from aml_magics.services.run import run as runs
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.output_folder import OutputFolder
from aml_magics.services.run.search import search

if TYPE_CHECKING:
    import builtins
    from collections.abc import Iterable, Iterator, Mapping
    from types import TracebackType

    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.workspace.workspace import Workspace

_KINDS: Final = {
    "azureml.scriptrun": "ScriptRun",
    "hyperdrive": "HyperDriveRun",
    "azureml.PipelineRun": "PipelineRun",
    "azureml.StepRun": "StepRun",
}
"""The class of a run by its type, where it is not ``Run``."""


class Run(RunLogging, RunJob):
    """One execution: its inputs, its outputs and its result.

    ``Run(experiment, run_id)`` is a handle of an existing run. Used as a context manager, it
    completes the run at the end of the block, and fails it on an exception.

    Raises:
        RunNotFoundError: the experiment has no run of that id.
    """

    def __init__(
        self,
        experiment: handles.Experiment,
        run_id: str,
        outputs: str | None = None,
        **_azure: object,
    ) -> None:
        record = runs.get(experiment.workspace.store, run_id)
        if record.experiment != experiment.name:
            raise RunNotFoundError(
                f"Run {run_id!r} is of experiment {record.experiment!r}, not {experiment.name!r}."
            )
        self._attach(experiment.workspace, record, outputs)

    def _attach(self, workspace: Workspace, record: RunRecord, outputs: str | None) -> None:
        self._workspace = workspace
        self._record = record
        self._outputs = None if outputs is None else Path(outputs).absolute()
        self._began = time.time()
        self._folder = None if self._outputs is None else OutputFolder(self._outputs)

    @classmethod
    def _of(cls, workspace: Workspace, record: RunRecord, outputs: str | None = None) -> Self:
        # Azure returns the class of a run's type; a subclass that asks for itself gets itself.
        named = _KINDS.get(record.type or "") if cls is Run else None
        kind: type[Self] = cls if named is None else getattr(handles, named)
        run = kind.__new__(kind)
        run._attach(workspace, record, outputs)
        return run

    # -- finding ------------------------------------------------------------------------------

    @staticmethod
    def get(workspace: Workspace, run_id: str) -> Run:
        """Get a run by id.

        Raises:
            RunNotFoundError: no run has that id.
        """
        return Run._of(workspace, runs.get(workspace.store, run_id))

    @staticmethod
    def list(
        experiment: handles.Experiment,
        type: str | None = None,
        tags: Mapping[str, str] | str | None = None,
        properties: Mapping[str, str] | str | None = None,
        status: str | None = None,
        include_children: bool = False,
        _rehydrate_runs: bool = True,
    ) -> Iterator[Run]:
        """The runs of an experiment, newest first, one at a time."""
        workspace = experiment.workspace
        found = search(
            workspace.store,
            experiment=experiment.name,
            type=type,
            tags=tags,
            properties=properties,
            status=status,
            include_children=include_children,
        )
        yield from (Run._of(workspace, record) for record in found)

    @classmethod
    def get_context(
        cls, allow_offline: bool = True, used_for_context_manager: bool = False, **_azure: object
    ) -> Run:
        """The run that this code is part of: the cell's in ``%%aml_run``, else one for the process.

        Outside of any run the first call starts one, kept like any other; it completes when the
        process ends, or fails with the exception or the exit code that ended it.

        Raises:
            RunStateError: outside of any run, with ``allow_offline=False``.
        """
        del used_for_context_manager
        active = context.current()
        if active is not None:
            return active
        submitted = context.submitted()
        if submitted is not None:
            return handles._SubmittedRun.take(*submitted)
        if not allow_offline:
            raise RunStateError(
                "This code is part of no run; call Run.get_context() with allow_offline=True, or run it in a %%aml_run cell."
            )
        return handles._OfflineRun.start()

    @classmethod
    def get_submitted_run(cls, **_azure: object) -> Run:
        """The run that this code is part of; the older name of ``get_context(allow_offline=False)``.

        Raises:
            RunStateError: outside of any run.
        """
        return cls.get_context(allow_offline=False)

    # -- what it is ---------------------------------------------------------------------------

    @property
    def experiment(self) -> handles.Experiment:
        """The run's experiment."""
        return self._workspace.experiments[self._record.experiment]

    @property
    def parent(self) -> Run | None:
        """The run's parent."""
        return (
            None if self._record.parent is None else Run.get(self._workspace, self._record.parent)
        )

    def get_snapshot(self) -> dict[str, str]:
        """The run's code snapshot, as text by part: source, upstream, packages, git, patch, data."""
        return snapshot.of(self._workspace.store, self._record)

    def get_secret(self, name: str) -> str | None:
        """The value of a secret of the workspace; None if it does not exist."""
        return self._workspace.get_default_keyvault().get_secret(name)

    def get_secrets(self, secrets: Iterable[str]) -> dict[str, str | None]:
        """The values of secrets by name; None for missing ones."""
        return self._workspace.get_default_keyvault().get_secrets(secrets)

    # -- its children -------------------------------------------------------------------------

    def child_run(
        self, name: str | None = None, run_id: str | None = None, outputs: str | None = None
    ) -> Run:
        """Start a run as a child of this one."""
        record = runs.start(
            self._workspace.store,
            self._record.experiment,
            name=name,
            run_id=run_id,
            parent=self._record,
        )
        return Run._of(self._workspace, record, outputs)

    def submit_child(
        self, config: object, tags: Mapping[str, str] | None = None, **_azure: object
    ) -> Run:
        """Queue a script run as a child of this one.

        Raises:
            SubmissionError: the configuration cannot be submitted.
        """
        return handles.ScriptRun._submit(
            self._workspace, self._record.experiment, config, tags, parent=self._record
        )

    def create_children(
        self,
        count: int | None = None,
        tag_key: str | None = None,
        tag_values: builtins.list[str] | None = None,
    ) -> builtins.list[Run]:
        """Start ``count`` children, or one for each value of a tag."""
        wanted = [None] * (count or 0) if tag_values is None else tag_values
        children = [self.child_run() for _ in wanted]
        for child, value in zip(children, wanted, strict=True):
            if tag_key is not None:
                child.tag(tag_key, value)
        return children

    def get_children(
        self,
        recursive: bool = False,
        tags: Mapping[str, str] | str | None = None,
        properties: Mapping[str, str] | str | None = None,
        type: str | None = None,
        status: str | None = None,
        _rehydrate_runs: bool = True,
    ) -> Iterator[Run]:
        """The children of the run, newest first, one at a time."""
        store = self._workspace.store
        found = search(
            store,
            tags=tags,
            properties=properties,
            type=type,
            status=status,
            include_children=recursive,
            parent=None if recursive else self._record,
        )
        if recursive:
            below = {one.id for one in runs.children(store, self._record, recursive=True)}
            found = [one for one in found if one.id in below]
        yield from (Run._of(self._workspace, record) for record in found)

    # -- its life -----------------------------------------------------------------------------

    def complete(self, _set_status: bool = True) -> None:
        """End the run as Completed; files in ``./outputs`` are kept with it.

        Raises:
            RunFinishedError: it has Failed or was Canceled.
            StoreFullError: logged values wait for room on the device; the run stays open.
        """
        self._keep_outputs()
        self._record = runs.complete(self._workspace.store, self._record)
        self._end_here()

    def fail(
        self, error_details: object = None, error_code: object = None, _set_status: bool = True
    ) -> None:
        """End the run as Failed.

        Args:
            error_details: a text or an exception.
            error_code: a short word; the exception's type if None.

        Raises:
            RunFinishedError: it has Completed or was Canceled.
        """
        is_plain = error_details is None and error_code is None
        self.fail_with(None if is_plain else RunError.told(error_details, error_code))

    def fail_with(self, error: RunError | None) -> None:
        """End the run as Failed, with an error and its traceback if it has one."""
        self._keep_outputs()
        self._record = runs.fail(self._workspace.store, self._record, error)
        self._end_here()

    def cancel(self, reason: str = "Canceled by the user.") -> None:
        """Cancel the run; one of another process ends within a second.

        Raises:
            RunFinishedError: it has Completed or Failed.
        """
        self._record = cancel(self._workspace.store, self._record, reason)
        self._end_here()

    def resume(self) -> Run:
        """Reopen a Failed or Canceled run as another attempt; its metrics continue where they ended.

        Raises:
            RunStateError: it is Completed, or still open.
        """
        self._record = runs.resume(self._workspace.store, self.record)
        self._writer = None
        self._began = time.time()
        self._folder = None if self._outputs is None else OutputFolder(self._outputs)
        return self

    def _keep_outputs(self) -> None:
        if self._outputs is not None and self._record.status not in TERMINAL:
            artifact.keep_outputs(self._workspace.store, self._record, self._outputs, self._began)

    def _end_here(self) -> None:
        if self._record.status in TERMINAL:
            if self._folder is not None:
                self._folder.leave()
            self._tell_ended()

    def _bring(self, path: str) -> None:
        self._keep_outputs()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: builtins.type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Complete the run, or fail it with the exception, unless it has ended already."""
        if self.record.status in TERMINAL:
            self._end_here()
            return
        if error is None:
            self.complete()
        elif isinstance(error, KeyboardInterrupt):
            self.cancel("Interrupted.")
        else:
            self.fail_with(RunError.of(error))

    def __repr__(self) -> str:
        record = self._record
        return f"Run(Experiment: {record.experiment},\nId: {record.id},\nType: {record.type},\nStatus: {record.status})"

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Run) and self.id == other.id and self._workspace == other._workspace
        )

    def __hash__(self) -> int:
        return hash(self.id)

    def _repr_html_(self) -> str:
        from aml_magics.views.run.static_handle import run_handle_html

        record = self.record
        return run_handle_html(
            experiment=record.experiment,
            run_id=record.id,
            type=record.type,
            status=str(record.status),
        )
