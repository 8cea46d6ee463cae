"""A run of a script that was submitted, as Azure ML SDK v1 names it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aml_magics.errors import RunStateError
from aml_magics.records.status import RunStatus
from aml_magics.sdk.environment import Environment
from aml_magics.sdk.run import Run
from aml_magics.services import queue, source


class ScriptRun(Run):
    """A submitted run, seen from outside of its script."""

    def get_environment(self) -> Environment:
        """The environment that it was submitted with.

        Raises:
            RunStateError: it was submitted without one.
        """
        job = self._job()
        if job.environment is None:
            raise RunStateError(
                f"Run {self.name!r} has no environment: it ran with the interpreter {job.python}."
            )
        return Environment.from_dict(job.environment)

    def get_details(self) -> dict[str, Any]:
        """The run as a dict with Azure's names, with what it was to do."""
        job = self._job()
        definition = {
            "script": job.script,
            "command": " ".join(job.command),
            "useAbsolutePath": False,
            "arguments": list(job.arguments),
            "framework": "Python",
            "communicator": "None",
            "target": self._record.target,
            "environment": job.environment or {},
            "environmentVariables": dict(job.variables),
            "maxRunDurationSeconds": job.max_seconds,
            "nodeCount": 1,
            "dataReferences": {},
            "data": {},
            "outputData": {},
        }
        return {**super().get_details(), "runDefinition": definition}

    def get_snapshot_id(self) -> str:
        """The id of the folder that it was submitted with; the same for the same contents."""
        return self.properties["ContentSnapshotId"]

    def restore_snapshot(self, snapshot_id: str | None = None, path: str | None = None) -> str:
        """Put the folder that it was submitted with below a path, and return where.

        Raises:
            RunStateError: the id is another run's.
        """
        if snapshot_id is not None and snapshot_id != self.get_snapshot_id():
            raise RunStateError(
                f"Run {self.name!r} has the snapshot {self.get_snapshot_id()}, not {snapshot_id!r}."
            )
        target = Path(path or ".") / self.get_snapshot_id()
        store = self._workspace.store
        with store.catalogue.read() as connection:
            files = store.sources.of(connection, self._record.key)
        source.restore(store, files, target)
        return str(target)

    @property
    def queue_position(self) -> int | None:
        """The place in the queue, counted from 1; None where it does not wait."""
        if self.record.status is not RunStatus.QUEUED:
            return None
        return queue.position(self._workspace.store, self._record)

    def _job(self) -> Any:  # noqa: ANN401 -- a JobRecord
        store = self._workspace.store
        with store.catalogue.read() as connection:
            return store.jobs.get(connection, self._record.key)
