"""How long the screen of a sweep takes from its snapshot to pixels, and to its next trial."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks._page import screen_page

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench

ROW = "[role=row] [role=gridcell]"


def measure(bench: Bench) -> Figures:
    """A sweep of 1,000 trials that goes on: its table, and a trial that ends."""
    times, count = bench.times(7, 1), bench.times(1_000, 50)
    asked = ["sweep", {"version": 1, "workspace": "w", "view": _sweep(count)}, ROW]
    news = {**_sweep(count), "trials": [_trial(count // 2)], "done": count // 2 + 1}
    event = {"type": "trials", "token": "x", "view": news}
    mount = "([kind, snapshot, wanted]) => mount(kind, snapshot, wanted)"
    with screen_page() as page:
        page.evaluate(mount, asked)  # compiles the scripts
        first = median(page.evaluate(mount, asked) for _ in range(times))
        later = median(page.evaluate("event => tell(event)", event) for _ in range(times))
    return {
        f"a sweep of {count:,} trials, first paint": Figure(first, "ms", 300),
        f"a sweep of {count:,} trials, a trial that ends": Figure(later, "ms", 100),
    }


def _sweep(count: int) -> dict[str, Any]:
    trials = [_trial(number) for number in range(count)]
    for one in trials[count // 2 :]:
        one.update(status="Queued", metric=None, started=None, seconds=None)
    return {
        "workspace": "w",
        "id": "HD_1",
        "short_id": "HD_1",
        "name": "tune",
        "experiment": "digits",
        "status": "Running",
        "is_terminal": False,
        "reason": "",
        "metric": "acc",
        "goal": "higher",
        "sampler": "random",
        "policy": "bandit(slack_factor=0.1)",
        "parameters": [{"name": f"p{n}", "expression": "uniform(0, 1)"} for n in range(8)],
        "total": count,
        "there": count,
        "done": count // 2,
        "early": count // 8,
        "running": 0,
        "max_minutes": 60,
        "created": "2026-01-01T10:00:00Z",
        "started": "2026-01-01T10:00:00Z",
        "ended": None,
        "seconds_left": 90.0,
        "best": trials[0],
        "trials": trials,
        "more": 0,
    }


def _trial(number: int) -> dict[str, Any]:
    is_early = number % 4 == 0
    return {
        "number": number,
        "status": "Canceled" if is_early else "Completed",
        "is_early": is_early,
        "metric": 1 / (1 + number),
        "started": f"2026-01-01T10:{number // 60 % 60:02}:{number % 60:02}Z",
        "seconds": 10.0 + number % 7,
        "reason": "Ended early by the policy bandit at interval 3." if is_early else "",
        "values": [(number * 31 + n * 17) % 100 / 100 for n in range(8)],
    }
