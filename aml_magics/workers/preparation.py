"""Preparation of a script: a copy of its folder, its environment, its command line."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import shutil
import sys
from typing import TYPE_CHECKING, Final, TypeAlias

from aml_magics import _namespace
from aml_magics.errors import AmlError
from aml_magics.services.job import source, submission
from aml_magics.services.job.submission import SOURCE_VARIABLE
from aml_magics.services.process.mark import JOB_VARIABLE
from aml_magics.services.run import code_snapshot as snapshot
from aml_magics.services.run.log import appended_log
from aml_magics.services.run.mlflow import script_variables
from aml_magics.services.workspace.workspace import find_config, write_config
from aml_magics.store.home import HOME_VARIABLE, home, make_private

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from aml_magics.records.job import JobRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

PYTHON: Final = "{python}"
"""The word of a command line that stands for the interpreter of the run's environment."""

Command: TypeAlias = tuple[list[str], dict[str, str]]
"""The words of a command line, and its environment variables."""

_THREADS: Final = "OMP_NUM_THREADS"
"""Read by OpenMP, OpenBLAS, MKL, numexpr and PyTorch; their own variables come first."""

_log = logging.getLogger("aml_magics.worker")


class Preparation:
    """Prepares one run; ``folder`` receives the submitted files."""

    def __init__(self, store: Store, record: RunRecord, job: JobRecord) -> None:
        self.folder: Final = store.folder / "work" / record.id
        self._store = store
        self._record = record
        self._job = job
        self._threads: int | None = None
        self._copy: Path | None = None
        self._command: Command | None = None
        self._is_built = False
        self._beside: tuple[str, ...] = ()
        self._held = contextlib.ExitStack()

    def close(self) -> None:
        """Release the environment, so that it can be removed."""
        self._held.close()

    def begin_ahead(self) -> None:
        """Do what shows nobody that the run begins, while it waits for its turn.

        What cannot be done now is left for the run itself, which then fails with the reason.
        """
        # Not in the folder of the run: another worker, of a scheduler that came later, may do the same.
        copy = self.folder.with_name(f".{self.folder.name}.{secrets.token_hex(4)}")
        try:
            self._put_files(copy)
            if self._job.environment is None:
                self._command = self._command_by(self._job.python, {})
        except (AmlError, OSError) as error:
            _log.info("run %s is prepared when it begins: %s", self._record.id, error)
            shutil.rmtree(copy, ignore_errors=True)
        else:
            self._copy = copy

    @property
    def is_done(self) -> bool:
        """Whether nothing is left that takes time: no environment to build, no data to bring."""
        return self._copy is not None and self._command is not None and not self._job.data

    def leave(self) -> None:
        """Undo what was done ahead: another worker executes the run, or none."""
        if self._copy is not None:
            shutil.rmtree(self._copy, ignore_errors=True)

    def share_machine(self, processes: int) -> None:
        """Leave cores to the other processes of this machine's runs; one alone is limited by nobody."""
        if processes > 1:
            self._threads = max(1, len(os.sched_getaffinity(0)) // processes)

    def put_files(self) -> None:
        """Copy the submitted folder, with a configuration that names its workspace."""
        if self._copy is not None:
            try:
                self._copy.rename(self.folder)
            except OSError:  # an earlier worker left its folder
                self.leave()
            else:
                return
        self._put_files(self.folder)

    def _put_files(self, folder: Path) -> None:
        make_private(folder)
        with self._store.catalogue.read() as connection:
            files = self._store.sources.of(connection, self._record.key)
        source.restore(self._store, files, folder)
        config = find_config(folder)
        if config is None or not config.is_relative_to(folder):
            write_config(self._store, folder, durable=False)

    def command(self, interruptible: Callable[[], AbstractContextManager[None]]) -> Command:
        """The command line and its environment variables.

        Args:
            interruptible: in its context a cancel request raises.
        """
        words, variables = self._command or self._command_by(*self._python(interruptible))
        submission.forget_variables(self._store, self._record.id)
        if self._threads is not None:
            variables.setdefault(_THREADS, str(self._threads))
        return words, variables

    def _command_by(self, python: str, more: Mapping[str, str]) -> Command:
        """The command line for an interpreter, whose environment sets some more variables."""
        inherited = submission.read_variables(self._store, self._record.id)
        record, workspace = self._record, self._store.record
        given = {**more, **self._job.variables}
        variables = {
            _namespace.OLD_NUMPY: "1",
            **inherited,
            **given,
            "PYTHONPATH": self._import_path(inherited, given),
            HOME_VARIABLE: str(home()),
            JOB_VARIABLE: record.id,
            "AML_MAGICS_WORKSPACE": workspace.name,
            SOURCE_VARIABLE: str(self.folder),
            "AZUREML_RUN_ID": record.id,
            "AZUREML_EXPERIMENT_NAME": record.experiment,
            "AZUREML_ARM_WORKSPACE_NAME": workspace.name,
            "AZUREML_ARM_SUBSCRIPTION": workspace.subscription_id,
            "AZUREML_ARM_RESOURCEGROUP": workspace.resource_group,
            "AZUREML_ARM_PROJECT_NAME": record.experiment,
            "PYTHONUNBUFFERED": "1",
        }
        folder = os.path.dirname(python)  # noqa: PTH120 -- the text of a path, not a link's target
        variables["PATH"] = os.pathsep.join([folder, variables.get("PATH", os.defpath)])
        # MLflow, if installed, logs to this run
        variables |= script_variables(self._store, record, python, variables)
        if self._job.command:
            words = [python if word == PYTHON else word for word in self._job.command]
            return [*words, *self._job.arguments], variables
        if self._job.module:
            return [python, "-m", self._job.module, *self._job.arguments], variables
        script = str(self._job.script)
        if script.startswith("-"):  # Python would parse it as an option
            script = f"./{script}"
        return [python, script, *self._job.arguments], variables

    def _python(
        self, interruptible: Callable[[], AbstractContextManager[None]]
    ) -> tuple[str, dict[str, str]]:
        """The interpreter of the run's environment, and the variables that the environment sets."""
        definition = self._job.environment
        if definition is None:
            return self._job.python, {}
        from aml_magics.services.environment.build import build
        from aml_magics.services.environment.lock import using

        with appended_log(self._store, self._record) as say, interruptible():
            built = build(definition, say=say)
        self._note(built.notes)
        variables = dict(definition.get("environmentVariables") or {})
        # Without a folder it is a user-managed interpreter; sys.executable means the submitting one.
        if built.folder is None:
            is_own = str(built.python) == sys.executable
            self._beside = () if is_own else built.path
            return self._job.python if is_own else str(built.python), variables
        self._is_built = True
        self._held.enter_context(using(built.digest))
        return str(built.python), variables

    def _note(self, notes: tuple[str, ...]) -> None:
        if notes:
            said = snapshot.of(self._store, self._record).get("warnings", "")
            told = "\n".join(filter(None, [said, *notes]))
            snapshot.put(self._store, self._record, {"warnings": told})

    def _import_path(self, inherited: Mapping[str, str], given: Mapping[str, str]) -> str:
        """The script's ``PYTHONPATH``.

        First the root of the submitted folder, also for a script below it. A variable that was set
        for the run takes the place of an inherited one, and adds to what our own imports need.
        """
        root = [str(self.folder)] if self._job.place is None else []
        others = ""
        if self._is_built:  # it has aml_magics installed
            ours: tuple[str, ...] = ()
        elif self._beside:  # a foreign interpreter gets no other package of this one
            ours = self._beside
        else:
            ours, others = (str(_namespace.FOLDER),), inherited.get("PYTHONPATH", "")
        rest = given.get("PYTHONPATH", others).split(os.pathsep)
        return os.pathsep.join(dict.fromkeys([*root, *ours, *filter(None, rest)]))
