"""What a run was submitted with: its environment and its folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aml_magics.errors import RunStateError
from aml_magics.records.status import TERMINAL, RunStatus
from aml_magics.services.job import source
from aml_magics.services.process import queue

if TYPE_CHECKING:
    from aml_magics.records.job import JobRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.environment.environment import Environment
    from aml_magics.sdk.workspace.workspace import Workspace

SNAPSHOT_PROPERTY = "ContentSnapshotId"


class RunJob:
    """The part of a run that only a submitted one has; of others it says so."""

    _workspace: Workspace
    _record: RunRecord

    if TYPE_CHECKING:  # of the class that this is a part of

        @property
        def record(self) -> RunRecord:  # noqa: D102 -- as there
            ...

    def get_environment(self) -> Environment:
        """The environment that it was submitted with.

        Raises:
            RunStateError: it was submitted without one, or not submitted at all.
        """
        job = self._job()
        if job.environment is None:
            raise RunStateError(
                f"Run {self._record.name!r} has no environment: it ran with the interpreter {job.python}."
            )
        from aml_magics.sdk.environment.environment import Environment

        return Environment.from_dict(job.environment)

    def get_snapshot_id(self) -> str:
        """The id of the folder that it was submitted with; the same for the same contents.

        Raises:
            RunStateError: it was not submitted.
        """
        self._job()
        return self._record.properties[SNAPSHOT_PROPERTY]

    def restore_snapshot(self, snapshot_id: str | None = None, path: str | None = None) -> str:
        """Put the folder that it was submitted with below a path, and return where.

        Args:
            snapshot_id: that of the run, if any.
            path: the current folder if None; the files go into a folder there that the id names.

        Raises:
            RunStateError: the id is another run's, or the run was not submitted.
        """
        kept = self.get_snapshot_id()
        if snapshot_id is not None and snapshot_id != kept:
            raise RunStateError(
                f"Run {self._record.name!r} has the snapshot {kept}, not {snapshot_id!r}; "
                "leave snapshot_id out, or ask the run that has it."
            )
        target = Path(path or ".") / kept
        store = self._workspace.store
        with store.catalogue.read() as connection:
            files = store.sources.of(connection, self._record.key)
        target.mkdir(parents=True, exist_ok=True)
        source.restore(store, files, target)
        return str(target)

    @property
    def queue_position(self) -> int | None:
        """The place in the queue, counted from 1; None where it does not wait."""
        if self.record.status is not RunStatus.QUEUED:
            return None
        return queue.position(self._workspace.store, self._record)

    def get_detailed_status(self) -> dict[str, str]:
        """The status now, and a line about it: the place in the queue, or why the run ended so."""
        place = self.queue_position
        record = self._record
        waits = f"Place {place} in the queue; {queue.slots()} runs go on at once." if place else ""
        return {"status": str(record.status), "details": waits or record.reason}

    def clean(self) -> list[str]:
        """The files of the run that are left where it ran, which are none.

        A submitted run works in a copy of its folder, and that goes when the run ends.

        Raises:
            RunStateError: it still works there.
        """
        if self.record.status not in TERMINAL:
            raise RunStateError(
                f"Run {self._record.name!r} is {self._record.status} and works in its folder; "
                "run.cancel() ends it, run.wait_for_completion() waits."
            )
        return []

    def _job(self) -> JobRecord:
        store = self._workspace.store
        with store.catalogue.read() as connection:
            job = store.jobs.get(connection, self._record.key)
        if job is None:
            raise RunStateError(
                f"Run {self._record.name!r} was not submitted, so it has no environment and no folder of its own; "
                "experiment.submit(ScriptRunConfig(…)) submits one."
            )
        return job
