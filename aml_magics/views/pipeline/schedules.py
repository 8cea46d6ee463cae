"""Schedules: when they run what, when next, and what became of the last times."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

from aml_magics.records.pipeline.pipeline import SlotState
from aml_magics.services.pipeline import endpoint, published, schedule
from aml_magics.views.static.page import Drawing, Page, paragraph, warnings_html
from aml_magics.views.static.table import Cell, Column, Table
from aml_magics.views.text.format import count_text, iso, more_text, timestamp_text, value_text
from aml_magics.views.text.typeset import LINE, fitting_lines, printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.records.pipeline.pipeline import ScheduleRecord
    from aml_magics.store.store import Store

ROWS: Final = 100
SLOTS: Final = 50
_NOTHING: Final = (
    "No schedules. Schedule.create(workspace, name, pipeline_id, experiment_name, "
    "recurrence=ScheduleRecurrence('Day', 1)) makes one."
)


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """A schedule: ``when`` says in words how often it runs ``target``, a published pipeline or an endpoint.

    ``next`` is when it is due. ``last`` is what it was due for last, and ``last_state`` what became of that;
    ``last_run`` is the run of it. ``problem`` says why it starts nothing, or why the last run could not be started.
    """

    id: str
    name: str
    description: str
    status: str
    when: str
    target: str
    experiment: str
    next: str | None
    last: str
    last_state: str
    last_run: str | None
    problem: str


@dataclass(frozen=True, slots=True)
class SlotView:
    """A time or file that a schedule was due for; ``note`` says why it has no run."""

    slot: str
    state: str
    claimed: str | None
    run: str | None
    note: str


@dataclass(frozen=True, slots=True)
class ScheduleDetailView:
    """One schedule; ``slots`` are the latest, and there may be ``more``. ``host`` looks after it."""

    row: ScheduleView
    target_id: str
    parameters: dict[str, Any]
    catch_up: str
    host: str
    is_here: bool
    created: str | None
    since: str | None
    slots: tuple[SlotView, ...]
    more: bool


def schedule_row(
    store: Store, one: ScheduleRecord, names: Mapping[str, str], now: float
) -> ScheduleView:
    """What a list shows of a schedule.

    Args:
        names: of published pipelines and endpoints by id.
    """
    slots = schedule.history(store, one, limit=1)
    last = slots[0] if slots else None
    is_told = last is not None and last.state in (SlotState.FAILED, SlotState.MISSED)
    target = one.pipeline_id or one.endpoint_id or ""
    return ScheduleView(
        id=one.id,
        name=one.name,
        description=one.description,
        status=str(one.status),
        when=str(schedule.when_of(one)),
        target=names.get(target, target),
        experiment=one.details["experiment"],
        next=iso(schedule.next_slot(one, now)),
        last=last.slot if last else "",
        last_state=str(last.state) if last else "",
        last_run=last.run_id if last else None,
        problem=schedule.obstacle(store, one) or (last.error if last and is_told else ""),
    )


def target_names(store: Store) -> dict[str, str]:
    """The names of all published pipelines and endpoints by id."""
    names = {one.id: one.name for one in published.published(store, active_only=False)}
    return names | {one.id: one.name for one in endpoint.endpoints(store, active_only=False)}


def schedules_view(store: Store, *, active_only: bool = False) -> list[ScheduleView]:
    """The schedules of a workspace, the newest first."""
    names, now = target_names(store), time.time()
    found = schedule.schedules(store, active_only=active_only)
    return [schedule_row(store, one, names, now) for one in found]


def schedule_detail(store: Store, record: ScheduleRecord) -> ScheduleDetailView:
    """All there is of one schedule."""
    slots = schedule.history(store, record, limit=SLOTS + 1)
    return ScheduleDetailView(
        row=schedule_row(store, record, target_names(store), time.time()),
        target_id=record.pipeline_id or record.endpoint_id or "",
        parameters=record.details["parameters"],
        catch_up=str(record.details["catch_up"]),
        host=record.host,
        is_here=record.host == socket.gethostname(),
        created=iso(record.created),
        since=iso(record.since),
        slots=tuple(
            SlotView(one.slot, str(one.state), iso(one.claimed), one.run_id, one.error)
            for one in slots[:SLOTS]
        ),
        more=len(slots) > SLOTS,
    )


def schedules_page(workspace: str, rows: Sequence[ScheduleView]) -> Page:
    """The table of schedules."""
    label = f"{count_text(len(rows), 'schedule')} of workspace {workspace}"
    return Page("schedules", label, [schedule_table(rows) if rows else paragraph(_NOTHING)])


def schedule_table(rows: Sequence[ScheduleView]) -> Table:
    """Schedules, one a row."""
    columns = [
        Column("Schedule"),
        Column("Id"),
        Column("Status"),
        Column("When"),
        Column("Next", is_whole=True),
        Column("Problem"),
        Column("Runs"),
        Column("Last"),
    ]
    cells: list[list[Cell | str]] = [
        [
            one.name,
            one.id[:8],
            one.status,
            one.when,
            timestamp_text(one.next),
            one.problem,
            one.target,
            _last(one.last_state, one.last),
        ]
        for one in rows[:ROWS]
    ]
    return Table(columns, cells, more_text(len(rows), ROWS, "schedule"))


def schedule_page(view: ScheduleDetailView) -> Page:
    """Facts, and what became of the latest slots."""
    row = view.row
    moved = "" if view.is_here else f" (`%aml schedule {row.id[:8]} enable` moves it here)"
    facts = {
        "Id": row.id,
        "Status": row.status,
        "When": row.when,
        "Next": timestamp_text(row.next),
        "Runs": f"{row.target} ({view.target_id})" if row.target != view.target_id else row.target,
        "Experiment": row.experiment,
        **{f"Parameter {name}": value_text(value) for name, value in view.parameters.items()},
        "Missed times": "do not run" if view.catch_up == "none" else f"catch_up {view.catch_up}",
        "Looked after by": f"{view.host}{moved}",
        "Created": timestamp_text(view.created),
        "Enabled or edited": timestamp_text(view.since),
        "Description": row.description,
    }
    columns = [Column("Due"), Column("State"), Column("Run"), Column("Note", is_whole=True)]
    slots: list[list[Cell | str]] = [
        [one.slot.replace("T", " ").replace("Z", " UTC"), one.state, (one.run or "")[:8], one.note]
        for one in view.slots
    ]
    more = "… and earlier ones" if view.more else ""
    history = Table(columns, slots, more) if slots else paragraph("It was not due yet.")
    shown: list[list[Cell | str]] = [[name, value] for name, value in facts.items() if value]
    about = Table([Column("Schedule"), Column(row.name, is_whole=True)], shown)
    return Page(
        "schedule",
        f"Schedule {row.name}",
        [_told(row.problem) if row.problem else None, about, history],
    )


def _told(problem: str) -> Drawing:
    """A problem with its remedy, which stands at its end: whole, also in text."""
    text = printable(problem)
    return Drawing(lambda: warnings_html([text]), lambda: fitting_lines(*wrap(text, LINE)))


def _last(state: str, slot: str) -> str:
    return f"{state} {slot}".replace("T", " ").removesuffix("Z") if state else ""
