"""Waiting for a run, with its output as it comes."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import RunFailedError, RunStateError
from aml_magics.records.status import TERMINAL, RunStatus
from aml_magics.services.process import queue
from aml_magics.services.run.log import DRIVER_LOG, read_log_from

if TYPE_CHECKING:
    from collections.abc import Callable

    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.workspace.workspace import Workspace

POLL: Final = 0.1
QUEUE_LOOK: Final = 1.0
_STREAMED: Final = f"Streaming {DRIVER_LOG}"


class RunWaiting:
    """``wait_for_completion``."""

    _workspace: Workspace
    _record: RunRecord
    _when_ended: Callable[[], None] | None = None
    """What belongs to the end for who waits here, such as variables that come back."""

    if TYPE_CHECKING:  # of the class that this is a part of

        @property
        def id(self) -> str:  # noqa: D102 -- as there
            ...

        @property
        def record(self) -> RunRecord:  # noqa: D102 -- as there
            ...

        def get_details(self) -> dict[str, Any]:  # noqa: D102 -- as there
            ...

        def get_portal_url(self) -> str:  # noqa: D102 -- as there
            ...

    def wait_for_completion(
        self,
        show_output: bool = False,
        wait_post_processing: bool = False,
        raise_on_error: bool = True,
    ) -> dict[str, Any]:
        """Wait until the run has ended and return its details.

        An interrupt ends the waiting; the run goes on.

        Args:
            show_output: whether what the run prints is printed here as it comes.
            wait_post_processing: accepted as in Azure.
            raise_on_error: whether a failed run raises.

        Raises:
            RunFailedError: it failed, and ``raise_on_error`` is true.
            RunStateError: it is this process's own and open: only its own code can end it.
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
        if self._when_ended is not None:
            self._when_ended()
        if raise_on_error and self._record.status is RunStatus.FAILED:
            raise RunFailedError(self._failure())
        return self.get_details()

    def _wait(self, output: _Output | None) -> None:
        store = self._workspace.store
        told: int | None = None
        looked = time.monotonic() + QUEUE_LOOK  # a run whose turn it is does not stand in the queue
        while self.record.status not in TERMINAL:
            if self._record.owner == store.owner.id:
                raise RunStateError(
                    f"Run {self._record.name!r} ends when this process calls run.complete(); waiting for it here would never end."
                )
            if output is not None:
                output.print_more()
                if self._record.status is RunStatus.QUEUED and time.monotonic() > looked:
                    looked = time.monotonic() + QUEUE_LOOK
                    place = queue.position(store, self._record)
                    if place is not None and place != told:
                        print(f"In the queue: place {place}, {queue.slots()} runs go on at once.")
                    told = place
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
    """Prints the log of a run from where it was last."""

    def __init__(self, run: RunWaiting) -> None:
        self._run = run
        self._at = 0
        self._rest = b""

    def print_more(self) -> None:
        """Print whole characters that are new."""
        store = self._run._workspace.store
        while data := read_log_from(store, self._run._record, self._at):
            if self._at == 0:
                print(f"\n{_STREAMED}\n{'=' * len(_STREAMED)}\n")
            self._at += len(data)
            text, self._rest = _whole(self._rest + data)
            print(text, end="", flush=True)

    def print_rest(self) -> None:
        """Print what the output ended with in the middle of a character."""
        if self._rest:
            print(self._rest.decode("utf-8", "replace"), flush=True)
            self._rest = b""


def _whole(data: bytes) -> tuple[str, bytes]:
    """The text of bytes, and those at the end that are the beginning of one more character."""
    for cut in range(len(data), max(-1, len(data) - 4), -1):
        try:
            return data[:cut].decode(), data[cut:]
        except UnicodeDecodeError as error:
            if error.reason != "unexpected end of data":
                break
    return data.decode("utf-8", "replace"), b""
