"""What a schedule is due for, and the run that it starts then: each slot once, whoever is killed.

A slot is claimed in one transaction, by its text, which is unique; its run is submitted after that, under an id that
the slot gives it. So of two that fire the same slot one gets it, and who finds a claimed slot without a run submits
that run again, and can do so as often as it likes.

No watermark is kept: what is due follows from the clock, the recurrence and the claimed slots. So a clock that jumps
ahead and back neither silences a schedule nor fires a slot again.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import (
    AlreadyExistsError,
    AmlError,
    PipelineError,
    StoreError,
)
from aml_magics.records.pipeline.expression import Occasion, evaluated_values
from aml_magics.records.pipeline.pipeline import PipelineStatus, ScheduleSlot, SlotState
from aml_magics.services.pipeline import endpoint, published
from aml_magics.services.pipeline.schedule import LATEST, NO_CATCH_UP, slots_of
from aml_magics.services.pipeline.trigger import path_of, slot_of
from aml_magics.services.run.run import existing
from aml_magics.store.ownership import current_user

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa

    from aml_magics.records.pipeline.pipeline import ScheduleRecord
    from aml_magics.store.store import Store

LATE: Final = 60.0
"""Seconds after which a slot was missed: so much a process may be away, or busy, without a loss."""

_AHEAD: Final = 60.0
_CHANGED_SINCE: Final = 5.0
_MOST_COUNTED: Final = 1000
_CHANGED: Final = (
    "The schedule was changed or disabled after it was due, before its run could be submitted."
)


def claim_due(store: Store, record: ScheduleRecord, now: float) -> list[ScheduleSlot]:
    """Claim the slots of a recurrence that are due, the earliest first, and note those that were missed."""
    if record.since > now + _AHEAD:
        _mend_since(store, record, now)
        return []
    chosen, left = _chosen(record, now)
    if not chosen and not left:
        return []

    def work(connection: sa.Connection) -> list[ScheduleSlot]:
        if not _is_as_it_was(store, connection, record):
            return []  # it was edited while due; the next look knows how
        taken = store.schedules.taken(connection, record.key, [*chosen, *left[:1]])
        if left and left[0] not in taken:
            told = store.schedules.taken(connection, record.key, left)
            store.schedules.claim(connection, _missed(record, left, set(told), now))
        new = [
            ScheduleSlot(record.key, slot, now, SlotState.CLAIMED)
            for slot in reversed(chosen)
            if slot not in taken
        ]
        return [slot for slot in new if store.schedules.claim(connection, slot)]

    return store.catalogue.transact(work, durable=True)


def _chosen(record: ScheduleRecord, now: float) -> tuple[list[str], list[str]]:
    """The slots that run by now, and those before them that do not; the latest first."""
    past = takewhile(lambda slot: slot > record.since, slots_of(record).until(now))
    catch_up = record.details["catch_up"]
    if catch_up == NO_CATCH_UP:
        chosen: list[int] = []
        left: list[int] = []
        for slot in islice(past, _MOST_COUNTED):
            (chosen if slot > now - LATE else left).append(slot)
    else:
        chosen = list(islice(past, 1 if catch_up == LATEST else int(catch_up)))
        left = list(islice(past, _MOST_COUNTED))
    return [text_of(slot) for slot in chosen], [text_of(slot) for slot in left]


def _missed(record: ScheduleRecord, left: list[str], taken: set[str], now: float) -> ScheduleSlot:
    """One slot for all that were missed since the last one that was not."""
    missed = list(takewhile(lambda slot: slot not in taken, left))
    count = f"{len(missed):,}" + (" or more" if len(missed) == _MOST_COUNTED else "")
    what = (
        "This slot was missed"
        if len(missed) == 1
        else f"{count} slots were missed, from {missed[-1]} to {missed[0]}"
    )
    text = f"{what}: nothing looked after the schedule then, and catch_up is {record.details['catch_up']!r}."
    return ScheduleSlot(record.key, missed[0], now, SlotState.MISSED, error=text)


def claim_files(
    store: Store, record: ScheduleRecord, versions: Mapping[str, str], now: float
) -> list[ScheduleSlot]:
    """Claim those versions of files that no run has seen, by path."""

    def work(connection: sa.Connection) -> list[ScheduleSlot]:
        if not _is_as_it_was(store, connection, record):
            return []
        new = [
            ScheduleSlot(record.key, slot_of(path, version), now, SlotState.CLAIMED)
            for path, version in sorted(versions.items())
        ]
        return [slot for slot in new if store.schedules.claim(connection, slot)]

    return store.catalogue.transact(work, durable=True)


def new_files(store: Store, record: ScheduleRecord, versions: Mapping[str, str]) -> dict[str, str]:
    """Those of these versions of files that no run has seen."""
    slots = {slot_of(path, version): path for path, version in versions.items()}
    with store.catalogue.read() as connection:
        taken = store.schedules.taken(connection, record.key, list(slots))
    return {path: versions[path] for slot, path in slots.items() if slot not in taken}


def start(store: Store, record: ScheduleRecord, slot: ScheduleSlot) -> None:
    """Start the run of a claimed slot, or note why there is none.

    Raises:
        StoreError: the store is away; the slot stays claimed, and this is to be called again.
    """
    run_id, error = run_id_of(record, slot), ""
    try:
        _submit(store, record, slot, run_id)
    except StoreError:
        raise
    except AlreadyExistsError:
        pass  # another process has just submitted it
    except AmlError as failed:
        error = f"{type(failed).__name__}: {failed}"
    settle(store, slot, run_id, error)


def settle(store: Store, slot: ScheduleSlot, run_id: str, error: str = "") -> None:
    """Note that the run of a slot was started, or why it was not."""
    state = SlotState.FAILED if error else SlotState.STARTED
    store.catalogue.transact(
        lambda connection: store.schedules.settle(
            connection, slot, state, run_id=None if error else run_id, error=error
        ),
        durable=True,
    )


def note_failure(store: Store, record: ScheduleRecord, error: str, now: float) -> None:
    """Note that what a trigger watches cannot be looked at."""
    slot = ScheduleSlot(record.key, text_of(int(now)), now, SlotState.FAILED, error=error)
    store.catalogue.transact(lambda connection: store.schedules.claim(connection, slot))


def pending(store: Store, record: ScheduleRecord) -> list[ScheduleSlot]:
    """The slots that a process had claimed before it ended, the earliest first; no run is known of them.

    Those from before the schedule was edited or enabled are given up.
    """
    with store.catalogue.read() as connection:
        found = store.schedules.slots(connection, record.key, [SlotState.CLAIMED])[::-1]
    left = []
    for slot in found:
        if slot.claimed >= record.since - _CHANGED_SINCE:
            left.append(slot)
        elif existing(store, [run_id_of(record, slot)]):
            settle(store, slot, run_id_of(record, slot))
        else:
            settle(store, slot, "", _CHANGED)
    return left


def run_id_of(record: ScheduleRecord, slot: ScheduleSlot) -> str:
    """The id of the run of a slot: always the same."""
    return str(uuid.uuid5(uuid.UUID(record.id), slot.slot))


def text_of(instant: int) -> str:
    """The slot of an instant, ``2026-01-31T09:00:00Z``."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _submit(store: Store, record: ScheduleRecord, slot: ScheduleSlot, run_id: str) -> None:
    if existing(store, [run_id]):
        return
    if record.status is not PipelineStatus.ACTIVE:
        raise PipelineError(_CHANGED)
    details = record.details
    parameters = evaluated_values(details["parameters"], _occasion(slot, run_id))
    trigger = details.get("trigger")
    if trigger is not None and trigger["parameter"]:
        path = {"datastore": trigger["datastore"], "path": path_of(slot.slot)}
        parameters[trigger["parameter"]] = path
    wanted: dict[str, Any] = {
        "parameters": parameters,
        "continue_on_step_failure": details["continue_on_step_failure"],
        "schedule_id": record.id,
        "properties": {"azureml.scheduleid": record.id},
        "run_id": run_id,
    }
    if record.pipeline_id is not None:
        held = published.get(store, record.pipeline_id)
        published.submit(store, details["experiment"], held, **wanted)
    else:
        found = endpoint.get(store, id_=record.endpoint_id)
        endpoint.submit(store, details["experiment"], found, **wanted)


def _occasion(slot: ScheduleSlot, run_id: str) -> Occasion:
    """What the expressions among the parameters see; a file has no time of its own, so it is when it was noticed."""
    try:
        scheduled = datetime.fromisoformat(slot.slot).timestamp()
    except ValueError:
        scheduled = slot.claimed
    return Occasion(scheduled, time.time(), run_id, current_user())


def _is_as_it_was(store: Store, connection: sa.Connection, record: ScheduleRecord) -> bool:
    now = store.schedules.get(connection, record.id, locked=True)
    return now is not None and replace(now, name="", description="") == replace(
        record, name="", description=""
    )


def _mend_since(store: Store, record: ScheduleRecord, now: float) -> None:
    """A clock was ahead when the schedule was edited; without this it would wait until that time."""

    def work(connection: sa.Connection) -> None:
        if _is_as_it_was(store, connection, record):
            store.schedules.change(connection, record.key, {"since": now})

    store.catalogue.transact(work, durable=True)
