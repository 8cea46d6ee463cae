"""The worker of one submitted run: prepares it, executes its script, and ends it truly."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psutil

from aml_magics import _namespace
from aml_magics.errors import AmlError
from aml_magics.records.owner import SILENCE
from aml_magics.records.run import RunError
from aml_magics.records.status import ACTIVE, RunStatus
from aml_magics.services import snapshot, source, submission
from aml_magics.services.artifact import add_file
from aml_magics.services.claim import claim
from aml_magics.services.ending import end
from aml_magics.services.leftover import JOB_VARIABLE
from aml_magics.services.log import DRIVER_LOG, log_path
from aml_magics.services.mlflow import script_variables
from aml_magics.services.submission import FAILURE_FILE, SOURCE_VARIABLE
from aml_magics.services.workspace import find_config, write_config
from aml_magics.store.home import HOME_VARIABLE, home, make_private
from aml_magics.workers import tree
from aml_magics.workers.failure import error_of
from aml_magics.workers.seat import Seat, adopt_orphans
from aml_magics.workers.uploads import Uploads
from aml_magics.workers.usage import Usage

if TYPE_CHECKING:
    from aml_magics.records.job import JobRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

LOOK: Final = 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended."""

    status: RunStatus
    reason: str = ""
    error: RunError | None = None


def work_on(store: Store, key: int) -> None:
    """Execute a run that waits; nothing happens where another worker has it, or it was canceled."""
    adopt_orphans()
    seat = Seat()  # before the first thread of this process
    record = claim(store, key)
    if record is None:
        seat.leave()
        return
    with store.catalogue.read() as connection:
        job = store.jobs.get(connection, key)
    if job is None:
        seat.leave()
        return
    Worker(store, record, job, seat).work()


class Worker:
    """Executes one run."""

    def __init__(self, store: Store, record: RunRecord, job: JobRecord, seat: Seat) -> None:
        self._store = store
        self._record = record
        self._job = job
        self._seat = seat
        self._is_executing = False
        self._is_built = False
        self._folder = store.folder / "work" / record.id
        self._place = self._folder if job.place is None else Path(job.place)
        self._uploads = Uploads(store, record, self._place, is_own=job.place is None)
        self._canceled = threading.Event()
        self._woken, self._waking = os.pipe()
        self._held = contextlib.ExitStack()
        self._notes: tuple[str, ...] = ()

    def work(self) -> None:
        """Do all of it; the run has ended when this returns."""
        self._store.cancel_handlers[self._record.key] = self._be_canceled
        try:
            outcome = self._outcome()
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is why the run failed
            outcome = self._broken(error)
        tree.end_all(grace=0)
        self._finish(outcome)

    def _outcome(self) -> Outcome:
        self._prepare()
        words, variables = self._command(submission.take_variables(self._store, self._record.id))
        if self._canceled.is_set():
            return self._cancellation()
        if self._notes:
            said = snapshot.of(self._store, self._record).get("warnings", "")
            told = "\n".join(filter(None, [said, *self._notes]))
            snapshot.put(self._store, self._record, {"warnings": told})
        self._move_to_running()
        self._is_executing = True
        self._seat.execute(words, self._place, variables, log_path(self._store, self._record))
        code = self._watch()
        if self._canceled.is_set():
            return self._cancellation()
        if code is None:
            seconds = self._job.max_seconds
            return Outcome(
                RunStatus.CANCELED, f"It took longer than max_run_duration_seconds={seconds:g}."
            )
        own_word = self._said_by_script()
        if own_word is not None:
            return Outcome(RunStatus.FAILED, _line_of(own_word), own_word)
        if code == 0:
            return Outcome(RunStatus.COMPLETED)
        error = error_of(code, log_path(self._store, self._record))
        return Outcome(RunStatus.FAILED, _line_of(error), error)

    # -- before ---------------------------------------------------------------------------------

    def _prepare(self) -> None:
        make_private(self._folder)
        with self._store.catalogue.read() as connection:
            files = self._store.sources.of(connection, self._record.key)
        source.restore(self._store, files, self._folder)
        self._uploads.make_folders()
        config = find_config(self._folder)
        if config is None or not config.is_relative_to(self._folder):
            write_config(self._store, self._folder)

    def _command(self, inherited: dict[str, str]) -> tuple[list[str], dict[str, str]]:
        """The words to execute, and the environment variables for them."""
        python, more = self._python()
        variables = {
            **inherited,
            **more,
            **self._job.variables,
            **self._import_path(inherited),
            HOME_VARIABLE: str(home()),
            JOB_VARIABLE: self._record.id,
            "AML_MAGICS_WORKSPACE": self._store.record.name,
            SOURCE_VARIABLE: str(self._folder),
            "AZUREML_RUN_ID": self._record.id,
            "AZUREML_EXPERIMENT_NAME": self._record.experiment,
            "AZUREML_ARM_WORKSPACE_NAME": self._store.record.name,
            "AZUREML_ARM_SUBSCRIPTION": self._store.record.subscription_id,
            "AZUREML_ARM_RESOURCEGROUP": self._store.record.resource_group,
            "AZUREML_ARM_PROJECT_NAME": self._record.experiment,
            "PYTHONUNBUFFERED": "1",
        }
        folder = os.path.dirname(python)  # noqa: PTH120 -- the text of a path, not a link's target
        variables["PATH"] = os.pathsep.join([folder, variables.get("PATH", os.defpath)])
        # MLflow in the script logs to this run, where it is installed
        variables |= script_variables(self._store, self._record, python, variables)
        if self._job.command:
            return [*self._job.command, *self._job.arguments], variables
        return [python, str(self._job.script), *self._job.arguments], variables

    def _python(self) -> tuple[str, dict[str, str]]:
        """The interpreter of the run's environment, and the variables that the environment sets."""
        definition = self._job.environment
        if definition is None:
            return self._job.python, {}
        from aml_magics.services.environment_build import build
        from aml_magics.services.environment_lock import using

        with log_path(self._store, self._record).open("a", encoding="utf-8") as log:

            def say(line: str) -> None:
                log.write(f"{line}\n")
                log.flush()

            built = build(definition, say=say)
        self._notes += built.notes
        variables = dict(definition.get("environmentVariables") or {})
        if not built.digest:  # an interpreter as it is; this process's own stands for who submitted
            is_own = str(built.python) == sys.executable
            return self._job.python if is_own else str(built.python), variables
        self._is_built = True
        self._held.enter_context(using(built.digest))
        return str(built.python), variables

    def _import_path(self, inherited: dict[str, str]) -> dict[str, str]:
        """Where the script imports from, beside its environment: a built one has all of it in itself."""
        own = self._job.variables.get("PYTHONPATH")
        if self._is_built:
            return {"PYTHONPATH": own or ""}
        found = {"PYTHONPATH": own if own is not None else inherited.get("PYTHONPATH", "")}
        _namespace.give_to_children(found)
        return found

    def _move_to_running(self) -> None:
        store, key = self._store, self._record.key
        values = {"started": time.time()}
        store.catalogue.transact(
            lambda connection: store.runs.move(
                connection, key, RunStatus.RUNNING, values, expected=[RunStatus.PREPARING]
            ),
            durable=True,
        )
        store.begin(key, is_new=True)  # from now on its time counts

    # -- meanwhile ------------------------------------------------------------------------------

    def _watch(self) -> int | None:
        """Wait for the script; its exit code, or None where its time was over."""
        usage = Usage(self._store, self._record)
        script = os.pidfd_open(self._seat.pid)
        seconds = self._job.max_seconds
        deadline = None if seconds is None else time.monotonic() + seconds
        quiet_since: float | None = None
        try:
            while True:
                left = (
                    LOOK if deadline is None else min(LOOK, max(0.0, deadline - time.monotonic()))
                )
                ready, _, _ = select.select([script, self._woken], [], [], left)
                if self._woken in ready:
                    tree.end_all()
                    return 0
                if script in ready:
                    return os.waitstatus_to_exitcode(os.waitpid(self._seat.pid, 0)[1])
                if deadline is not None and time.monotonic() >= deadline:
                    tree.end_all()
                    return None
                self._uploads.sync()
                usage.sample()
                quiet_since = self._tell_if_stopped(quiet_since)
        finally:
            os.close(script)

    def _tell_if_stopped(self, since: float | None) -> float | None:
        """A script that is stopped (SIGSTOP) is NotResponding after a while, and Running when it goes on."""
        with contextlib.suppress(psutil.NoSuchProcess):
            if psutil.Process(self._seat.pid).status() == psutil.STATUS_STOPPED:
                since = since or time.monotonic()
                if time.monotonic() - since > SILENCE:
                    self._move(
                        RunStatus.RUNNING, RunStatus.NOT_RESPONDING, "Its script is stopped."
                    )
                return since
        if since is not None:
            self._move(RunStatus.NOT_RESPONDING, RunStatus.RUNNING, "")
        return None

    def _move(self, of: RunStatus, to: RunStatus, reason: str) -> None:
        store, key = self._store, self._record.key
        store.catalogue.transact(
            lambda connection: store.runs.move(
                connection, key, to, {"reason": reason}, expected=[of]
            )
        )

    def _be_canceled(self) -> None:
        """Called by the thread that looks after this process's runs, again until the run has ended."""
        if self._canceled.is_set():
            return
        self._canceled.set()
        os.write(self._waking, b"!")
        if not self._is_executing:  # what builds the environment need not go on
            tree.end_all(but=[self._seat.pid])

    # -- after ----------------------------------------------------------------------------------

    def _cancellation(self) -> Outcome:
        with self._store.catalogue.read() as connection:
            [now] = self._store.runs.by_keys(connection, [self._record.key])
        return Outcome(RunStatus.CANCELED, now.reason or "Canceled by the user.")

    def _said_by_script(self) -> RunError | None:
        """What ``run.fail()`` in the script said."""
        path = self._folder / FAILURE_FILE
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return RunError(*(str(found.get(part, "")) for part in ("code", "message", "traceback")))

    def _broken(self, error: Exception) -> Outcome:
        """The run could not be executed, for a reason that lies outside of its script."""
        if self._canceled.is_set():
            return self._cancellation()
        found = RunError.of(error)
        if isinstance(error, AmlError):  # its message says all; the traceback would be ours
            found = RunError(found.code, found.message)
        with log_path(self._store, self._record).open("a", encoding="utf-8") as log:
            log.write(f"{found.code}: {found.message}\n")
        return Outcome(RunStatus.FAILED, _line_of(found), found)

    def _finish(self, outcome: Outcome) -> None:
        store, record = self._store, self._record
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._seat.pid, signal.SIGKILL)
        self._uploads.sync(is_last=True)
        log = log_path(store, record)
        if self._uploads.problems:
            with log.open("a", encoding="utf-8") as file:
                file.write("\n".join(["", *self._uploads.problems, ""]))
        if log.exists() and log.stat().st_size:
            add_file(store, record, DRIVER_LOG, log)
        end(
            store,
            record.key,
            outcome.status,
            reason=outcome.reason[:300],
            error=outcome.error,
            expected=ACTIVE,
        )
        store.cancel_handlers.pop(record.key, None)
        self._held.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _line_of(error: RunError) -> str:
    said = f"{error.code}: {error.message}" if error.message else error.code
    return said.strip().splitlines()[0]
