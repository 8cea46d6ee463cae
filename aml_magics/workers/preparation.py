"""Preparation of a script: a copy of its folder, its environment, its command line."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, Final

from aml_magics import _namespace
from aml_magics.services.job import source, submission
from aml_magics.services.job.submission import SOURCE_VARIABLE
from aml_magics.services.process.mark import JOB_VARIABLE
from aml_magics.services.run import code_snapshot as snapshot
from aml_magics.services.run.log import appended_log
from aml_magics.services.run.mlflow import script_variables
from aml_magics.services.workspace.workspace import find_config, write_config
from aml_magics.store.home import HOME_VARIABLE, home, make_private

PYTHON: Final = "{python}"
"""The word of a command line that stands for the interpreter of the run's environment."""

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from aml_magics.records.job import JobRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


class Preparation:
    """Prepares one run.

    Args:
        folder: receives the submitted files.
    """

    def __init__(self, store: Store, record: RunRecord, job: JobRecord, folder: Path) -> None:
        self._store = store
        self._record = record
        self._job = job
        self._folder = folder
        self._is_built = False
        self._beside: tuple[str, ...] = ()
        self._held = contextlib.ExitStack()

    def close(self) -> None:
        """Release the environment, so that it can be removed."""
        self._held.close()

    def put_files(self) -> None:
        """Copy the submitted folder, with a configuration that names its workspace."""
        make_private(self._folder)
        with self._store.catalogue.read() as connection:
            files = self._store.sources.of(connection, self._record.key)
        source.restore(self._store, files, self._folder)
        config = find_config(self._folder)
        if config is None or not config.is_relative_to(self._folder):
            write_config(self._store, self._folder)

    def command(
        self, interruptible: Callable[[], AbstractContextManager[None]]
    ) -> tuple[list[str], dict[str, str]]:
        """The command line and its environment variables.

        Args:
            interruptible: in its context a cancel request raises.
        """
        inherited = submission.take_variables(self._store, self._record.id)
        python, more = self._python(interruptible)
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
            SOURCE_VARIABLE: str(self._folder),
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
        root = [str(self._folder)] if self._job.place is None else []
        others = ""
        if self._is_built:  # it has aml_magics installed
            ours: tuple[str, ...] = ()
        elif self._beside:  # a foreign interpreter gets no other package of this one
            ours = self._beside
        else:
            ours, others = (str(_namespace.FOLDER),), inherited.get("PYTHONPATH", "")
        rest = given.get("PYTHONPATH", others).split(os.pathsep)
        return os.pathsep.join(dict.fromkeys([*root, *ours, *filter(None, rest)]))
