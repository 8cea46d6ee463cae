"""Schedules and their slots in the catalogue."""

from __future__ import annotations

from dataclasses import replace

from aml_magics.records.pipeline.pipeline import (
    PipelineStatus,
    ScheduleRecord,
    ScheduleSlot,
    SlotState,
)

RECORD = ScheduleRecord(
    key=0,
    id="one",
    name="nightly",
    description="",
    status=PipelineStatus.ACTIVE,
    pipeline_id="p",
    endpoint_id=None,
    host="here",
    created=1.0,
    since=1.5,
    details={"catch_up": "none"},
)


def transact(store, work):
    return store.catalogue.transact(work)


def test_schedule_is_kept_and_added_once(store):
    table = store.schedules
    first = transact(store, lambda connection: table.add(connection, RECORD))
    again = transact(store, lambda connection: table.add(connection, RECORD))
    assert first == again == replace(RECORD, key=first.key)
    transact(
        store,
        lambda connection: table.change(connection, first.key, {"details": {"catch_up": 3}}),
    )
    with store.catalogue.read() as connection:
        assert table.get(connection, "one").details == {"catch_up": 3}
        assert table.get(connection, "other") is None
        assert len(table.all(connection)) == 1


def test_active_schedules_of_a_machine_are_found(store):
    table = store.schedules
    for id_, host, status in (
        ("a", "here", PipelineStatus.ACTIVE),
        ("b", "there", PipelineStatus.ACTIVE),
        ("c", "here", PipelineStatus.DISABLED),
    ):
        new = replace(RECORD, id=id_, host=host, status=status)
        transact(store, lambda connection, new=new: table.add(connection, new))
    with store.catalogue.read() as connection:
        assert [one.id for one in table.active_here(connection, "here")] == ["a"]
        assert table.is_any_here(connection, "there")
        assert not table.is_any_here(connection, "elsewhere")


def test_slot_is_claimed_once_and_settled(store):
    table = store.schedules
    key = transact(store, lambda connection: table.add(connection, RECORD)).key
    slot = ScheduleSlot(key, "2026-01-31T09:00:00Z", 5.0, SlotState.CLAIMED)
    assert transact(store, lambda connection: table.claim(connection, slot))
    assert not transact(store, lambda connection: table.claim(connection, slot))
    many = [replace(slot, slot=f"file-{number}@1", state=SlotState.SEEN) for number in range(2500)]
    transact(store, lambda connection: table.claim_all(connection, [*many, slot]))
    transact(store, lambda connection: table.claim_all(connection, []))
    transact(
        store,
        lambda connection: table.settle(connection, slot, SlotState.STARTED, run_id="run"),
    )
    with store.catalogue.read() as connection:
        [found] = table.slots(connection, key, [SlotState.STARTED])
        assert found == replace(slot, state=SlotState.STARTED, run_id="run")
        taken = table.taken(connection, key, [one.slot for one in many] + ["none@1"])
        assert len(taken) == 2500
        assert len(table.slots(connection, key, [SlotState.SEEN], 10)) == 10
