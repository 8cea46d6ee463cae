"""The run that a script was submitted as, as the script sees it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aml_magics.errors import RunStateError
from aml_magics.records.run import RunError
from aml_magics.sdk.job.script_run import ScriptRun
from aml_magics.sdk.run import context
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.job.submission import FAILURE_FILE, OUTPUTS_VARIABLE, SOURCE_VARIABLE
from aml_magics.services.run import run as runs

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

    from aml_magics.sdk.data.dataset.abstract_dataset import AbstractDataset
    from aml_magics.sdk.data.use.input_datasets import OutputDataset
    from aml_magics.sdk.run.run import Run


class _SubmittedRun(ScriptRun):
    """A run whose worker ends it when its script has ended, whatever the script calls before."""

    def complete(self, _set_status: bool = True) -> None:
        """Nothing more: the run completes when its script does."""
        del _set_status
        self.flush()

    def fail(
        self, error_details: object = None, error_code: object = None, _set_status: bool = True
    ) -> None:
        """Let the run be Failed when its script has ended, however that ends.

        Args:
            error_details: a text or an exception.
            error_code: a short word; the exception's type if None.
        """
        del _set_status
        self.fail_with(RunError.told(error_details, error_code))

    def wait_for_completion(
        self,
        show_output: bool = False,
        wait_post_processing: bool = False,
        raise_on_error: bool = True,
    ) -> dict[str, Any]:
        """Refused: the run ends when its script does, which would wait for itself.

        Raises:
            RunStateError: always.
        """
        raise RunStateError(
            f"Run {self.name!r} ends when this script does; waiting for it here would never end."
        )

    @cached_property
    def input_datasets(self) -> MutableMapping[str, AbstractDataset | str]:
        """The inputs by name: a dataset, or the path as text of one that is mounted or downloaded."""
        from aml_magics.sdk.data.use.input_datasets import InputDatasets

        return InputDatasets(self._workspace, self._record, is_inside=True)

    @cached_property
    def output_datasets(self) -> Mapping[str, OutputDataset]:
        """The outputs by name: the path of the folder to write to, as text, or what is linked to a dataset."""
        from aml_magics.sdk.data.use.input_datasets import OutputDataset

        paths = json.loads(os.environ.get(OUTPUTS_VARIABLE, "{}"))
        return {
            one.name: OutputDataset(paths.get(one.name, ""), one, self._workspace, self._record)
            for one in self._job().data.outputs
        }

    def _bring(self, path: str) -> None:
        """Keep now what the worker would keep within a second or at the end."""
        if path.partition("/")[0] not in ("outputs", "logs"):
            return
        written = Path(os.environ[SOURCE_VARIABLE]) / path
        if written.is_file():
            self.upload_file(path, written)
        elif written.is_dir():
            self.upload_folder(path, written)

    def fail_with(self, error: RunError) -> None:
        """The same, with an error and its traceback."""
        path = Path(os.environ[SOURCE_VARIABLE]) / FAILURE_FILE
        path.write_text(json.dumps(asdict(error)), encoding="utf-8")


def take_submitted(name: str, run_id: str) -> Run:
    """The run that this process was submitted as, from now on that of the whole process."""
    workspace = Workspace.get(name)
    run = _SubmittedRun._of(workspace, runs.get(workspace.store, run_id))
    context.keep_offline(run)
    return run
