"""A cluster is reached, or it is said at once that it is not."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, Any

import pytest

from aml_magics.errors import ComputeTargetError
from aml_magics.services.compute import cluster, registry
from aml_magics.services.job import submission
from aml_magics.services.job.submission import Submission, submit
from aml_magics.services.process import controller, queue
from aml_magics.services.process.controller import (
    CLUSTER,
    ControllerLock,
    messages_path,
    start_controller,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aml_magics.records.compute import ComputeRecord
    from aml_magics.store.store import Store


@pytest.fixture(autouse=True)
def _no_scheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "ensure_scheduler", lambda store: None)


@pytest.fixture
def address() -> Iterator[str]:
    """Where something listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"


def attached(store: Store, address: str, **settings: Any) -> ComputeRecord:
    return registry.create(store, "c", "dask", {"address": address, **settings}, is_attached=True)


def asked(folder: Path, **wanted: Any) -> Submission:
    (folder / "s.py").write_text("print('x')")
    return Submission(folder, script="s.py", target="c", **wanted)


def test_a_run_for_a_cluster_that_listens_is_queued_without_this_machines_environment(
    store: Store, tmp_path: Path, address: str
) -> None:
    attached(store, address)
    record, _ = submit(store, "e", asked(tmp_path))

    assert record.target == "c"
    assert record.properties["_azureml.ComputeTargetType"] == "dask"
    assert not submission.variables_path(store, record.id).exists()


def test_a_cluster_that_has_just_answered_is_not_asked_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        record = attached(store, f"tcp://127.0.0.1:{server.getsockname()[1]}")
        submit(store, "e", asked(tmp_path))
    submit(store, "e", asked(tmp_path))

    monkeypatch.setattr(cluster, "_answered", {})
    with pytest.raises(ComputeTargetError, match="does not answer"):
        cluster.check_reachable(record)


def test_a_cluster_that_is_away_refuses_a_run_at_once(store: Store, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
    attached(store, address)
    said = f"compute target 'c' does not answer at {address} .*Connection refused.*update"

    with pytest.raises(ComputeTargetError, match=said):
        submit(store, "e", asked(tmp_path))


def test_a_run_of_several_nodes_is_refused(store: Store, tmp_path: Path, address: str) -> None:
    attached(store, address)
    with pytest.raises(ComputeTargetError, match=r"one of its machines.*process_count_per_node"):
        submit(store, "e", asked(tmp_path, nodes=2))


def test_a_cell_works_in_a_folder_of_its_own(store: Store, tmp_path: Path, address: str) -> None:
    attached(store, address)
    record, _ = submit(store, "e", asked(tmp_path, place=tmp_path, attachment=b"x"))
    with store.catalogue.read() as connection:
        job = store.jobs.get(connection, record.key)
    assert job is not None
    assert job.place is None


def test_tls_without_a_certificate_is_refused(store: Store) -> None:
    record = attached(store, "tls://10.0.0.1:8786")
    with pytest.raises(ComputeTargetError, match="by TLS, and this machine has no certificate"):
        cluster.connect(store, record)


def test_certificates_are_kept_apart_and_changed_with_the_address(store: Store) -> None:
    attached(store, "tls://10.0.0.1:8786")
    registry.update(store, "c", {"address": "tls://10.0.0.2:8786"}, {"tls_ca_file": "/ca.pem"})

    assert registry.get(store, "c").settings["address"] == "tls://10.0.0.2:8786"
    assert registry.credentials_of(store, "c") == {"tls_ca_file": "/ca.pem"}
    registry.update(store, "c", {"max_nodes": 2})
    assert registry.credentials_of(store, "c") == {"tls_ca_file": "/ca.pem"}


@pytest.mark.parametrize(
    ("wanted", "slots"),
    [
        ({}, 4),
        ({"GPU": 1}, 2),
        ({"GPU": 0.5}, 4),
        ({"GPU": 3}, 0),
        ({"TPU": 1}, 0),
        ({"m": 0.1}, 3),
    ],
)
def test_a_worker_has_room_by_threads_and_resources(wanted: dict[str, float], slots: int) -> None:
    worker = cluster.ClusterWorker("tcp://x", 4, {"GPU": 2, "m": 0.3}, 0)
    assert worker.slots(wanted) == slots


def test_one_submitter_serves_a_target(store: Store, address: str) -> None:
    attached(store, address)
    lock = ControllerLock(store, CLUSTER, "c")
    assert lock.acquire()
    assert start_controller(store, CLUSTER, "c") is None
    lock.release()


def test_a_submitter_is_started_with_its_lock(
    store: Store, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    attached(store, address)
    begin = controller.start_process
    program = ("-c", "import os, sys; os.fstat(int(sys.argv[-1]))")
    monkeypatch.setattr(
        controller, "start_process", lambda s, _, *rest, **_options: begin(s, program, *rest)
    )
    started = start_controller(store, CLUSTER, "c")
    assert started is not None
    assert started.wait() == 0, messages_path(store, CLUSTER, "c").read_text()
    assert os.access(messages_path(store, CLUSTER, "c"), os.R_OK)
