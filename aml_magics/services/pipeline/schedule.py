"""Schedules: made, found, edited, enabled and disabled.

No slot before the last of these fires: ``since`` is moved, so what was due before is gone. A name and a description
change nothing of that.
"""

from __future__ import annotations

import socket
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import PipelineError, PipelineNotFoundError, described, did_you_mean
from aml_magics.records.name import EXPERIMENT, SCHEDULE, check_name
from aml_magics.records.pipeline.expression import Occasion, evaluated_values, is_expression
from aml_magics.records.pipeline.pipeline import PipelineStatus, ScheduleRecord, SlotState
from aml_magics.records.pipeline.recurrence import Recurrence, Trigger
from aml_magics.records.value import plain_text
from aml_magics.services.data.store import datastore
from aml_magics.services.pipeline import endpoint, published
from aml_magics.services.pipeline.parameter import checked_values
from aml_magics.services.pipeline.recurrence import Slots, anchor_of
from aml_magics.services.pipeline.trigger import file_versions, seen
from aml_magics.services.process.controller import SCHEDULES, SCHEDULES_NAME, ensure_controller
from aml_magics.store.ownership import current_user
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa

    from aml_magics.records.pipeline.pipeline import PipelineRecord, ScheduleSlot
    from aml_magics.store.store import Store

NO_CATCH_UP: Final = "none"
"""Missed slots do not run: what Azure does."""

LATEST: Final = "latest"
MOST_CAUGHT_UP: Final = 1000
_EDITED_WHILE_DUE: Final = 5.0
"""Seconds: a slot that was due just before an edit of what it runs with is not lost."""

When = Recurrence | Trigger
CatchUp = str | int


@dataclass(frozen=True, slots=True)
class ScheduleRequest:
    """What a schedule is to be.

    ``parameters`` are the pipeline's by name; one of type ``datapath`` is ``{"datastore": …, "path": …}``, and a text may
    be an expression, ``@trigger().scheduledTime``, that every run evaluates.
    ``catch_up`` is ``none``, ``latest``, or how many of the slots that were missed run later, the latest ones.
    """

    name: str
    experiment: str
    when: When
    pipeline_id: str | None = None
    endpoint_id: str | None = None
    description: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    continue_on_step_failure: bool | None = None
    catch_up: CatchUp = NO_CATCH_UP


def create(store: Store, asked: ScheduleRequest, now: float | None = None) -> ScheduleRecord:
    """Make an active schedule, which this machine looks after.

    A recurrence without a ``start_time`` and times of the day is due at once, as in Azure.

    Raises:
        PipelineError: the recurrence, the trigger, a parameter or the pipeline's status breaks a rule.
        PipelineNotFoundError: no pipeline or endpoint has that id.
        DatastoreNotFoundError, DataAccessError: a trigger's datastore cannot be listed.
    """
    now = time.time() if now is None else now
    pipeline = _pipeline(store, asked.pipeline_id, asked.endpoint_id)
    details = {
        **_timing(asked.when, now),
        "experiment": check_name(asked.experiment, EXPERIMENT).strip(),
        "parameters": _parameters(pipeline, asked.parameters, asked.when),
        "continue_on_step_failure": asked.continue_on_step_failure,
        "catch_up": _checked_catch_up(asked.catch_up),
    }
    new = ScheduleRecord(
        key=0,
        id=str(uuid.uuid4()),
        name=check_name(asked.name, SCHEDULE),
        description=plain_text(asked.description),
        status=PipelineStatus.ACTIVE,
        pipeline_id=asked.pipeline_id,
        endpoint_id=asked.endpoint_id,
        host=socket.gethostname(),
        created=now,
        since=_since(asked.when, now),
        details=details,
    )
    versions = _versions(store, asked.when)

    def work(connection: sa.Connection) -> ScheduleRecord:
        made = store.schedules.add(connection, new)
        store.schedules.claim_all(connection, seen(made.key, versions, now))
        return made

    made = store.catalogue.transact(work, durable=True)
    ensure_controller(store, SCHEDULES, SCHEDULES_NAME)
    return made


@dataclass(frozen=True, slots=True)
class ScheduleEdit:
    """What is to change of a schedule; None stays as it is."""

    name: str | None = None
    description: str | None = None
    when: When | None = None
    parameters: Mapping[str, Any] | None = None
    status: PipelineStatus | None = None
    continue_on_step_failure: bool | None = None
    catch_up: CatchUp | None = None


def edit(store: Store, id_: str, asked: ScheduleEdit, now: float | None = None) -> ScheduleRecord:
    """Change a schedule; an active one is looked after by this machine from now on.

    Raises:
        PipelineError, PipelineNotFoundError: as :func:`create`.
    """
    now = time.time() if now is None else now
    there = get(store, id_)
    pipeline = None if asked.parameters is None else _pipeline_of(store, there)
    is_enabled = asked.status is PipelineStatus.ACTIVE and there.status is not PipelineStatus.ACTIVE
    when = asked.when or (when_of(there) if is_enabled else None)
    versions = {} if when is None else _versions(store, when)

    def work(connection: sa.Connection) -> None:
        before = store.schedules.get(connection, there.id, locked=True)
        if before is None:
            raise PipelineNotFoundError(f"Schedule {id_!r:.80} is not there any more.")
        values = _changed(before, asked, pipeline, now)
        store.schedules.change(connection, before.key, values)
        store.schedules.claim_all(connection, seen(before.key, versions, now))

    store.catalogue.transact(work, durable=True)
    made = get(store, there.id)
    if made.status is PipelineStatus.ACTIVE:
        ensure_controller(store, SCHEDULES, SCHEDULES_NAME)
    return made


def _changed(
    before: ScheduleRecord, asked: ScheduleEdit, pipeline: PipelineRecord | None, now: float
) -> dict[str, Any]:
    """The fields of a schedule that an edit sets."""
    details = dict(before.details)
    values: dict[str, Any] = {}
    if asked.name is not None:
        values["name"] = check_name(asked.name, SCHEDULE)
    if asked.description is not None:
        values["description"] = plain_text(asked.description)
    if asked.when is not None:
        details = {**_without_timing(details), **_timing(asked.when, now)}
    if pipeline is not None:
        when = asked.when or when_of(before)
        details["parameters"] = _parameters(pipeline, asked.parameters or {}, when)
    if asked.continue_on_step_failure is not None:
        details["continue_on_step_failure"] = asked.continue_on_step_failure
    if asked.catch_up is not None:
        details["catch_up"] = _checked_catch_up(asked.catch_up)
    status = before.status if asked.status is None else asked.status
    is_new_time = status != before.status or _of_time(details) != _of_time(before.details)
    if is_new_time:
        values["since"] = now
    elif details != before.details:
        values["since"] = max(before.since, now - _EDITED_WHILE_DUE)
    if status is PipelineStatus.ACTIVE:
        values["host"] = socket.gethostname()
    return {**values, "status": status, "details": details}


@retried
def get(store: Store, id_: str) -> ScheduleRecord:
    """The schedule of an id; raises PipelineNotFoundError."""
    wanted = plain_text(id_).strip()
    with store.catalogue.read() as connection:
        found = store.schedules.get(connection, wanted)
        if found is not None:
            return found
        known = store.schedules.all(connection)
    names = [one.id for one in known] + [one.name for one in known]
    raise PipelineNotFoundError(
        f"No schedule {wanted!r:.80} in workspace {store.record.name!r}.{did_you_mean(wanted, names)} "
        "`%aml schedules` lists them."
    )


def find(store: Store, text: str) -> ScheduleRecord:
    """The schedule of an id, the beginning of one, or a name; of several, the newest active one.

    Raises:
        PipelineNotFoundError: there is none.
    """
    wanted = text.strip()
    fitting = [
        one
        for one in schedules(store, active_only=False)
        if wanted and (one.name == wanted or one.id.startswith(wanted))
    ]
    active = [one for one in fitting if one.status is PipelineStatus.ACTIVE]
    return (active or fitting or [get(store, wanted)])[0]


@retried
def schedules(
    store: Store,
    *,
    active_only: bool = True,
    pipeline_id: str | None = None,
    endpoint_id: str | None = None,
) -> list[ScheduleRecord]:
    """The schedules, all or of a pipeline or an endpoint; newest first."""
    with store.catalogue.read() as connection:
        found = store.schedules.all(connection)
    return [
        one
        for one in found
        if (not active_only or one.status is PipelineStatus.ACTIVE)
        and (pipeline_id is None or one.pipeline_id == pipeline_id)
        and (endpoint_id is None or one.endpoint_id == endpoint_id)
    ]


@retried
def history(store: Store, record: ScheduleRecord, limit: int | None = None) -> list[ScheduleSlot]:
    """What a schedule was due for, and what became of it; the latest first."""
    states = [SlotState.CLAIMED, SlotState.STARTED, SlotState.FAILED, SlotState.MISSED]
    with store.catalogue.read() as connection:
        return store.schedules.slots(connection, record.key, states, limit)


@retried
def run_ids(store: Store, record: ScheduleRecord, limit: int | None = None) -> list[str]:
    """The ids of the runs that a schedule has started, the latest first."""
    with store.catalogue.read() as connection:
        found = store.schedules.slots(connection, record.key, [SlotState.STARTED], limit)
    return [one.run_id for one in found if one.run_id is not None]


def next_slot(record: ScheduleRecord, now: float) -> int | None:
    """When a schedule is due next, seconds since the epoch; None if it is not active or follows data."""
    if record.status is not PipelineStatus.ACTIVE or "recurrence" not in record.details:
        return None
    return next(slots_of(record).after(max(now, record.since)), None)


def when_of(record: ScheduleRecord) -> When:
    """The recurrence or the trigger of a schedule."""
    details = record.details
    if "recurrence" in details:
        return Recurrence.of_dict(details["recurrence"])
    return Trigger(**details["trigger"])


def slots_of(record: ScheduleRecord) -> Slots:
    """The slots of a schedule that has a recurrence."""
    return Slots(Recurrence.of_dict(record.details["recurrence"]), record.details["anchor"])


def obstacle(store: Store, record: ScheduleRecord) -> str:
    """Why an active schedule starts nothing at present; empty if it does."""
    if record.status is not PipelineStatus.ACTIVE:
        return ""
    try:
        _pipeline_of(store, record)
    except (PipelineError, PipelineNotFoundError) as error:
        return str(error)
    return ""


# -- checks -------------------------------------------------------------------------------------


def _pipeline_of(store: Store, record: ScheduleRecord) -> PipelineRecord:
    return _pipeline(store, record.pipeline_id, record.endpoint_id)


def _pipeline(store: Store, pipeline_id: str | None, endpoint_id: str | None) -> PipelineRecord:
    """The active pipeline that would run."""
    if (pipeline_id is None) is (endpoint_id is None):
        raise PipelineError(
            "A schedule runs a published pipeline or an endpoint: give pipeline_id or pipeline_endpoint_id, one of both."
        )
    if pipeline_id is not None:
        found = published.get(store, pipeline_id)
    else:
        held = endpoint.get(store, id_=endpoint_id)
        endpoint.check_active(held)
        found = endpoint.pipeline_of(store, held)
    published.check_active(found)
    return found


def _parameters(pipeline: PipelineRecord, given: Mapping[str, Any], when: When) -> dict[str, Any]:
    """The parameters as they are kept: checked now, and again with each run; expressions are kept as they are."""
    definition = pipeline.graph.definition
    expressions = {name: value for name, value in given.items() if is_expression(value)}
    checked = checked_values(definition, evaluated_values(given, _example()))
    if isinstance(when, Trigger) and when.parameter:
        paths = [one.name for one in definition.parameters if one.type == "datapath"]
        if when.parameter not in paths:
            raise PipelineError(
                f"data_path_parameter_name {when.parameter!r:.60} is no parameter of type DataPath of pipeline {pipeline.name!r:.80}."
                f"{did_you_mean(when.parameter, paths)} It has: {', '.join(paths) or 'none'}."
            )
    return {name: expressions.get(name, checked[name]) for name in given}


def _example() -> Occasion:
    """A run as a schedule may start it, to check expressions with."""
    now = time.time()
    return Occasion(now, now, str(uuid.uuid4()), current_user())


def _checked_catch_up(catch_up: CatchUp) -> CatchUp:
    is_count = isinstance(catch_up, int) and not isinstance(catch_up, bool)
    if catch_up in (NO_CATCH_UP, LATEST) or (is_count and 1 <= int(catch_up) <= MOST_CAUGHT_UP):
        return catch_up
    raise PipelineError(
        f"catch_up is {NO_CATCH_UP!r}, {LATEST!r} or how many missed slots run later, from 1 to {MOST_CAUGHT_UP:,}, "
        f"not {described(catch_up)}."
    )


# -- times --------------------------------------------------------------------------------------


def _timing(when: When, now: float) -> dict[str, Any]:
    when.check()
    if isinstance(when, Trigger):
        return {"trigger": when.to_dict()}
    return {"recurrence": when.to_dict(), "anchor": anchor_of(when, now)}


_TIMING: Final = ("recurrence", "anchor", "trigger")


def _without_timing(details: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in details.items() if name not in _TIMING}


def _of_time(details: Mapping[str, Any]) -> dict[str, Any]:
    """What decides which slots there are."""
    return {name: value for name, value in details.items() if name in (*_TIMING, "catch_up")}


def _since(when: When, now: float) -> float:
    """From when a new schedule is due: a recurrence that only counts begins with its first slot."""
    if isinstance(when, Recurrence) and when.start_time is None and not when.is_timed:
        return int(now) - 1.0
    return now


def _versions(store: Store, when: When) -> dict[str, str]:
    """The versions of files that are there already, and so start nothing."""
    if not isinstance(when, Trigger):
        return {}
    datastore.get(store, when.datastore)
    return file_versions(store, when)
