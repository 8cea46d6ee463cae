"""The pages of pipelines without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.pipeline.pipeline import origin_text, progress_text
from aml_magics.views.pipeline.schedules import schedule_table
from aml_magics.views.pipeline.static_graph import graph_html
from aml_magics.views.static.page import Drawing, Page, paragraph
from aml_magics.views.static.status import status_cell
from aml_magics.views.static.table import Cell, Column, Table
from aml_magics.views.text.format import (
    count_text,
    more_text,
    seconds_text,
    short_id,
    value_text,
)

if TYPE_CHECKING:
    from aml_magics.views.pipeline.pipeline import PipelineView
    from aml_magics.views.pipeline.pipelines import PipelinesView

ROWS: Final = 40


def pipeline_page(view: PipelineView) -> Page:
    """How far the pipeline is, its steps as a graph and as a table, and its parameters."""
    came_of = origin_text(view)
    return Page(
        "pipeline",
        f"Pipeline {view.name}",
        [
            paragraph(f"{view.name}: {view.status}, {progress_text(view)}"),
            paragraph(view.reason) if view.reason else None,
            paragraph(f"Came of {came_of}") if came_of else None,
            Drawing(lambda: graph_html(view)),
            _steps(view) if view.steps else paragraph("The pipeline has no steps."),
            _parameters(view) if view.parameters else None,
        ],
    )


def pipelines_page(view: PipelinesView) -> Page:
    """Runs of pipelines, published pipelines, endpoints and schedules."""
    head = ", ".join(
        count_text(len(found), noun)
        for found, noun in (
            (view.runs, "run"),
            (view.published, "published pipeline"),
            (view.endpoints, "endpoint"),
            (view.schedules, "schedule"),
        )
    )
    return Page(
        "pipelines",
        f"Pipelines of {view.workspace}",
        [
            paragraph(head),
            _runs(view) if view.runs else paragraph("No pipeline has run."),
            _published(view) if view.published else None,
            _endpoints(view) if view.endpoints else None,
            schedule_table(view.schedules) if view.schedules else None,
        ],
    )


def _steps(view: PipelineView) -> Table:
    columns = [
        Column("Step"),
        Column("Status"),
        Column("Time", is_number=True),
        Column("Reuse"),
        Column("Run"),
    ]
    rows: list[list[Cell | str]] = [
        [
            one.name,
            status_cell(one.status),
            seconds_text(one.seconds),
            one.reuse or one.reason,
            short_id(one.run),
        ]
        for one in view.steps[:ROWS]
    ]
    return Table(columns, rows, more_text(view.total, len(rows), "step"))


def _parameters(view: PipelineView) -> Table:
    columns = [Column("Parameter"), Column("Value"), Column("Default")]
    rows: list[list[Cell | str]] = [
        [one.name, value_text(one.value), value_text(one.default)] for one in view.parameters[:ROWS]
    ]
    return Table(columns, rows, more_text(len(view.parameters), len(rows), "parameter"))


def _runs(view: PipelinesView) -> Table:
    columns = [
        Column("Pipeline"),
        Column("Status"),
        Column("Steps", is_number=True),
        Column("Reused", is_number=True),
        Column("Time", is_number=True),
        Column("Experiment"),
        Column("Run"),
    ]
    rows: list[list[Cell | str]] = [
        [
            one.name,
            status_cell(one.status),
            f"{one.done}/{one.total}",
            str(one.reused),
            seconds_text(one.seconds),
            one.experiment,
            short_id(one.id),
        ]
        for one in view.runs[:ROWS]
    ]
    more = more_text(len(view.runs), len(rows), "run")
    return Table(columns, rows, more or ("… and older ones" if view.more else ""))


def _published(view: PipelinesView) -> Table:
    columns = [
        Column("Published"),
        Column("Version"),
        Column("Status"),
        Column("Steps", is_number=True),
        Column("Parameters"),
        Column("Id", is_whole=True),
    ]
    rows: list[list[Cell | str]] = [
        [one.name, one.version, one.status, str(one.steps), ", ".join(one.parameters), one.id]
        for one in view.published[:ROWS]
    ]
    return Table(columns, rows, more_text(len(view.published), len(rows), "published pipeline"))


def _endpoints(view: PipelinesView) -> Table:
    columns = [
        Column("Endpoint"),
        Column("Status"),
        Column("Default version"),
        Column("Versions", is_number=True),
        Column("Id", is_whole=True),
    ]
    rows: list[list[Cell | str]] = [
        [one.name, one.status, one.default_version, str(len(one.pipelines)), one.id]
        for one in view.endpoints[:ROWS]
    ]
    return Table(columns, rows, more_text(len(view.endpoints), len(rows), "endpoint"))
