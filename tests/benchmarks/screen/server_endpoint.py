"""How long the Jupyter server takes to answer what a panel asks."""

from __future__ import annotations

import http.client
import json
import select
import sys
from statistics import median, quantiles
from time import perf_counter, sleep
from typing import TYPE_CHECKING

from tests.benchmarks._bench import BrokenBenchmarkError
from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks._lab import running_lab
from tests.benchmarks._workspace import METRIC, log_points, say, start_run

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench
    from tests.fixtures.lab import Lab

HERTZ = 200
BASE = "/aml-magics/api/workspaces/default"


def grow(points: int) -> None:
    """Log so many points, and more at a pace until a line comes in; it says its id in between."""
    run = start_run()
    step = 0
    while step < points or not select.select([sys.stdin], [], [], 1 / HERTZ)[0]:
        if step == points:
            say(run.id)
        run.log(METRIC, step * 0.5, step=step)
        step += 1
    run.complete()


def timed(
    lab: Lab, kind: str, question: dict[str, object], times: int, pause: float = 0.0
) -> list[float]:
    """Milliseconds of each answer, over one connection, with so many seconds between them."""
    path, asked = f"{BASE}/ask/{kind}", json.dumps(question)
    connection = http.client.HTTPConnection(lab.origin.removeprefix("http://"))
    taken = []
    for _ in range(times + 3):
        sleep(pause)
        began = perf_counter()
        connection.request("POST", path, asked, {"Authorization": f"token {lab.token}"})
        response = connection.getresponse()
        body = response.read()
        taken.append(1e3 * (perf_counter() - began))
        if response.status != 200:
            raise BrokenBenchmarkError(f"{path} was answered by {response.status}: {body[:300]!r}")
    connection.close()
    return taken[3:]  # the first ones import, and fill caches


def measure(bench: Bench) -> Figures:
    """A run of 100,000 points when it has ended and while it goes on, and a table of both."""
    points, times = bench.times(100_000, 2_000), bench.times(200, 5)
    figures: Figures = {}
    with running_lab(bench) as lab:
        run = bench.call(lab.home, log_points, points)
        whole = timed(lab, "run", {"run": run}, times)
        figures[f"the panel of a run of {points:,} points, p50"] = Figure(median(whole), "ms", 10)
        figures[f"the panel of a run of {points:,} points, p95"] = Figure(
            quantiles(whole, n=20)[-1], "ms"
        )
        stretch = {"run": run, "metric": METRIC, "low": 10, "high": points // 2}
        zoomed = timed(lab, "points", stretch, times)
        figures["half of it zoomed, p50"] = Figure(median(zoomed), "ms")
        writer = bench.start(lab.home, grow, points)
        growing = timed(lab, "run", {"run": json.loads(writer.line())}, times, pause=1 / HERTZ)
        figures["the same while the run grows, p50"] = Figure(median(growing), "ms", 10)
        writer.tell()
        writer.answer()
        table = timed(lab, "runs", {"query": {}, "limit": 100}, times)
        figures["a table of two runs, p50"] = Figure(median(table), "ms")
    return figures
