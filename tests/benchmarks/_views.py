"""Views as JSON, of any size, without a store behind them."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import Any

NOW = "2026-01-05T10:00:00+00:00"


def curve(name: str, points: int, phase: float = 0.0) -> dict[str, Any]:
    """A metric of so many points, decimated as the product does it."""
    import numpy as np

    from aml_magics.records.metric import MetricKind, Series
    from aml_magics.store.tables.metric import head_of
    from aml_magics.views.chart.metric import metric_view

    steps = np.arange(points)
    values = np.exp(-steps / points * 3) + np.sin(steps / 50 + phase) / 20
    series = Series(name, MetricKind.SCALAR, steps, values, steps * 0.01)
    view = dataclasses.asdict(metric_view(head_of(series), series, origin=0.0))
    plain: dict[str, Any] = json.loads(json.dumps(view))
    return plain


def run_snapshot(metrics: list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
    """What the output of a run holds."""
    view = {
        **dict(id="0" * 32, short_id="00000000", number=1, name="bench", experiment="bench"),
        **dict(type=None, target="local", status="Running", is_terminal=False, reason=""),
        **dict(error=None, description="", attempt=1, parent=None, created=NOW, started=NOW),
        **dict(ended=None, elapsed=12.0, params={"lr": 0.1}, tags={}, metrics=metrics, images=[]),
        **dict(files=[], children=[], datasets=[], log_tail=["a line"], log_size=7, warnings=[]),
        **fields,
    }
    return {"version": 1, "workspace": "bench", "view": view}


def run_rows(count: int) -> list[dict[str, Any]]:
    """Rows of a table of runs, each with two metrics and their sparklines."""
    return [
        {
            **dict(id=f"{number:032x}", short_id=f"{number:08x}", number=number),
            **dict(name=f"trial-{number}", experiment=f"sweep-{number % 7}", status="Completed"),
            **dict(reason="", started=NOW, elapsed=1.5 + number % 60, tags={"kind": "sweep"}),
            "params": {"lr": 10 ** -(number % 5), "depth": number % 12, "kernel": "rbf"},
            "metrics": {"accuracy": math.sin(number) ** 2, "loss": 1 / (1 + number)},
            "sparklines": {
                "accuracy": [math.sin(number + point / 9) for point in range(26)],
                "loss": [1 / (1 + point + number % 9) for point in range(26)],
            },
        }
        for number in range(1, count + 1)
    ]


def table_snapshot(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """What the output of a table of runs holds."""
    names = {"params": ["lr", "depth", "kernel"], "metrics": ["accuracy", "loss"]}
    return {
        "version": 1,
        "workspace": "bench",
        "query": {},
        "view": {**names, "rows": rows, "more": 0},
    }
