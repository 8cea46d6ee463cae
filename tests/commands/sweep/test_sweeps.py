from __future__ import annotations

from aml_magics.services.run import run as runs
from aml_magics.services.run.search import search


def test_sweeps_are_listed_with_their_best(ask, workspace, swept):
    frame = ask(workspace, "sweeps").value
    assert frame[["id", "metric", "trials", "total", "best"]].values.tolist() == [
        [swept.id, "acc", 3, 3, 0.9]
    ]
    assert len(ask(workspace, "sweeps", "--experiment", "sweeps").value) == 1
    runs.start(workspace.store, "sweeps")
    [found] = search(workspace.store, filter="type = hyperdrive")  # what the live table asks for
    assert found.id == swept.id
