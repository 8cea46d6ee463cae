"""What the output of a run adds to the file of a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat

from tests.benchmarks._figure import Figure, Figures

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from tests.benchmarks._bench import Bench

LOAD = "%load_ext aml_magics\nimport math, warnings"
RUN = """%%aml_run
for step in range({points}):
    run.log('loss', math.exp(-step / 3_000) + math.sin(step) / 20)"""


def size(notebook: NotebookNode) -> int:
    """Bytes of the file."""
    return len(nbformat.writes(notebook).encode())


def executed(bench: Bench, code: str, times: int) -> NotebookNode:
    """A notebook whose second cell ran some times, as its file holds it."""
    from nbclient import NotebookClient

    cells = [nbformat.v4.new_code_cell(source) for source in (LOAD, code)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    client = NotebookClient(notebook, timeout=300, kernel_name="python3")
    with client.setup_kernel(env=bench.environment(bench.home())):
        client.execute_cell(notebook.cells[0], 0)
        for _ in range(times):
            client.execute_cell(notebook.cells[1], 1)
    return notebook


def measure(bench: Bench) -> Figures:
    """A run of 10,000 points, run once and again and again."""
    points = bench.times(10_000, 500)
    code = RUN.format(points=points)
    plain = size(executed(bench, "1", 1))
    once = size(executed(bench, code, 1))
    again = bench.times(20, 2)
    more = size(executed(bench, code, again))
    return {
        f"{points:,} points add": Figure((once - plain) / 1e3, "kB", 50),
        f"the same cell run {again} times adds": Figure((more - plain) / 1e3, "kB", 50),
    }
