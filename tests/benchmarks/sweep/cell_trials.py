"""Trials of a swept cell: what each costs beyond the cell itself, which imports numpy as cells do."""

from __future__ import annotations

import os
import time
from statistics import median
from typing import TYPE_CHECKING

from tests.benchmarks._figure import Figure, Figures

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench

# Times of the first and the last line are metrics, so the last one is a little early.
CELL = """\
import time; run.log("first", time.time())
import numpy
time.sleep(0.1)
run.log("acc", x)
run.log("last", time.time())
"""


def swept(count: int, slots: int) -> dict[str, float]:
    """Seconds: of the cell, before its first and after its last line, and from one trial to the next."""
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
        rows.append((last - first, first - (one.started or 0), (one.ended or 0) - last))
    cell, before, after = (median(column) for column in zip(*rows, strict=True))
    began, ended = found[0].started or 0, max(one.ended or 0 for one in found)
    return {"cell": cell, "before": before, "after": after, "each": (ended - began) / count}


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
        "after its last line, until its run has ended": Figure(found["after"], "ms"),
        "from one trial to the next, over the cell": Figure(found["each"] - found["cell"], "ms"),
    }
