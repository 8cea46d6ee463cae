"""What the screen of compute targets is told, and what it may change; on either database."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from aml_magics.errors import ComputeTargetError, UsageError
from aml_magics.services.compute import registry
from aml_magics.services.compute.sighting import Sighting, Sightings
from aml_magics.services.job import submission
from aml_magics.services.job.submission import Submission, submit
from aml_magics.services.process import queue
from aml_magics.services.run.run import claim
from aml_magics.views.compute import computes as module
from aml_magics.views.compute.computes import computes_view
from aml_magics.views.screen.registry import answer, output_of, subscribe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


@pytest.fixture(autouse=True)
def _two_slots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "ensure_scheduler", lambda store: None)
    monkeypatch.setenv("AML_MAGICS_SLOTS", "2")


@pytest.fixture
def send(tmp_path: Path) -> Callable[..., RunRecord]:
    (tmp_path / "s.py").write_text("")

    def send_(store: Store, target: str, **wanted: Any) -> RunRecord:
        return submit(store, "e", Submission(tmp_path, script="s.py", target=target, **wanted))[0]

    return send_


def test_a_target_shows_its_nodes_and_its_queue(
    store: Store, send: Callable[..., RunRecord]
) -> None:
    registry.create(store, "cpu", "aml_compute", {"max_nodes": 3}, description="mine")
    runs = [
        send(store, "cpu"),
        send(store, "cpu", nodes=2),
        send(store, "cpu"),
        send(store, "local"),
    ]
    claim(store, runs[1].key)

    local, cpu = computes_view(store).rows

    assert (local.name, local.current, local.busy, local.waiting) == ("local", 2, 0, 1)
    assert (cpu.current, cpu.busy, cpu.target, cpu.allocation) == (2, 2, 3, "Resizing")
    shown = [(job.id, job.place, job.nodes) for job in cpu.jobs]
    assert shown == [(runs[1].id, None, 2), (runs[0].id, 1, 1), (runs[2].id, 2, 1)]
    assert (cpu.waiting, cpu.more, cpu.description) == (2, 0, "mine")
    assert computes_view(store, "cpu").only == "cpu"


def test_a_target_without_a_machine_says_what_is_missing(sqlite_store: Store) -> None:
    ssh = {"username": "u", "address": "host"}
    registry.create(sqlite_store, "ssh", "remote", ssh, {"password": "hush"}, is_attached=True)
    [row] = computes_view(sqlite_store, "ssh").rows

    assert (row.state, row.max_nodes, row.kind) == ("Attached", 0, "RemoteCompute")
    assert "SSH" in row.missing
    assert "hush" not in json.dumps(answer(sqlite_store, "computes", {}))


def test_a_long_queue_is_cut_and_counted(
    sqlite_store: Store, send: Callable[..., RunRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "JOBS", 2)
    registry.create(sqlite_store, "cpu", "aml_compute", {})
    for _ in range(5):
        send(sqlite_store, "cpu")
    [row] = computes_view(sqlite_store, "cpu").rows

    assert (len(row.jobs), row.more, row.waiting) == (2, 3, 5)


def test_targets_are_followed_as_they_change(
    sqlite_store: Store, send: Callable[..., RunRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aml_magics.views.compute.follow.PAUSE", 0.0)
    registry.create(sqlite_store, "cpu", "aml_compute", {})
    followed = subscribe(sqlite_store, "computes", {"compute": "cpu"})
    [first] = followed.next()
    assert followed.next() == []
    assert followed.whole() == [first]
    assert subscribe(sqlite_store, "computes", {"compute": "cpu"}, first["token"]).next() == []

    run = send(sqlite_store, "cpu")
    [event] = followed.next()
    assert [job["id"] for job in event["view"]["rows"][0]["jobs"]] == [run.id]


def test_a_target_that_is_deleted_is_gone(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aml_magics.views.compute.follow.PAUSE", 0.0)
    registry.create(sqlite_store, "cpu", "aml_compute", {})
    followed = subscribe(sqlite_store, "computes", {"compute": "cpu"})
    assert followed.next()
    registry.delete(sqlite_store, "cpu")

    [event] = followed.next()
    assert event["type"] == "gone"
    assert "has no compute target 'cpu'" in event["message"]
    assert followed.is_over
    assert followed.next() == []


def test_a_screen_scales_stops_and_deletes(sqlite_store: Store) -> None:
    store = sqlite_store
    registry.create(store, "cpu", "aml_compute", {})
    registry.create(store, "ci", "compute_instance", {})
    [row] = answer(store, "compute_scale", {"compute": "cpu", "max_nodes": 7})["rows"]
    assert row["max_nodes"] == 7
    [row] = answer(store, "compute_state", {"compute": "ci", "state": "stop"})["rows"]
    assert (row["state"], row["current"]) == ("Stopped", 0)
    [row] = answer(store, "compute_state", {"compute": "ci", "state": "start"})["rows"]
    assert (row["state"], row["current"]) == ("Running", 1)
    assert answer(store, "compute_state", {"compute": "cpu", "state": "delete"})["rows"] == ()
    with pytest.raises(ComputeTargetError, match="has no compute target 'cpu'"):
        answer(store, "computes", {"compute": "cpu"})
    with pytest.raises(UsageError):
        answer(store, "compute_scale", {"compute": "ci", "max_nodes": -1})


def test_an_output_is_small_and_has_every_form(
    sqlite_store: Store, send: Callable[..., RunRecord]
) -> None:
    registry.create(sqlite_store, "cpu", "aml_compute", {"max_nodes": 2})
    for number in range(60):
        send(sqlite_store, "cpu", name=f"<b>{number}</b>")
    bundle = output_of(sqlite_store, "computes", {}).bundle()

    assert len(json.dumps(bundle)) < 50_000
    assert "&lt;b&gt;0&lt;/b&gt;" in bundle["text/html"]
    assert "<b>0" not in bundle["text/html"]
    assert "10 more" in bundle["text/plain"]


def test_a_cluster_shows_what_was_seen_of_it_and_its_runs(
    store: Store, send: Callable[..., RunRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submission, "check_reachable", lambda record: None)
    settings = {"address": "tcp://127.0.0.1:8786"}
    registry.create(store, "c", "dask", settings, is_attached=True)
    runs = [send(store, "c"), send(store, "c")]
    claim(store, runs[0].key)

    def shown() -> tuple[object, ...]:
        [row] = computes_view(store, "c").rows
        return row.state, row.vm_size, row.current, row.max_nodes, row.busy, row.waiting

    assert shown() == ("Running", module.NOT_ASKED, 1, 1, 1, 1)
    kept = Sightings(store, "c")
    kept.keep(Sighting(2, 4, 4, ""))
    assert shown() == ("Running", "2 workers, 4 threads", 4, 4, 1, 1)
    kept.keep(Sighting(0, 0, 0, "it does not answer"))
    assert shown() == ("Unhealthy", "it does not answer", 1, 1, 1, 1)
