"""Resource usage of a script as metrics of its run: CPU, memory, and GPUs if any."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import time
from typing import TYPE_CHECKING, Final

import psutil

from aml_magics.records.metric import USAGE
from aml_magics.services.run.metric import writer
from aml_magics.workers.tree import descendants

if TYPE_CHECKING:
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

FIRST: Final = 1.0
"""Seconds before the first sample, so that short scripts cost nothing."""

SHARE: Final = 500
"""Sampling starts at every 2 seconds and slows down to about this many samples in all."""

_MEGABYTE: Final = 1e6
_QUERY: Final = ("--query-gpu=utilization.gpu,memory.used", "--format=csv,noheader,nounits")


class Usage:
    """Samples the processes of a script."""

    def __init__(self, store: Store, record: RunRecord) -> None:
        self._store = store
        self._record = record
        self._began = time.monotonic()
        self._next = self._began + FIRST
        self._seen: dict[int, psutil.Process] = {}
        self._gpu = shutil.which("nvidia-smi")

    def sample(self) -> None:
        """Log the present usage if a sample is due."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + max(2.0, (now - self._began) / SHARE)
        cpu, memory = self._used()
        if memory == 0:  # all processes have just ended
            return
        values = {f"{USAGE}cpu_percent": cpu, f"{USAGE}memory_mb": memory / _MEGABYTE}
        journal = writer(self._store, self._record)
        for name, value in {**values, **self._gpu_used()}.items():
            journal.number(name, round(value, 2))

    def _used(self) -> tuple[float, int]:
        """CPU percent of one core since the last sample, and memory bytes."""
        cpu, memory = 0.0, 0
        alive = {process.pid: process for process in descendants()}
        for pid, process in alive.items():
            known = self._seen.setdefault(pid, process)
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                cpu += known.cpu_percent()
                memory += known.memory_info().rss
        self._seen = {pid: one for pid, one in self._seen.items() if pid in alive}
        return cpu, memory

    def _gpu_used(self) -> dict[str, float]:
        if self._gpu is None:
            return {}
        try:
            done = subprocess.run(
                [self._gpu, *_QUERY], capture_output=True, text=True, check=True, timeout=5
            )
            rows = [line.split(",") for line in done.stdout.splitlines() if line.strip()]
            found: dict[str, float] = {}
            for place, (busy, memory) in enumerate(rows):
                found[f"{USAGE}gpu{place}_percent"] = float(busy)
                found[f"{USAGE}gpu{place}_memory_mb"] = float(memory)
        except (OSError, subprocess.SubprocessError, ValueError):
            self._gpu = None  # a driver that does not answer is not asked again
            return {}
        return found
