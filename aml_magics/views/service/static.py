"""Pages of services without a script: the table, one service, and the handle of one."""

from __future__ import annotations

import shlex
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from aml_magics.views.chart.metric import PointsView
from aml_magics.views.chart.static_curve import (
    overlay_html,
    sparkline_html,
    sparkline_text,
    swatch_html,
)
from aml_magics.views.run.log import error_positions
from aml_magics.views.run.static_log import BOX, lines_html
from aml_magics.views.static.element import element, joined, titled
from aml_magics.views.static.page import Drawing, Page, paragraph, tags_html
from aml_magics.views.static.status import status_cell, status_html, status_text
from aml_magics.views.static.table import Cell, Column, Table, code_cell
from aml_magics.views.text.format import (
    bytes_text,
    count_text,
    more_text,
    number_text,
    seconds_text,
    timestamp_text,
)
from aml_magics.views.text.terminal import plain
from aml_magics.views.text.typeset import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.views.service.load import LoadView
    from aml_magics.views.service.service import ServiceErrorView, ServiceModelView, ServiceView
    from aml_magics.views.service.services import ServicesView
    from aml_magics.views.static.page import Part

ROWS: Final = 100
_REVISIONS: Final = 20
_QUANTILES: Final = ("p50", "p95", "p99")


def services_page(view: ServicesView) -> Page:
    """The table of services."""
    columns = [
        Column("Service"),
        Column("State"),
        Column("Kind"),
        Column("Models"),
        Column("Revision", is_number=True),
        Column("Ready", is_number=True),
        Column("Requests/s", is_number=True),
        Column("p95", is_number=True),
        Column("Errors", is_number=True),
        Column("Last 5 min"),
        Column("Updated"),
    ]
    rows: list[list[Cell | str]] = [
        [
            Cell(row.name, css="aml-plain"),
            status_cell(row.state),
            row.kind,
            models_text(row.models),
            str(row.revision),
            f"{row.ready} of {row.replicas}",
            number_text(row.load.rate, 3),
            milliseconds_text(row.load.p95),
            f"{row.load.errors:,}",
            Cell(sparkline_text(row.recent), sparkline_html(row.recent)) if row.recent else "",
            timestamp_text(row.updated),
        ]
        for row in view.rows[:ROWS]
    ]
    more = more_text(len(view.rows), ROWS, "service")
    nothing = paragraph("No services yet. %aml deploy MODEL --entry score.py makes one.")
    label = f"{count_text(len(view.rows), 'service')} of workspace {view.workspace}"
    return Page("services", label, [Table(columns, rows, more) if rows else nothing])


def service_page(view: ServiceView) -> Page:
    """One service: its state, where it answers, its load, its replicas and revisions, the end of its log."""
    parts: list[Part | None] = [
        Drawing(lambda: _head_html(view), lambda: _head_lines(view)),
        _facts(view),
        _load(view.load),
        _replicas(view) if view.replicas else None,
        _revisions(view),
        _log(view) if view.log_tail else None,
    ]
    return Page("service", f"Service {one_line(view.name)}", parts)


def service_log_page(view: ServiceView, lines: Sequence[str]) -> Page:
    """The last lines of a service's log; HTML marks lines that look like errors."""
    if not lines:
        nothing = paragraph("The service has printed nothing.")
        return Page("log", f"Log of service {one_line(view.name)}", [nothing])
    log = Drawing(
        lambda: element("pre", {**BOX, "role": "log"}, lines_html(lines, error_positions(lines))),
        lambda: [printable(plain(line)) for line in lines],
    )
    head = Drawing(lambda: _head_html(view), lambda: _head_lines(view))
    return Page("log", f"Log of service {one_line(view.name)}", [head, log])


def service_handle_html(view: ServiceView) -> str:
    """Name, State, Models, Scoring URI, and the command that shows more: how a handle draws itself."""
    facts: dict[str, Cell | str] = {
        "Name": view.name,
        "State": status_cell(view.state),
        "Models": models_text(view.models),
        "Scoring URI": code_cell(view.scoring_uri or ""),
        "Details Page": code_cell(f"%aml service {shlex.quote(view.name)}"),
    }
    return Page("service-handle", f"Service {view.name}", [Table.of_facts(facts)]).html


def models_text(models: Sequence[ServiceModelView]) -> str:
    """``digits:3, scaler:1``."""
    return ", ".join(f"{one.name}:{one.version}" if one.version else one.name for one in models)


def milliseconds_text(value: float | None) -> str:
    """A latency: ``3.4 ms``, ``1.2 s``."""
    if value is None:
        return ""
    return f"{number_text(value, 3)} ms" if value < 1_000 else seconds_text(value / 1_000)


def _head_html(view: ServiceView) -> list[str]:
    error = view.error
    return [
        element(
            "p",
            None,
            status_html(view.state),
            " ",
            element("strong", None, one_line(view.name)),
            " ",
            element("span", {"class": "aml-muted"}, _source(view)),
        ),
        *(element("p", None, line) for line in [view.description] if line),
        *([element("p", {"class": "aml-bad"}, _error_text(error))] if error else []),
        *(element("p", {"class": "aml-muted"}, one) for one in (error.details if error else ())),
        *filter(None, [tags_html(view.tags)]),
    ]


def _head_lines(view: ServiceView) -> list[str]:
    lines = [f"{status_text(view.state)}  {one_line(view.name)}  {_source(view)}"]
    lines += [one_line(view.description)] if view.description else []
    if view.error:
        lines += [_error_text(view.error), *(f"  {one_line(one)}" for one in view.error.details)]
    return [printable(line) for line in lines]


def _source(view: ServiceView) -> str:
    old = view.answering and view.answering != view.revision
    return f"{view.kind} · revision {view.revision}" + (
        f", {view.answering} answers" if old else ""
    )


def _error_text(error: ServiceErrorView) -> str:
    return f"{error.code}: {error.message}" if error.code else error.message


def _facts(view: ServiceView) -> Table:
    facts: dict[str, Cell | str] = {
        "Models": models_text(view.models) or "none",
        "Scoring URI": code_cell(view.scoring_uri or "not yet"),
        "Authentication": view.authentication,
        "Created": timestamp_text(view.created),
        "Updated": timestamp_text(view.updated),
    }
    if view.author:
        facts["By"] = view.author
    return Table.of_facts(facts)


def _load(load: LoadView) -> Drawing:
    def lines() -> list[str]:
        if not load.times:
            return ["No requests in this time."]
        total, errors = sum(load.requests), sum(load.errors)
        last = ", ".join(
            f"{name} {milliseconds_text(value)}"
            for name, value in zip(_QUANTILES, load.latency[-1], strict=True)
        )
        return [f"{count_text(total, 'request')}, {count_text(errors, 'error')}; last {last}"]

    def html() -> list[str]:
        if not load.times:
            return [element("p", {"class": "aml-muted"}, lines()[0])]
        rates = [
            (at, count / load.width) for at, count in zip(load.times, load.requests, strict=True)
        ]
        errors = [
            (at, count / load.width) for at, count in zip(load.times, load.errors, strict=True)
        ]
        shown = [("requests/s", _points(_with_zeros(rates, load.width), load))]
        if any(load.errors):
            shown.append(("errors/s", _points(_with_zeros(errors, load.width), load)))
        quantiles = [
            (
                name,
                _points(
                    [(at, one[place]) for at, one in zip(load.times, load.latency, strict=True)],
                    load,
                ),
            )
            for place, name in enumerate(_QUANTILES)
        ]
        return [
            element("p", {"class": "aml-muted"}, lines()[0]),
            element(
                "div",
                {"class": "aml-columns"},
                _curves("Requests a second", shown),
                _curves("Latency in ms", quantiles),
            ),
        ]

    return Drawing(html, lines)


def _curves(title: str, curves: list[tuple[str, PointsView]]) -> str:
    legend = [joined(swatch_html(place), " ", name, " ") for place, (name, _) in enumerate(curves)]
    return element(
        "div",
        None,
        overlay_html(title, [points for _, points in curves]),
        element("small", None, legend),
    )


def _with_zeros(points: list[tuple[int, float]], width: int) -> list[tuple[int, float]]:
    """The same with a zero at each end of a time without requests."""
    found = points[:1]
    for (before, _), (at, value) in pairwise(points):
        if at - before > width:
            found += [(before + width, 0.0), (at - width, 0.0)]
        found.append((at, value))
    return found


def _points(points: Sequence[tuple[int, float | None]], load: LoadView) -> PointsView:
    """Points by seconds before the last reading, as a curve."""
    end = int(load.end)
    return PointsView(
        tuple(at - end for at, _ in points),
        tuple(float(at - end) for at, _ in points),
        tuple("NaN" if value is None else value for _, value in points),
    )


def _replicas(view: ServiceView) -> Table:
    columns = [
        Column("Replica"),
        Column("State"),
        Column("Revision", is_number=True),
        Column("Since"),
        Column("Busy", is_number=True),
        Column("Waiting", is_number=True),
        Column("Memory", is_number=True),
        Column("Restarts", is_number=True),
    ]
    rows: list[list[Cell | str]] = [
        [
            f"process {one.pid}",
            one.state,
            str(one.revision),
            timestamp_text(one.since),
            str(one.busy),
            str(one.waiting),
            bytes_text(one.memory),
            str(one.restarts),
        ]
        for one in view.replicas[:ROWS]
    ]
    more = more_text(len(view.replicas), ROWS, "replica")
    return Table(columns, rows, more, title="Replicas")


def _revisions(view: ServiceView) -> Table:
    columns = [
        Column("Revision"),
        Column("Created"),
        Column("Models"),
        Column("Entry script"),
        Column("Replicas"),
        Column("Changes", is_whole=True),
    ]
    rows: list[list[Cell | str]] = [
        [
            f"{one.number}{f' ({one.version})' if one.version else ''}",
            timestamp_text(one.created),
            models_text(one.models),
            one.entry_script,
            one.replicas,
            Cell("; ".join(one.changes), css="aml-whole"),
        ]
        for one in view.revisions[:_REVISIONS]
    ]
    more = more_text(len(view.revisions), _REVISIONS, "revision")
    return Table(columns, rows, more, title="Revisions")


def _log(view: ServiceView) -> Drawing:
    lines = view.log_tail
    return Drawing(
        lambda: titled("Log", element("pre", {**BOX, "role": "log"}, lines_html(lines))),
        lambda: ["log", *(printable(plain(line)) for line in lines)],
    )
