"""Processes that a submitted run left behind when its worker was killed."""

from __future__ import annotations

import contextlib
import os
from typing import Final

JOB_VARIABLE: Final = "AML_MAGICS_JOB"
"""The environment variable by which the processes of a submitted run are known."""


def end_leftovers(run_id: str) -> int:
    """Kill what still runs of a submitted run on this machine; returns how many processes that were.

    The system kills a script whose worker dies, but what the script started goes on.
    """
    import psutil

    ended = 0
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied, OSError):
            if process.uids().real == os.getuid() and process.environ().get(JOB_VARIABLE) == run_id:
                process.kill()
                ended += 1
    return ended
