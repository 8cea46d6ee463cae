"""Compute targets are made, found, changed and deleted, on either database."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any

import pytest

from aml_magics.errors import (
    ComputeInUseError,
    ComputeTargetError,
    ComputeTargetNotFoundError,
    InvalidNameError,
)
from aml_magics.services.compute import registry
from aml_magics.services.job.submission import Submission, submit
from aml_magics.services.process import queue
from aml_magics.services.run.cancel import cancel

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.records.compute import ComputeRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


@pytest.fixture(autouse=True)
def _no_scheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "ensure_scheduler", lambda store: None)


def cluster(store: Store, name: str = "cpu", **settings: Any) -> ComputeRecord:
    return registry.create(store, name, "aml_compute", settings)


def queued(store: Store, folder: Path, target: str = "cpu", **wanted: Any) -> RunRecord:
    (folder / "s.py").write_text("print('x')")
    asked = Submission(folder, script="s.py", target=target, **wanted)
    return submit(store, "e", asked)[0]


def test_a_target_is_kept_with_all_of_its_settings(store: Store) -> None:
    made = registry.create(
        store,
        "your-compute-cluster",
        "aml_compute",
        {"vm_size": "STANDARD_DS11_V2", "max_nodes": 2},
        tags={"team": "a"},
        description="mine",
    )

    assert registry.get(store, "your-compute-cluster") == made
    assert registry.list_computes(store) == [made]
    assert made.settings["idle_seconds_before_scaledown"] == 1800
    assert (made.max_nodes, made.tags, made.description) == (2, {"team": "a"}, "mine")
    registry.delete(store, made.name)
    assert registry.list_computes(store) == []


def test_the_same_target_again_is_that_one_and_another_is_refused(sqlite_store: Store) -> None:
    made = cluster(sqlite_store, max_nodes=2)
    assert cluster(sqlite_store, max_nodes=2) == made
    with pytest.raises(ComputeTargetError, match="'cpu' is there already, an AmlCompute; choose"):
        cluster(sqlite_store, max_nodes=3)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("local", "The name 'local' is reserved: local, amlcompute, containerinstance"),
        ("AmlCompute", "The name 'AmlCompute' is reserved"),
        ("a b", "has letters, digits, '-', '_' and '.'"),
        ("-x", "begins with a letter or digit; '-x' does not"),
        ("", "is empty"),
        ("x" * 101, "has 101 characters"),
        (None, "is text, not NoneType"),
    ],
)
def test_a_name_that_breaks_the_rule_is_refused(
    sqlite_store: Store, name: Any, message: str
) -> None:
    with pytest.raises(InvalidNameError, match=message):
        cluster(sqlite_store, name)


def test_an_unknown_name_is_answered_with_a_near_one_and_with_what_there_is(
    sqlite_store: Store,
) -> None:
    with pytest.raises(ComputeTargetNotFoundError, match="has none; 'local' is this machine"):
        registry.get(sqlite_store, "cpu")
    cluster(sqlite_store)
    cluster(sqlite_store, "gpu")
    with pytest.raises(ComputeTargetError, match=r"Did you mean 'gpu'\? It has cpu, gpu; 'local'"):
        registry.get(sqlite_store, "ggpu")
    with pytest.raises(ComputeTargetError, match="Did you mean 'local'"):
        registry.get(sqlite_store, "loca")
    with pytest.raises(ComputeTargetError, match="is a text, not int"):
        registry.get(sqlite_store, 3)  # type: ignore[arg-type]


def test_an_unknown_setting_is_refused(sqlite_store: Store) -> None:
    with pytest.raises(ComputeTargetError, match=r"no setting 'max_node'\. Did you mean"):
        cluster(sqlite_store, max_node=3)


def test_credentials_go_to_a_private_file_and_leave_with_their_target(sqlite_store: Store) -> None:
    settings = {"username": "u", "address": "host"}
    made = registry.create(
        sqlite_store, "ssh", "remote", settings, {"password": "hush-4711"}, is_attached=True
    )
    file = sqlite_store.folder / registry.CREDENTIALS_FILE

    assert registry.credentials_of(sqlite_store, "ssh") == {"password": "hush-4711"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "hush" not in repr(made)
    assert b"hush" not in sqlite_store.catalogue.path.read_bytes()
    registry.delete(sqlite_store, "ssh")
    assert "hush" not in file.read_text()


def test_a_target_with_open_runs_is_neither_deleted_nor_stopped(
    store: Store, tmp_path: Path
) -> None:
    cluster(store)
    runs = [queued(store, tmp_path, name=f"run {number}") for number in range(7)]
    named = r"have not ended: run 0 \(Queued\), .*run 4 \(Queued\) and 2 more. Cancel them"
    with pytest.raises(ComputeInUseError, match=f"'cpu' is not deleted while .*{named}"):
        registry.delete(store, "cpu")
    with pytest.raises(ComputeInUseError, match="'cpu' is not stopped"):
        registry.set_state(store, "cpu", registry.STOPPED)

    for run in runs:
        cancel(store, run)
    registry.delete(store, "cpu")
    with pytest.raises(ComputeTargetNotFoundError):
        registry.delete(store, "cpu")


def test_a_run_is_refused_where_it_could_never_begin(sqlite_store: Store, tmp_path: Path) -> None:
    cluster(sqlite_store, max_nodes=2)
    registry.create(sqlite_store, "ci", "compute_instance", {})
    registry.set_state(sqlite_store, "ci", registry.STOPPED)
    ssh = {"username": "u", "address": "host"}
    registry.create(sqlite_store, "ssh", "remote", ssh, is_attached=True)

    for target, nodes, message in (
        ("cp", 1, "no compute target 'cp'"),
        ("cpu", 3, r"takes 3 nodes, and compute target 'cpu' has 2 at most; .*max_nodes=3"),
        ("ci", 1, r"'ci' is stopped; start\(\) starts it"),
        ("ssh", 1, "No run can go to compute target 'ssh', a RemoteCompute: .*SSH.* not made here"),
    ):
        with pytest.raises(ComputeTargetError, match=message):
            queued(sqlite_store, tmp_path, target, nodes=nodes)
    assert not list((sqlite_store.folder / "jobs").glob("*"))


def test_a_queued_run_has_its_target_and_its_nodes(store: Store, tmp_path: Path) -> None:
    cluster(store, max_nodes=3)
    record = queued(store, tmp_path, nodes=2)

    assert record.target == "cpu"
    assert record.properties["_azureml.ComputeTargetType"] == "amlcompute"
    with store.catalogue.read() as connection:
        job = store.jobs.get(connection, record.key)
        assert job is not None
        assert job.nodes == 2
        assert [one.nodes for one in store.jobs.waiting(connection, job.host)] == [2]


def test_scale_is_changed_but_not_below_what_the_queue_needs(store: Store, tmp_path: Path) -> None:
    cluster(store, max_nodes=4)
    wide = queued(store, tmp_path, nodes=3, name="wide")
    with pytest.raises(
        ComputeInUseError, match=r"cannot be 2: runs in its queue .*: wide\. Cancel"
    ):
        registry.update(store, "cpu", {"max_nodes": 2})
    with pytest.raises(ComputeTargetError, match="5 is more than 4"):
        registry.update(store, "cpu", {"min_nodes": 5})
    cancel(store, wide)

    changed = registry.update(store, "cpu", {"max_nodes": 2, "min_nodes": None})
    assert changed == registry.get(store, "cpu")
    assert (changed.max_nodes, changed.settings["min_nodes"]) == (2, 0)


def test_sqlite_finds_the_runs_of_a_target_by_their_index(sqlite_store: Store) -> None:
    query = "SELECT key FROM run WHERE target != 'local' AND target = 'x' AND ended IS NULL"
    with sqlite_store.catalogue.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}").all()
    assert "run_target" in str(plan)
