"""A forked process that executes one run, for the scheduler and for the nodes of a cluster."""

from __future__ import annotations

import logging
import os
import signal
import sys
from typing import TYPE_CHECKING, Final, NoReturn

from aml_magics.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

NOT_NOW: Final = 75
"""Exit code of a worker that could not start because the store was full or unreachable."""

_log = logging.getLogger("aml_magics.worker")


def become_worker(key: int, work: Callable[[], None]) -> NoReturn:
    """In a forked child: execute a run, then always end this process.

    Args:
        key: of the run, for the log.
    """
    code = 1
    try:
        os.setsid()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        work()
        code = 0
    except (StoreError, OSError):
        _log.exception("the worker of run %d cannot do its work now", key)
        code = NOT_NOW
    finally:
        if sys.exception() is not None:  # no caller is left to raise it to
            _log.exception("the worker of run %d failed", key)
        logging.shutdown()
        os._exit(code)
