"""Retries while a store is full, read-only or unreachable."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final, TypeVar

from aml_magics.errors import StoreFullError, StoreReadOnlyError, StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

PASSING: Final = (StoreFullError, StoreReadOnlyError, StoreUnavailableError)
"""Errors that may be temporary."""

LONGEST_PAUSE: Final = 10.0
_FIRST_PAUSE: Final = 0.25
T = TypeVar("T")
_log = logging.getLogger("aml_magics.worker")


def retry(work: Callable[[], T], may_go_on: Callable[[Exception], bool]) -> T:
    """Run work, and retry while the store refuses it and ``may_go_on`` agrees."""
    pause, has_said = _FIRST_PAUSE, False
    while True:
        try:
            return work()
        except PASSING as error:
            if not may_go_on(error):
                raise
            if not has_said:
                _log.warning("the end of a run waits: %s", error)
                has_said = True
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
