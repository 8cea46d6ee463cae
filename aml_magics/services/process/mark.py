"""A mark that every process of a submitted run carries, and all that it starts.

A script may start programs with an empty environment and in a session of their own; when its worker is
killed, nothing connects them to the run any more but what a process can neither lose nor clean away:
its resource limits. One of them limits nothing here, for how long a real-time process may run without
blocking. As a mark it is thousands of years, and its lower bits are those of the run.

A hard limit is only ever lowered, so a run that is started below another one has the lower level.
"""

from __future__ import annotations

import contextlib
import hashlib
import resource
import sys
from typing import Final

_BITS: Final = 48
_LEVELS: Final = range(0x1000, 0x4000)


def set_mark(run_id: str) -> None:
    """Mark this process; on another system, or where real-time is limited already, it goes without."""
    if sys.platform != "linux":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_RTTIME)
    level = (_LEVELS.stop if hard == resource.RLIM_INFINITY else _level(hard)) - 1
    if level not in _LEVELS:
        return
    mark = level << _BITS | _lower_bits(run_id)
    is_limited = soft != resource.RLIM_INFINITY and soft < mark
    # a sandbox may refuse; the script runs all the same
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_RTTIME, (soft if is_limited else mark, mark))


def drop_mark() -> None:
    """Let this process be of no run, where one of a run has started it."""
    if sys.platform == "linux":
        hard = resource.getrlimit(resource.RLIMIT_RTTIME)[1]
        if hard != resource.RLIM_INFINITY and _level(hard) in _LEVELS:
            set_mark("")


def has_mark(pid: int, run_id: str) -> bool:
    """Whether a process is of a run; one that cannot be asked is not."""
    if sys.platform != "linux":
        return False
    try:
        hard = resource.prlimit(pid, resource.RLIMIT_RTTIME)[1]
    except OSError:
        return False
    return _level(hard) in _LEVELS and hard & ((1 << _BITS) - 1) == _lower_bits(run_id)


def _level(limit: int) -> int:
    return limit >> _BITS


def _lower_bits(run_id: str) -> int:
    return int.from_bytes(hashlib.sha256(run_id.encode()).digest()[: _BITS // 8], "big")
