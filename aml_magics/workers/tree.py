"""The descendant processes of a script, and their termination."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import time
from typing import TYPE_CHECKING, Final

import psutil

from aml_magics.services.process.controller import ALL_KINDS
from aml_magics.services.process.queue import SCHEDULER

if TYPE_CHECKING:
    from collections.abc import Collection

GRACE: Final = 5.0
"""Seconds between asking processes to end and ending them."""

KILL_SECONDS: Final = 10.0
"""Seconds after which a process that survives SIGKILL is left: another user's, or stuck in a device."""

_APART: Final = (SCHEDULER, *(kind.program for kind in ALL_KINDS))
_log = logging.getLogger("aml_magics.worker")


def descendants(but: Collection[int] = ()) -> list[psutil.Process]:
    """All descendants except ``but``, including orphans.

    A scheduler or a controller that was started from here is no part of a run, and neither are its workers.
    """
    found = psutil.Process().children(recursive=True)
    apart = {one.pid for one in found if _is_apart(one)}
    for one in found if apart else ():  # parents come before their children
        with contextlib.suppress(psutil.NoSuchProcess):
            if one.ppid() in apart:
                apart.add(one.pid)
    return [one for one in found if one.pid not in apart and one.pid not in but]


def _is_apart(process: psutil.Process) -> bool:
    """Whether it is a scheduler or a controller; a launcher is a fork of one, but leads no session."""
    try:
        is_first = os.getsid(process.pid) == process.pid
        return is_first and tuple(process.cmdline()[1:3]) in _APART
    except (OSError, psutil.Error):
        return False


def end_all(grace: float = GRACE, but: Collection[int] = ()) -> None:
    """End all descendants: SIGTERM first, SIGKILL after the grace period.

    Args:
        grace: seconds; 0 kills at once.
        but: pids to spare.
    """
    deadline = time.monotonic() + grace
    if grace:
        # A stopped process must continue to handle SIGTERM.
        _signal(descendants(but), signal.SIGTERM, signal.SIGCONT)
    while time.monotonic() < deadline and _living(but):
        time.sleep(0.05)
    deadline = time.monotonic() + KILL_SECONDS
    while living := _living(but):  # a killed process may have started another just before
        if time.monotonic() > deadline:
            _log.warning("processes that cannot be ended: %s", [one.pid for one in living])
            return
        _signal(living, signal.SIGKILL)
        time.sleep(0.02)


def _living(but: Collection[int]) -> list[psutil.Process]:
    """Running descendants; ended children are reaped, so that no zombie stays."""
    while _has_children():
        living, has_reaped = [], False
        for process in descendants(but):
            with contextlib.suppress(psutil.NoSuchProcess):
                if process.status() != psutil.STATUS_ZOMBIE:
                    living.append(process)
                elif _reap(process.pid):
                    has_reaped = True
        # one that has just ended may have started another while the processes were listed
        if living or not has_reaped:
            return living
    return []


def _has_children() -> bool:
    """Whether there is a child, ended or not: a worker adopts all orphans, so without one there is nobody else.

    The system tells at once, and a look at all processes of the machine takes milliseconds.
    """
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _reap(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:  # reaped by its own parent, or already
        return False


def _signal(processes: list[psutil.Process], *numbers: int) -> None:
    for process in processes:
        for number in numbers:
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                process.send_signal(number)
