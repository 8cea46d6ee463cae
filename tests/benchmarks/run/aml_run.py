"""What ``%%aml_run`` adds to a cell, in a real kernel and as a front end sees it."""

from __future__ import annotations

import time
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING

from tests.benchmarks._bench import Bench, BrokenBenchmarkError
from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks._workspace import make_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_client.blocking.client import BlockingKernelClient

PLAIN = "x = 1"
QUIET = f"%%aml_run --quiet\n{PLAIN}"
WITH_PANEL = f"%%aml_run\n{PLAIN}"
CALM = 0.1
"""Seconds between cells, in which a kernel ends what it does in the background."""

WHILE_TYPING = 1.0
"""Seconds in which a user writes the cell that comes after ``%load_ext``."""

SECONDS = 60.0
"""How long a kernel may take over anything."""


def timed(client: BlockingKernelClient, code: str) -> float:
    """Seconds from sending a cell to its reply, with everything that it shows received."""
    began = time.perf_counter()
    reply = client.execute_interactive(
        code, timeout=SECONDS, output_hook=lambda _message: None, allow_stdin=False
    )
    taken = time.perf_counter() - began
    if reply["content"]["status"] != "ok":
        raise BrokenBenchmarkError(f"{code!r} failed: {reply['content'].get('evalue')}")
    return taken


def figures_of(client: BlockingKernelClient, cells: int) -> Figures:
    """Cells of all three kinds in turn, and then each kind in a row without a pause."""
    timed(client, "%load_ext aml_magics")
    timed(client, PLAIN)
    first = timed(client, QUIET)
    seconds: dict[str, list[float]] = {PLAIN: [], QUIET: [], WITH_PANEL: []}
    for repetition in range(cells + 1):
        for code, taken in seconds.items():
            time.sleep(CALM)
            one = timed(client, code)
            if repetition:
                taken.append(one)
    plain = median(seconds[PLAIN])
    in_a_row = {code: median(timed(client, code) for _ in range(cells)) for code in seconds}
    added = {
        "with --quiet": Figure(1e3 * (median(seconds[QUIET]) - plain), "ms", 15),
        "with its panel": Figure(1e3 * (median(seconds[WITH_PANEL]) - plain), "ms", 15),
        "with --quiet, cells without a pause": Figure(
            1e3 * (in_a_row[QUIET] - in_a_row[PLAIN]), "ms"
        ),
        "with its panel, cells without a pause": Figure(
            1e3 * (in_a_row[WITH_PANEL] - in_a_row[PLAIN]), "ms"
        ),
        "the first of a kernel, at once after %load_ext": Figure(1e3 * (first - plain), "ms"),
    }
    return {
        "a plain cell takes": Figure(1e3 * plain, "ms"),
        **{f"%%aml_run adds, {name}": figure for name, figure in added.items()},
    }


def first_added(client: BlockingKernelClient) -> float:
    """What the first run of a kernel adds, where the user takes a while to write its cell."""
    timed(client, "%load_ext aml_magics")
    plain = median(timed(client, PLAIN) for _ in range(5))
    time.sleep(WHILE_TYPING)
    return timed(client, QUIET) - plain


def measure(bench: Bench) -> Figures:
    """Kernels whose workspace is there already: one, and some more for their first runs."""
    home = bench.home()
    bench.call(home, make_workspace)
    with kernel(bench, home) as client:
        figures = figures_of(client, bench.times(30, 3))
    firsts = []
    for _ in range(bench.times(5, 1)):
        with kernel(bench, home) as client:
            firsts.append(first_added(client))
    name = "%%aml_run adds, the first of a kernel, a second after %load_ext"
    return {**figures, name: Figure(1e3 * median(firsts), "ms", 60)}


@contextmanager
def kernel(bench: Bench, home: Path) -> Iterator[BlockingKernelClient]:
    """A kernel of its own, which is ready."""
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name="python3")
    with (home / "kernel.log").open("wb") as log:
        manager.start_kernel(cwd=str(home), env=bench.environment(home), stderr=log)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=SECONDS)
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
