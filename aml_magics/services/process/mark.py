"""A mark on every process of a submitted run and all its descendants.

A script may start programs with an empty environment and in their own session. After a kill of its worker, only
something that a process can neither lose nor remove connects them to the run: its resource limits. One of them
has no effect here: how long a real-time process may run without blocking. As a mark it is thousands of years,
and its lower bits identify the run.

A hard limit can only be lowered, so a nested run has the lower value.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import resource
import sys
import time
from typing import Final

JOB_VARIABLE: Final = "AML_MAGICS_JOB"
"""The environment variable that identifies a submitted run's processes, beside their mark."""

_ROUNDS: Final = 50
_BITS: Final = 48
_LEVELS: Final = range(0x1000, 0x4000)


def set_mark(run_id: str) -> None:
    """Mark this process; no effect on other systems, or where real-time is limited already."""
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
    """Detach this process from the run that started it."""
    if sys.platform == "linux":
        hard = resource.getrlimit(resource.RLIMIT_RTTIME)[1]
        if hard != resource.RLIM_INFINITY and _level(hard) in _LEVELS:
            set_mark("")


def has_mark(pid: int, run_id: str) -> bool:
    """Whether a process belongs to a run; False if it cannot be inspected."""
    if sys.platform != "linux":
        return False
    try:
        hard = resource.prlimit(pid, resource.RLIMIT_RTTIME)[1]
    except OSError:
        return False
    return _level(hard) in _LEVELS and hard & ((1 << _BITS) - 1) == _lower_bits(run_id)


def end_processes(run_id: str) -> int:
    """Kill a submitted run's processes on this machine; return their number.

    The system kills a script whose worker dies, but not the processes that the script started.
    """
    ended: set[int] = set()
    for _ in range(_ROUNDS):  # a killed process may just have started another
        found = _end_once(run_id)
        ended |= found
        if not found:
            break
        time.sleep(0.02)
    return len(ended)


def _end_once(run_id: str) -> set[int]:
    import psutil

    found = set()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied, OSError):
            if process.pid == os.getpid() or process.uids().real != os.getuid():
                continue
            is_of_run = (
                has_mark(process.pid, run_id) or process.environ().get(JOB_VARIABLE) == run_id
            )
            if is_of_run and process.status() != psutil.STATUS_ZOMBIE:
                process.kill()
                found.add(process.pid)
    return found


def _level(limit: int) -> int:
    return limit >> _BITS


def _lower_bits(run_id: str) -> int:
    return int.from_bytes(hashlib.sha256(run_id.encode()).digest()[: _BITS // 8], "big")
