"""How long the panel of a run takes from its snapshot to pixels, and from a message to pixels."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks._page import screen_page
from tests.benchmarks._views import curve, run_snapshot

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.benchmarks._bench import Bench

CHART = "canvas"
PLOT = ".aml-chart-plot"
HIGH = 9_000


def first_paint(page: Page, snapshot: dict[str, Any], times: int) -> float:
    """Milliseconds until the first chart is on the screen."""
    call = "([snapshot, wanted]) => mount('run', snapshot, wanted)"
    return median(page.evaluate(call, [snapshot, CHART]) for _ in range(times))


def all_paint(page: Page, snapshot: dict[str, Any], times: int, wanted: str = CHART) -> float:
    """Milliseconds until the charts of all metrics are there, after the first of them were drawn."""
    taken = []
    for _ in range(times):
        first_paint(page, snapshot, 1)
        taken.append(page.evaluate("showAll", [len(snapshot["view"]["metrics"]), wanted]))
    return median(taken)


def tall_paint(page: Page, snapshot: dict[str, Any], times: int) -> float:
    """The same on a screen so high that all charts are seen, and so drawn, at once."""
    size = page.viewport_size
    page.set_viewport_size({"width": 1280, "height": HIGH})
    taken = all_paint(page, snapshot, times)
    if size is not None:
        page.set_viewport_size(size)
    return taken


def update(page: Page, snapshot: dict[str, Any], change: dict[str, Any], times: int) -> float:
    """Milliseconds from a message to the next frame on the screen, after the panel was drawn."""
    first_paint(page, snapshot, 1)
    metrics = snapshot["view"]["metrics"]
    taken = []
    for turn in range(times):
        changed = {**metrics[0], **change, "last": turn / 10}
        event = {"type": "update", "token": str(turn), "update": {"metrics": [changed]}}
        taken.append(page.evaluate("tell", event))
    return median(taken)


def measure(bench: Bench) -> Figures:
    """A long run and a wide one, in a blank page."""
    times = bench.times(7, 1)
    points = bench.times(1_000_000, 20_000)
    long = run_snapshot([curve("loss", points)])
    whole = long["view"]["metrics"][0]["points"]
    wide = run_snapshot([curve(f"metric {n}", 1_000, n) for n in range(bench.times(100, 10))])
    replaced = {"points": whole, "more": None}
    more = {"points": None, "more": {key: values[-20:] for key, values in whole.items()}}
    with screen_page() as page:
        first_paint(page, long, 2)  # compiles the scripts
        return {
            f"a run of {points:,} points, first paint": Figure(
                first_paint(page, long, times), "ms", 150
            ),
            f"a run of {points:,} points, its curve replaced": Figure(
                update(page, long, replaced, times), "ms", 100
            ),
            f"a run of {points:,} points, 20 points more": Figure(
                update(page, long, more, times), "ms", 100
            ),
            f"{len(wide['view']['metrics'])} series of 1,000 points, first paint": Figure(
                first_paint(page, wide, times), "ms", 200
            ),
            f"{len(wide['view']['metrics'])} series of 1,000 points, all of them there, those in sight drawn": Figure(
                all_paint(page, wide, times, PLOT), "ms", 200
            ),
            f"{len(wide['view']['metrics'])} series of 1,000 points, all of them in sight": Figure(
                tall_paint(page, wide, times), "ms", 200
            ),
        }
