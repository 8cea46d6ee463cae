"""A submitted run, from outside and inside its script."""

from __future__ import annotations

import json
import os
import shlex
import sys
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, Self, runtime_checkable

from aml_magics.errors import RunStateError, SubmissionError
from aml_magics.records.distribution import PROCESS_VARIABLE
from aml_magics.records.run import RunError
from aml_magics.records.secret import shown_arguments, without_secrets
from aml_magics.sdk import handles
from aml_magics.sdk.run import context
from aml_magics.sdk.run.definition import written_data
from aml_magics.sdk.run.run import Run
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.job import submission
from aml_magics.services.run import run as runs
from aml_magics.services.run.log import first_driver_log
from aml_magics.store.home import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

    from aml_magics.records.run import RunRecord
    from aml_magics.services.job.source import Source

_EXPECTED: Final = frozenset(
    {"history", "configuration of the workspace", "results of a run", "an environment"}
)
"""Reasons that ``submit`` does not print; the run's snapshot still lists the files left out."""


@runtime_checkable
class Submittable(Protocol):
    """A configuration that ``submit`` accepts."""

    def _submission(self) -> submission.Submission:
        """The request to the service."""


@runtime_checkable
class SubmitsItself(Protocol):
    """A configuration of more than one script, such as that of a sweep."""

    def _submit_to(
        self,
        workspace: Workspace,
        experiment: str,
        tags: Mapping[str, Any] | None,
        parent: RunRecord | None,
        options: Mapping[str, Any],
    ) -> Run:
        """Submit it, and return its run; ``options`` are further ones that were given to ``submit``."""


def print_left_out(kept: Source) -> None:
    """Tell which files of a submitted folder are not kept, unless that goes without saying."""
    left_out = tuple(one for one in kept.left_out if one.why not in _EXPECTED)
    notice = replace(kept, left_out=left_out).notice
    if notice:
        print(notice, file=sys.stderr)


class ScriptRun(Run):
    """A submitted run, seen from outside its script."""

    @cached_property
    def _driver_log(self) -> str:  # type: ignore[override] # of a submitted run it is known
        return first_driver_log(self._job().distribution)

    @classmethod
    def _submit(
        cls,
        workspace: Workspace,
        experiment: str,
        config: object,
        tags: Mapping[str, Any] | None = None,
        parent: RunRecord | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Run:
        if isinstance(config, SubmitsItself):
            return config._submit_to(workspace, experiment, tags, parent, options or {})
        if not isinstance(config, Submittable):
            raise SubmissionError(
                f"A {type(config).__name__} cannot be submitted; give a ScriptRunConfig, an Estimator, a HyperDriveConfig "
                "or a Pipeline."
            )
        wanted = config._submission()
        if tags:
            wanted = replace(wanted, tags={**wanted.tags, **tags})
        record, kept = submission.submit(workspace.store, experiment, wanted, parent=parent)
        print_left_out(kept)
        return cls._of(workspace, record)

    def get_details(self) -> dict[str, Any]:
        """The run as a dict with Azure's names, with its definition; secrets are masked."""
        job = self._job()
        command = ("python", "-m", job.module) if job.module else job.command
        definition = {
            **handles.RunConfiguration().to_dict(),
            **job.definition,
            **written_data(job.data),
            "script": job.script,
            "command": shlex.join(command),
            "useAbsolutePath": False,
            "arguments": shown_arguments(job.arguments),
            "target": self._record.target,
            "environment": without_secrets(job.environment or {}),
            "environmentVariables": without_secrets(dict(job.variables)),
            "maxRunDurationSeconds": job.max_seconds,
        }
        return {**super().get_details(), "runDefinition": definition}


class _SubmittedRun(ScriptRun):
    """A run whose worker ends it when its script has ended, whatever the script calls before."""

    @classmethod
    def take(cls, workspace_name: str, run_id: str) -> Self:
        """Make the run that this process was submitted as the current one of the process."""
        workspace = Workspace.get(workspace_name)
        run = cls._of(workspace, runs.get(workspace.store, run_id))
        context.keep_offline(run)
        return run

    def complete(self, _set_status: bool = True) -> None:
        """Do nothing: the run completes when its script ends."""
        del _set_status
        self.flush()

    def wait_for_completion(
        self,
        show_output: bool = False,
        wait_post_processing: bool = False,
        raise_on_error: bool = True,
    ) -> dict[str, Any]:
        """Refuse: the script would wait for its own end."""
        raise RunStateError(
            f"Run {self.name!r} ends when this script does; waiting for it here would never end."
        )

    @cached_property
    def input_datasets(self) -> MutableMapping[str, handles.AbstractDataset | str]:
        """The inputs by name: a dataset, or as text the path of a mounted or downloaded one."""
        return handles.InputDatasets(self._workspace, self._record, is_inside=True)

    @cached_property
    def output_datasets(self) -> Mapping[str, handles.OutputDataset]:
        """The outputs by name: as text the path of the folder to write to, or an output to link."""
        paths = json.loads(os.environ.get(submission.OUTPUTS_VARIABLE, "{}"))
        return {
            one.name: handles.OutputDataset(
                paths.get(one.name, ""), one, self._workspace, self._record
            )
            for one in self._job().data.outputs
        }

    def _bring(self, path: str) -> None:
        """Upload now what the worker would upload within a second or at the end."""
        if path.partition("/")[0] not in ("outputs", "logs"):
            return
        written = Path(os.environ[submission.SOURCE_VARIABLE]) / path
        if written.is_file():
            self.upload_file(path, written)
        elif written.is_dir():
            self.upload_folder(path, written)

    def fail_with(self, error: RunError | None) -> None:
        """Mark the run Failed; it ends when its script ends."""
        # The worker reads this file when the script has ended: only it may end the run.
        path = Path(os.environ[submission.SOURCE_VARIABLE]) / submission.FAILURE_FILE
        told = asdict(error or RunError.told(None)) | {"process": os.environ.get(PROCESS_VARIABLE)}
        write_whole(path, json.dumps(told).encode())  # other processes of the run may do the same
