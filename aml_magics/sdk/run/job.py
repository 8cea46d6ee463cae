"""A run as a job: its submission, and waiting for it."""

from __future__ import annotations

import getpass
import json
import time
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import RunFailedError, RunStateError
from aml_magics.records.status import TERMINAL, RunStatus
from aml_magics.sdk import handles
from aml_magics.sdk.run.definition import used_inputs, used_outputs
from aml_magics.sdk.run.files import RunFiles
from aml_magics.services.process import queue
from aml_magics.services.run import metric
from aml_magics.services.run import run as runs
from aml_magics.services.run.log import DRIVER_LOG, read_log_from

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableMapping

    from aml_magics.records.job import JobRecord

SNAPSHOT_PROPERTY = "ContentSnapshotId"
POLL: Final = 0.1
QUEUE_LOOK: Final = 1.0


class RunJob(RunFiles):
    """The run as a job: its environment, folder and data, its place in the queue, and waiting for its end.

    Features of submitted runs are refused for other runs.
    """

    _when_ended: tuple[Callable[[], None], ...] = ()
    """Called when a wait sees the end, or this handle brings it, to copy variables back or to draw an output again."""

    def _tell_at_end(self, call: Callable[[], None]) -> None:
        """Call a function when this handle sees the end."""
        if call not in self._when_ended:
            self._when_ended = (*self._when_ended, call)

    def _tell_ended(self) -> None:
        for call in self._when_ended:
            call()

    def get_environment(self) -> handles.Environment:
        """The environment of its submission.

        Raises:
            RunStateError: it was submitted without one, or not submitted at all.
        """
        job = self._job()
        if job.environment is None:
            raise RunStateError(
                f"Run {self._record.name!r} has no environment: it ran with the interpreter {job.python}."
            )
        return handles.Environment.from_dict(job.environment)

    def get_snapshot_id(self) -> str:
        """The id of its submitted folder; the same for the same contents.

        Raises:
            RunStateError: it was not submitted.
        """
        self._job()
        return self._record.properties[SNAPSHOT_PROPERTY]

    def restore_snapshot(self, snapshot_id: str | None = None, path: str | None = None) -> str:
        """Copy its submitted folder below a path, and return the copy's path.

        Args:
            snapshot_id: if given, that of the run.
            path: the current folder if None; the files go into a folder there, named by the id.

        Raises:
            RunStateError: the id is another run's, or the run was not submitted.
        """
        kept = self.get_snapshot_id()
        if snapshot_id is not None and snapshot_id != kept:
            raise RunStateError(
                f"Run {self._record.name!r} has the snapshot {kept}, not {snapshot_id!r}; "
                "leave snapshot_id out, or ask the run that has it."
            )
        from aml_magics.services.job import source  # brings pathspec; few scripts need it

        target = Path(path or ".") / kept
        store = self._workspace.store
        with store.catalogue.read() as connection:
            files = store.sources.of(connection, self._record.key)
        target.mkdir(parents=True, exist_ok=True)
        source.restore(store, files, target)
        return str(target)

    @property
    def queue_position(self) -> int | None:
        """The place in the queue, counted from 1; None if it is not queued."""
        if self.record.status is not RunStatus.QUEUED:
            return None
        return queue.position(self._workspace.store, self._record)

    def get_detailed_status(self) -> dict[str, str]:
        """The status now, with one line: the place in the queue, or the reason for the end."""
        position = self.queue_position
        record = self._record
        waits = (
            f"Place {position} in the queue; {queue.room_text(self._workspace.store, record.target)}."
            if position
            else ""
        )
        return {"status": str(record.status), "details": waits or record.reason}

    def clean(self) -> list[str]:
        """The files left behind by the run: always none.

        A submitted run works in a copy of its folder, which is deleted when the run ends.

        Raises:
            RunStateError: the run is still working there.
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

    def get_details(self) -> dict[str, Any]:
        """The run as a dict with Azure's names; plain JSON."""
        record = self.record
        # The keys of the page azureml.core.run(class), get_details; a key without a value is left out.
        details: dict[str, Any] = {
            "runId": record.id,
            "target": record.target,
            "status": str(record.status),
            "startTimeUtc": _utc(record.started) or "",
            "endTimeUtc": _utc(record.ended),
            "services": {},
            "error": None
            if record.error is None
            else {"error": {"code": record.error.code, "message": record.error.message}},
            "warnings": [{"source": "aml_magics", "message": record.reason}]
            if record.reason and record.error is None
            else None,
            "properties": dict(record.properties),
            **self._dataset_details(),
            "logFiles": {name: metric.artifact_uri(record, name) for name in self._logs()},
            "submittedBy": getpass.getuser(),
        }
        return {name: value for name, value in details.items() if value is not None}

    def get_details_with_logs(self) -> dict[str, Any]:
        """The details, with the texts of the logs instead of their addresses."""
        return {**self.get_details(), "logFiles": self._all_log_texts()}

    # -- its data ------------------------------------------------------------------------------

    @cached_property
    def input_datasets(self) -> MutableMapping[str, handles.AbstractDataset | str]:
        """The input datasets, by the names of the inputs.

        In a submitted script a mounted or downloaded input is the path of its files, as text.
        """
        return handles.InputDatasets(self._workspace, self._record)

    @cached_property
    def output_datasets(self) -> Mapping[str, handles.AbstractDataset | str]:
        """The output datasets, by the names of the outputs.

        In a submitted script an output is the path of the folder to write to, as text; a linked one has
        ``link(dataset)``.
        """
        return handles.InputDatasets(self._workspace, self._record, "output")

    def send_outputs(self, overwrite: bool = False) -> tuple[str, ...]:
        """Upload outputs that could not be uploaded when the run ended.

        Their datasets are registered, too. The status of the run does not change.

        Args:
            overwrite: whether existing files are replaced.

        Returns:
            The names of the uploaded outputs and data references.

        Raises:
            RunStateError: the run is live, or was canceled.
            DataNotFoundError: no upload is pending.
            DataAccessError: the datastore still fails; the rest stays pending.
        """
        from aml_magics.services.job import pending_upload

        store = self._workspace.store
        return pending_upload.deliver_again(
            store, runs.get(store, self._record.id), overwrite=overwrite
        )

    def _dataset_details(self) -> dict[str, Any]:
        from aml_magics.services.data.dataset import uses_of

        store = self._workspace.store
        uses = uses_of(store, self._record)
        if not uses:
            return {"inputDatasets": [], "outputDatasets": []}
        with store.catalogue.read() as connection:
            job = store.jobs.get(connection, self._record.key)
        return {
            "inputDatasets": used_inputs(uses, None if job is None else job.data),
            "outputDatasets": used_outputs(uses),
        }

    # -- waiting -------------------------------------------------------------------------------

    def wait_for_completion(
        self,
        show_output: bool = False,
        wait_post_processing: bool = False,
        raise_on_error: bool = True,
    ) -> dict[str, Any]:
        """Wait until the run has ended and return its details.

        An interrupt ends the waiting; the run goes on.

        Args:
            show_output: whether the run's output is printed here as it comes.
            wait_post_processing: accepted as in Azure.
            raise_on_error: whether a failed run raises.

        Raises:
            RunFailedError: it failed, and ``raise_on_error`` is true.
            RunStateError: it is this process's own open run: only its own code can end it.
        """
        del wait_post_processing
        if show_output:
            self._print_head()
        try:
            self._wait(_Output(self) if show_output else None)
        except KeyboardInterrupt:
            print(f"\nRun {self.id} goes on; run.cancel() ends it.", flush=True)
            raise
        if show_output:
            print(f"\nExecution Summary\n{'=' * 17}")
            self._print_head()
        self._tell_ended()
        if raise_on_error and self._record.status is RunStatus.FAILED:
            raise RunFailedError(self._failure())
        return self.get_details()

    def _wait(self, output: _Output | None) -> None:
        store = self._workspace.store
        printed: int | None = None
        looked = time.monotonic() + QUEUE_LOOK  # a run that can start at once prints no place
        while self.record.status not in TERMINAL:
            if self._record.owner == store.owner.id:
                raise RunStateError(
                    f"Run {self._record.name!r} ends when this process calls run.complete(); waiting for it here would never end."
                )
            if output is not None:
                output.print_more()
                if self._record.status is RunStatus.QUEUED and time.monotonic() > looked:
                    looked = time.monotonic() + QUEUE_LOOK
                    position = queue.position(store, self._record)
                    if position is not None and position != printed:
                        room = queue.room_text(store, self._record.target)
                        print(f"In the queue: place {position}, {room}.")
                    printed = position
            time.sleep(POLL)
        if output is not None:
            output.print_more()
            output.print_rest()

    def _print_head(self) -> None:
        print(f"RunId: {self.id}\nWeb View: {self.get_portal_url()}", flush=True)

    def _failure(self) -> str:
        record = self._record
        error = record.error
        said = {
            "error": {
                "code": error.code if error else "UserError",
                "message": (error.message if error else "")
                or record.reason
                or "No reason was given.",
            }
        }
        details = f"\n{error.traceback}" if error and error.traceback else ""
        return (
            f"Run {record.name!r} ({record.id}) failed: {record.reason or 'no reason was given'}\n"
            f"{json.dumps(said, indent=4)}{details}"
        )


class _Output:
    """Prints new text of a run's log."""

    def __init__(self, run: RunJob) -> None:
        self._run = run
        self._at = 0
        self._rest = b""

    def print_more(self) -> None:
        """Print the new whole characters."""
        store = self._run._workspace.store
        while data := read_log_from(store, self._run._record, self._at):
            if self._at == 0:
                title = f"Streaming {self._run._driver_log or DRIVER_LOG}"
                print(f"\n{title}\n{'=' * len(title)}\n")
            self._at += len(data)
            text, self._rest = _whole(self._rest + data)
            print(text, end="", flush=True)

    def print_rest(self) -> None:
        """Print bytes of an unfinished character at the end of the output."""
        if self._rest:
            print(self._rest.decode("utf-8", "replace"), flush=True)
            self._rest = b""


def _whole(data: bytes) -> tuple[str, bytes]:
    """Split UTF-8 bytes into whole characters and the bytes of an unfinished last one."""
    # A character of UTF-8 has at most four bytes, so at most three of the last one are missing.
    for cut in range(len(data), max(-1, len(data) - 4), -1):
        try:
            return data[:cut].decode(), data[cut:]
        except UnicodeDecodeError as error:
            if error.reason != "unexpected end of data":
                break
    return data.decode("utf-8", "replace"), b""


def _utc(when: float | None) -> str | None:
    return (
        None
        if when is None
        else datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    )
