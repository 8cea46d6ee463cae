"""Runs for the tests to look at: made by a cell, or in the lab's workspace beside the page."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aml_magics import Experiment, Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics import Run

HOSTILE: dict[str, list[str]] = json.loads(
    (Path(__file__).parents[1] / "data" / "hostile_text.json").read_text(encoding="utf-8")
)

LIVE = """%%aml_run live --param lr=0.1 --tag kind=live
import math, os, time
step, began = 0, time.monotonic()
while not os.path.exists("go") and time.monotonic() < began + 240:
    run.log("loss", math.exp(-step / 40) + 0.02 * math.sin(step))
    run.log("accuracy", 1 - math.exp(-step / 60))
    print("step", step, flush=True)
    step += 1
    time.sleep(0.05)
os.path.exists("go") and os.remove("go")
is_finished = True"""
"""A cell that goes on until there is a file ``go`` beside the notebook."""

RICH = """%%aml_run rich --param lr=0.1 depth=3 kernel=rbf --tag kind=rich --description "All that can be logged."
import math, pathlib
import numpy as np
import matplotlib.pyplot as plt
for epoch in range(5):
    run.log("epoch", epoch)
    for step in range(20):
        run.log("loss", math.exp(-(20 * epoch + step) / 30) + 0.01)
        run.log("accuracy", 1 - math.exp(-(20 * epoch + step) / 40))
run.log("final score", 0.9375)
run.log_list("weights", [0.5, 0.25, 0.125])
for fold in range(3):
    run.log_row("folds", fold=fold, score=0.9 + fold / 100)
run.log_table("scores", {"name": ["ann", "bob"], "points": [3, 4]})
run.log_confusion_matrix("confusion", {"class_labels": ["cat", "dog"], "matrix": [[8, 2], [1, 9]]})
truth = np.linspace(0, 1, 21)
tables = [[[int(10 * (1 - t)), int(8 * (t < .5)), int(10 * t), int(10 * t)] for t in truth]] * 2
run.log_accuracy_table("curves", {
    "schema_type": "accuracy_table", "schema_version": "1.0.1",
    "data": {
        "probability_tables": tables, "precision": [[]], "recall": [[]],
        "percentile_tables": tables, "class_labels": ["0", "1"],
        "probability_thresholds": list(truth), "percentile_thresholds": list(truth),
    },
})
run.log_residuals("residuals", {
    "schema_type": "residuals", "schema_version": "v1",
    "data": {"bin_edges": [-2, -1, 0, 1, 2], "bin_counts": [1, 5, 6, 2]},
})
run.log_predictions("predictions", {
    "schema_type": "predictions", "schema_version": "v1",
    "data": {
        "bin_averages": [0.25, 0.75], "bin_errors": [0.01, 0.02],
        "bin_counts": [3, 4], "bin_edges": [0, 0.5, 1],
    },
})
plt.figure(figsize=(3, 2)); plt.plot([1, 3, 2]); run.log_image("picture", plot=plt); plt.close("all")
pathlib.Path("notes.txt").write_text("a note of the run\\n"); run.upload_file("notes.txt", "notes.txt")
pathlib.Path("rows.csv").write_text("a,b\\n1,2\\n3,4\\n"); run.upload_file("rows.csv", "rows.csv")
child = run.child_run("a child"); child.log("loss", 1.5); child.complete()
print("a printed line"); print("ERROR: a bad line")"""
"""A cell whose run has something for every part of the panel."""


HOSTILE_CELL = """%%aml_run --quiet
from tests.browser.training import HOSTILE, log_hostile
payloads = HOSTILE["markup"] + [text for text in HOSTILE["addresses"]]
run.display_name = payloads[0]
log_hostile(run, payloads)
raise ValueError(payloads[0])"""
"""A cell whose run is called by markup, keeps markup everywhere, and fails with markup."""


def workspace() -> Workspace:
    """The default workspace of the lab."""
    return Workspace.from_config()


def make_run(experiment: str, name: str, *, points: int = 30, **parameters: Any) -> Run:
    """A completed run with two curves."""
    run = Experiment(workspace(), experiment).start_logging(
        display_name=name, parameters=parameters
    )
    pace = 1 + sum(map(ord, name)) % 5
    for step in range(points):
        run.log("loss", math.exp(-step * pace / 30))
        run.log("accuracy", 1 - math.exp(-step * pace / 40))
    run.complete()
    return run


def make_sweep(experiment: str, count: int) -> list[Run]:
    """Completed runs of one experiment, one value a metric."""
    owner = Experiment(workspace(), experiment)
    made = []
    for trial in range(count):
        run = owner.start_logging(
            display_name=f"trial {trial:04}", parameters={"lr": 1 / (1 + trial), "depth": trial % 8}
        )
        run.log("accuracy", math.sin(trial) ** 2)
        run.log("loss", 1 / (1 + trial % 50))
        run.complete()
        made.append(run)
    return made


def log_hostile(run: Run, payloads: Sequence[str]) -> None:
    """Put payloads wherever a run keeps text."""
    for number, payload in enumerate(payloads):
        name = _printable(payload)
        run.tag(name[:80], payload)
        run.log_parameters({name[:80]: payload})
        run.log(f"text {number}", payload)
        for step in range(3):
            run.log(name, step)
        print(payload)  # noqa: T201 -- the run keeps what is printed
    run.description = " ".join(payloads)
    run.log_table("table", {_printable(text): [text] for text in payloads})
    labels = list(payloads[:2])
    run.log_confusion_matrix("matrix", {"class_labels": labels, "matrix": [[1, 2], [3, 4]]})
    Path("page.html").write_text("\n".join(payloads), encoding="utf-8")
    Path("page.csv").write_text("\n".join(["a", *payloads]), encoding="utf-8")
    svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="window.__pwned=1"><script>window.__pwned=1</script></svg>'
    Path("drawn.svg").write_text(svg, encoding="utf-8")
    for file in ("page.html", "page.csv", "drawn.svg"):
        run.upload_file(file, file)
    run.upload_file(payloads[0], "page.html")
    run.log_image("svg", path="drawn.svg")


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())[:200]
