"""How long the screen of a pipeline takes from its snapshot to pixels, and to its next step."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks._page import screen_page

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench

NODE = "[data-node]"
ROW = 25
WHEN = "2026-01-01T10:00:00Z"


def measure(bench: Bench) -> Figures:
    """A pipeline of 1,000 steps in rows of 25, and one of 60; a step of the large one that begins."""
    times, count = bench.times(7, 1), bench.times(1_000, 50)
    mount = "([kind, snapshot, wanted]) => mount(kind, snapshot, wanted)"
    figures: Figures = {}
    with screen_page() as page:
        for steps, limit in ((60, 250), (count, 1_000)):
            asked = ["pipeline", {"version": 1, "workspace": "w", "view": _pipeline(steps)}, NODE]
            page.evaluate(mount, asked)  # compiles the scripts
            taken = median(page.evaluate(mount, asked) for _ in range(times))
            figures[f"a pipeline of {steps:,} steps, first paint"] = Figure(taken, "ms", limit)
        news = {**_pipeline(count), "steps": [_step(count - 1, "Running")], "edges": []}
        event = {"type": "steps", "token": "x", "view": news}
        later = median(page.evaluate("event => tell(event)", event) for _ in range(times))
    figures[f"a pipeline of {count:,} steps, a step that begins"] = Figure(later, "ms", 100)
    return figures


def _pipeline(count: int) -> dict[str, Any]:
    edges = [
        {"source": f"s{before}", "output": "out", "target": f"s{at}", "input": "in"}
        for at in range(ROW, count)
        for before in {at - ROW, (at // ROW - 1) * ROW + at * 7 % ROW}
    ]
    return {
        "workspace": "w",
        "id": "run",
        "short_id": "run",
        "name": "nightly",
        "description": "",
        "experiment": "digits",
        "status": "Running",
        "is_terminal": False,
        "reason": "",
        "created": WHEN,
        "started": WHEN,
        "ended": None,
        "seconds": None,
        "goes_on_after_failure": False,
        "makes_all_again": False,
        "total": count,
        "done": count // 2,
        "reused": count // 4,
        "running": 0,
        "failed": 0,
        "parameters": [],
        "origins": [],
        "steps": [
            _step(at, "Completed" if at < count // 2 else "NotStarted") for at in range(count)
        ],
        "edges": edges,
        "more": 0,
    }


def _step(number: int, status: str) -> dict[str, Any]:
    is_reused = number % 4 == 0 and status == "Completed"
    return {
        "id": f"s{number}",
        "run": f"run-{number}",
        "name": f"part {number}",
        "kind": "Python script",
        "status": status,
        "decision": "reused" if is_reused else "queued",
        "reuse": "",
        "reused_from": None,
        "target": "local",
        "started": None if status == "NotStarted" else WHEN,
        "seconds": 2.5 if status == "Completed" else None,
        "tries": 1,
        "reason": "",
        "inputs": ["in"],
        "outputs": ["out"],
    }
