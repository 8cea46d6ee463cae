"""From ``run.log`` in a cell that goes on to the pixels of its panel, in a real JupyterLab."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks._lab import browser_page, running_lab

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench

CELL = """%%aml_run live
import time
for step in range({count}):
    run.log("sent", time.time(), step=step)
    time.sleep(0.7 + step % 7 / 10)"""

# The number on the panel is rounded; the points behind it are those that were sent. The label of the
# chart is written when it is drawn, so its last count tells how many points are on the screen.
WATCH = """async count => {
  const seen = [];
  const label = () => document.querySelector('.aml-chart-plot')?.getAttribute('aria-label') ?? '';
  let before = 0;
  while (before < count) {
    await new Promise(done => requestAnimationFrame(done));
    const points = Number(/: ([\\d,]+) points/.exec(label())?.[1]?.replace(/,/g, '') ?? 0);
    if (points > before) { seen.push([points, Date.now() / 1000]); before = points; }
  }
  return seen;
}"""


def measure(bench: Bench) -> Figures:
    """Points that are logged one by one, at odd moments."""
    from tests.browser.notebook import LOAD, Notebook

    count = bench.times(25, 4)
    with running_lab(bench) as lab, browser_page() as page:
        cells = [LOAD, CELL.format(count=count), "1"]
        opened = Notebook(page, lab, "live/live.ipynb").write(cells).open().run(0).start(1)
        page.wait_for_selector(".aml-chart-plot")
        seen = page.evaluate(WATCH, count)
        opened.wait_until_idle()
        sent = opened.value("run.get_metrics()['sent']")
    taken = sorted(1e3 * (shown - sent[points - 1]) for points, shown in seen[1:-1])
    return {
        "from log() to the next frame with it, median": Figure(median(taken), "ms", 500),
        "the same, slowest": Figure(taken[-1], "ms"),
    }
