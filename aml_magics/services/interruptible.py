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
        stop: makes it end soon; called when the waiting is interrupted.

    Raises:
        KeyboardInterrupt: who waits was interrupted; the work has ended.
    """
    results: list[Result] = []
    errors: list[BaseException] = []
    has_ended = threading.Event()

    def keep() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 -- it belongs to the thread that waits
            errors.append(error)
        finally:
            has_ended.set()

    worker = threading.Thread(target=keep, name="aml_magics-query", daemon=True)
    worker.start()
    try:
        # not by `join`, which takes a thread for ended when it is interrupted (Python 3.11)
        while not has_ended.wait(_LOOK):
            pass
    except BaseException:
        stop()
        has_ended.wait()
        raise
    finally:
        worker.join()
    if errors:
        raise errors[0]
    return results[0]
