"""Work in compiled code that Ctrl-C and the stop button end, which it does not look at itself.

Python delivers an interrupt to the main thread, and only between two of its own instructions. So DuckDB runs
in a thread of its own; the thread that the user interrupts waits, and asks it to stop.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")
_SECONDS: Final = 0.1
"""Between two looks whether the wait was interrupted: a wait without an end would not be."""


def interruptible(work: Callable[[], Result], stop: Callable[[], None]) -> Result:
    """Do work in a thread of its own and wait for it.

    Args:
        work: what to do; what it raises is raised here.
        stop: makes it end soon, if it has begun to listen; called again and again once the wait is
            interrupted.

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
        except BaseException as error:  # noqa: BLE001 -- it belongs to the thread that waits
            result.set_exception(error)
        finally:
            has_ended.set()

    worker = threading.Thread(target=run, name="aml_magics-query", daemon=True)
    try:
        worker.start()
        is_started = True
    finally:
        if (
            not is_started
        ):  # `start` waits, too: nobody would stop the work of a wait interrupted there
            may_begin.set()
    while not has_ended.is_set():
        try:
            may_begin.set()
            # not by `join`, which takes a thread for ended when it is interrupted (Python 3.11)
            if not has_ended.wait(_SECONDS) and interruption is not None:
                stop()
        except BaseException as error:  # noqa: BLE001 -- raised below; a second one changes nothing
            interruption = interruption or error
    worker.join()
    if interruption is not None:
        raise interruption
    return result.result()  # type: ignore[return-value]  # None only where it was interrupted
