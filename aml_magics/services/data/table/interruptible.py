"""Lets Ctrl-C and the stop button end work in compiled code, which does not check for interrupts.

Python delivers an interrupt to the main thread, and only between two of its own instructions. So DuckDB runs
in a thread of its own; the interrupted thread waits, and asks it to stop.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")
_SECONDS: Final = 0.1
"""Seconds between checks for an interrupt: a wait without a timeout could not be interrupted."""


def interruptible(work: Callable[[], Result], stop: Callable[[], None]) -> Result:
    """Run work in its own thread and wait for it.

    Args:
        work: its exception is raised here.
        stop: makes the work end soon; called repeatedly after an interrupt, since the work may not listen yet.

    Raises:
        KeyboardInterrupt: the wait was interrupted; the work has ended.
    """
    result: Future[Result | None] = Future()
    may_begin, has_ended = threading.Event(), threading.Event()
    interruption: BaseException | None = None
    is_started = False

    def run() -> None:
        may_begin.wait()
        try:
            result.set_result(work() if is_started and interruption is None else None)
        except BaseException as error:  # noqa: BLE001 -- raised in the waiting thread
            result.set_exception(error)
        finally:
            has_ended.set()

    worker = threading.Thread(target=run, name="aml_magics-query", daemon=True)
    try:
        worker.start()
        is_started = True
    finally:
        if not is_started:  # `start` waits, too: an interrupt there would leave the work running
            may_begin.set()
    while not has_ended.is_set():
        try:
            may_begin.set()
            # not `join`, which takes an interrupted thread for ended (Python 3.11)
            if not has_ended.wait(_SECONDS) and interruption is not None:
                stop()
        except BaseException as error:  # noqa: BLE001 -- raised below; a second one changes nothing
            interruption = interruption or error
    worker.join()
    if interruption is not None:
        raise interruption
    return result.result()  # type: ignore[return-value]  # None only where it was interrupted
