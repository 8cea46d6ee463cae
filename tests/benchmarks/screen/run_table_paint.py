"""How long a table of many runs takes to pixels, and whether it stays filled while it is scrolled."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks._page import screen_page
from tests.benchmarks._views import run_rows, table_snapshot

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench

ROW = "[role=row] [role=gridcell]"
SCROLLED = ".aml-grid"


def measure(bench: Bench) -> Figures:
    """A table of 10,000 rows in a blank page."""
    times = bench.times(7, 1)
    count = bench.times(10_000, 500)
    snapshot = table_snapshot(run_rows(count))
    call = "([snapshot, wanted]) => mount('runs', snapshot, wanted)"
    scroll = "([moved, row, steps]) => scrolled(moved, row, steps)"
    with screen_page() as page:
        page.evaluate(call, [snapshot, ROW])  # compiles the scripts
        first = median(page.evaluate(call, [snapshot, ROW]) for _ in range(times))
        moved = page.evaluate(scroll, [SCROLLED, "[role=row]", bench.times(60, 5)])
    return {
        f"{count:,} rows, first paint": Figure(first, "ms", 250),
        f"{count:,} rows, looks at which a scrolled row was blank": Figure(moved["blank"], "", 0),
        f"{count:,} rows, slowest step of scrolling": Figure(moved["slowest"], "ms"),
    }
