"""Trials of a swept cell: what each costs beyond the cell itself, which imports numpy as cells do."""

from __future__ import annotations

import os
import time
from statistics import median
from typing import TYPE_CHECKING

from tests.benchmarks._figure import Figure, Figures

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench

CELL = """\
import time; first, cpu = time.time(), time.process_time()
import numpy
time.sleep(0.1)
run.log("acc", x)
for name, value in {"cpu": cpu, "first": first, "last": time.time()}.items():
    run.log(name, value)
"""


def swept(count: int, slots: int) -> dict[str, float]:
    """Seconds: of the cell, before its first line with those of the processor, after its last, and between two trials."""
    from aml_magics import Workspace
    from aml_magics.magics.remote.cell import cell_submission
    from aml_magics.magics.remote.shipment import pack
    from aml_magics.records.sweep.sweep import Goal
    from aml_magics.services.run import metric
    from aml_magics.services.run import run as runs
    from aml_magics.services.sweep import submission
    from aml_magics.services.sweep.grammar import read_expression, read_sampler
    from aml_magics.services.sweep.request import SweepRequest
    from aml_magics.services.sweep.result import results

    os.environ["AML_MAGICS_SLOTS"] = str(slots)
    store = Workspace.from_config().store
    space = {"x": read_expression("x", "uniform(0, 1)")}
    sampler, at_once = read_sampler("random"), 4 * slots
    request = SweepRequest(sampler, space, "acc", Goal.MAXIMIZE, count, at_once)
    data, _ = pack({}, [])
    with cell_submission(CELL, data) as wanted:
        sweep, _ = submission.submit(store, "bench", request, wanted)
    while not (sweep := runs.get(store, sweep.id)).status.is_terminal:
        time.sleep(0.05)
    found = results(store, sweep)
    assert {one.status for one in found} == {"Completed"}
    rows = []
    for one in found[1:]:  # the first one waits for the imports that the others have
        logged = metric.get_metrics(store, runs.get(store, one.run_id))
        first, last = logged["first"], logged["last"]
        before, after = first - (one.started or 0), (one.ended or 0) - last
        rows.append((last - first, before, logged["cpu"], after))
    names = ("cell", "before", "cpu", "after")
    medians = {name: median(row) for name, row in zip(names, zip(*rows, strict=True), strict=True)}
    began, ended = found[1].started or 0, max(one.ended or 0 for one in found)
    return {**medians, "each": (ended - began) / (count - 1)}


def measure(bench: Bench) -> Figures:
    """Forty trials on one slot; four in a quick sitting."""
    found = {
        name: 1000 * value
        for name, value in bench.call(bench.home(), swept, bench.times(40, 4), 1).items()
    }
    return {
        "the cell itself": Figure(found["cell"], "ms"),
        "a cell-trial's process over the cell": Figure(
            found["before"] + found["after"], "ms", at_most=60
        ),
        "before its first line": Figure(found["before"], "ms"),
        "of the processor before its first line": Figure(found["cpu"], "ms"),
        "after its last line, until its run has ended": Figure(found["after"], "ms"),
        "from one trial to the next, over the cell": Figure(found["each"] - found["cell"], "ms"),
    }
