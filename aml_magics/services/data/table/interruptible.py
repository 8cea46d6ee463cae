"""Work in compiled code that Ctrl-C and the stop button end, which it does not look at itself."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")
_LOOK: Final = 0.1
"""How often the waiting thread looks whether it was interrupted, in seconds."""


def interruptible(work: Callable[[], Result], stop: Callable[[], None]) -> Result:
    """Do work in a thread of its own and wait for it.

    Args:
        work: what to do; what it raises is raised here.
        stop: makes it end soon, if it has begun to listen; called again and again once the waiting is
            interrupted.

    Raises:
        KeyboardInterrupt: who waits was interrupted; the work has ended.
    """
    results: list[Result] = []
    errors: list[BaseException] = []
    may_begin, has_ended = threading.Event(), threading.Event()
    interruption: BaseException | None = None

    def keep() -> None:
        may_begin.wait()
        try:
            if interruption is None:
                results.append(work())
        except BaseException as error:  # noqa: BLE001 -- it belongs to the thread that waits
            errors.append(error)
        finally:
            has_ended.set()

    worker = threading.Thread(target=keep, name="aml_magics-query", daemon=True)
    try:
        worker.start()
    except BaseException as error:  # it waits there as well, and nobody would stop the work then
        interruption = error
        may_begin.set()
        raise
    while not has_ended.is_set():
        try:
            may_begin.set()
            # not by `join`, which takes a thread for ended when it is interrupted (Python 3.11)
            if not has_ended.wait(_LOOK) and interruption is not None:
                stop()
        except BaseException as error:  # noqa: BLE001 -- raised below; a second one changes nothing
            interruption = interruption or error
    worker.join()
    if interruption is not None:
        raise interruption
    if errors:
        raise errors[0]
    return results[0]
