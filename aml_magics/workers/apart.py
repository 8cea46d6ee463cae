"""Slow work that a request to cancel need not wait for."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

Result = TypeVar("Result")


def apart(
    work: Callable[[], Result], interruptible: Callable[[], AbstractContextManager[None]]
) -> Result:
    """Do work in a thread of its own and wait for it; what it raises is raised here.

    A request to cancel ends the waiting, never the work in the middle of what it does: nothing that it
    holds stays locked. The thread ends with the process of the worker.

    Args:
        work: what to do.
        interruptible: within it a request to cancel is an exception in this thread.
    """
    found: Future[Result] = Future()

    def keep() -> None:
        try:
            found.set_result(work())
        except BaseException as error:  # noqa: BLE001 -- it belongs to the thread that waits
            found.set_exception(error)

    threading.Thread(target=keep, name="aml_magics-data", daemon=True).start()
    with interruptible():
        return found.result()
