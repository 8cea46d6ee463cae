"""A rolling update under the load of eight clients: how many requests are lost."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks.service import _servers
from tests.benchmarks.service._ours import ours

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench

CLIENTS = 8


def measure(bench: Bench) -> Figures:
    """Two replicas are replaced while clients ask without a pause."""
    updates = bench.times(5, 1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _servers.write_app(folder)
        with ours(bench, folder, replicas=2) as (server, _, process):
            pipe = subprocess.PIPE
            command = _servers.load_command(server, CLIENTS, 0)
            with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as client:
                began = time.perf_counter()
                for _ in range(updates):
                    process.tell("update")
                    while process.line() != "updated":
                        pass
                lasted = time.perf_counter() - began
                told = json.loads(client.communicate()[0])
    return {
        "requests lost": Figure(told["lost"], "", at_most=0),
        "requests answered": Figure(told["requests"], ""),
        "p99 meanwhile": Figure(told["p99"], "ms"),
        "an update of two replicas": Figure(lasted / updates, "s"),
    }
