"""The page of a sweep without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.chart.metric import PointsView
from aml_magics.views.chart.static_curve import curve_html
from aml_magics.views.static.page import Drawing, Page, paragraph
from aml_magics.views.static.status import status_cell
from aml_magics.views.static.table import Cell, Column, Table
from aml_magics.views.sweep.sweep import metric_text, progress_text, trial_run, values_text
from aml_magics.views.text.format import more_text, seconds_text, value_text

if TYPE_CHECKING:
    from aml_magics.views.static.element import Markup
    from aml_magics.views.sweep.sweep import SweepTrialView, SweepView

ROWS: Final = 20
_PARAMETERS: Final = 8


def sweep_page(view: SweepView) -> Page:
    """How far the sweep is, its best trial, how the best grew, and the best trials."""
    steps = best_so_far(view)
    head = f"{view.name}: {view.status}, {progress_text(view)}"
    return Page(
        "sweep",
        f"Sweep {view.name}",
        [
            paragraph(head),
            paragraph(view.notice) if view.notice else None,
            paragraph(view.reason) if view.reason else None,
            paragraph(_best_text(view)),
            paragraph(_search_text(view)),
            Drawing(lambda: _curve(view, steps)) if len(steps) > 1 else None,
            _table(view) if view.trials else paragraph("No trial has begun."),
        ],
    )


def best_so_far(view: SweepView) -> list[tuple[int, float]]:
    """The best metric after each trial that has one, by number."""
    better = max if view.goal == "higher" else min
    found: list[tuple[int, float]] = []
    for one in view.trials:
        if isinstance(one.metric, int | float):
            value = float(one.metric)
            found.append((one.number, better(value, found[-1][1]) if found else value))
    return found


def best_first(view: SweepView) -> list[SweepTrialView]:
    """The trials, the best first; those without a metric last."""
    sign = -1 if view.goal == "higher" else 1
    return sorted(
        view.trials,
        key=lambda one: (
            (0, sign * one.metric, one.number)
            if isinstance(one.metric, int | float)
            else (1, 0.0, one.number)
        ),
    )


def _best_text(view: SweepView) -> str:
    best = view.best
    if best is None:
        return f"No trial has logged {view.metric!r}{'' if view.is_terminal else ' yet'}."
    return f"Best {view.metric}: {metric_text(best)} of trial {best.number} with {values_text(view, best)}"


def _search_text(view: SweepView) -> str:
    space = ", ".join(f"{one.name.lstrip('-')} = {one.expression}" for one in view.parameters)
    policy = f"; policy {view.policy}" if view.policy else ""
    way = "highest" if view.goal == "higher" else "lowest"
    return f"The {way} {view.metric} over {space}; sampler {view.sampler}{policy}"


def _curve(view: SweepView, steps: list[tuple[int, float]]) -> Markup:
    numbers, values = zip(*steps, strict=True)
    points = PointsView(tuple(numbers), tuple(float(one) for one in numbers), tuple(values))
    return curve_html(f"best {view.metric} so far", points, value_text(values[-1]), len(values))


def _table(view: SweepView) -> Table:
    shown = view.parameters[:_PARAMETERS]
    columns = [
        Column("Trial", is_number=True),
        Column("Status"),
        Column(view.metric, is_number=True),
        *(Column(one.name.lstrip("-"), is_number=True) for one in shown),
        Column("Time", is_number=True),
        Column("Run"),
    ]
    rows: list[list[Cell | str]] = [
        [
            str(one.number),
            status_cell(one.status) if not one.is_early else Cell("ended early"),
            metric_text(one),
            *(value_text(value) for value in one.values[:_PARAMETERS]),
            seconds_text(one.seconds),
            trial_run(view, one),
        ]
        for one in best_first(view)[:ROWS]
    ]
    return Table(columns, rows, more_text(len(view.trials) + view.more, len(rows), "trial"))
