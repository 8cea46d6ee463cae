"""Where a machine of a cluster opens the workspace, and which machines cannot."""

from __future__ import annotations

import json
import socket
from dataclasses import asdict, replace

import pytest

from aml_magics.errors import ComputeTargetError
from aml_magics.services.job import attachment
from aml_magics.services.workspace import workspace as workspaces
from aml_magics.store.home import home, read_description
from aml_magics.workers.cluster import order as orders
from aml_magics.workers.cluster.order import Order, about_this, locate, mismatch, python_version

SHARED = {"catalogue": "postgresql://db.example/x", "artifacts": "s3://bucket/x"}


@pytest.fixture
def order():
    return Order.of(workspaces.create("w"), 5, "run-5")


def unseen(order, **record):
    """The order as a machine gets it that does not have the folder."""
    return replace(order, folder="/nowhere/w", host="laptop", record={**order.record, **record})


def test_an_order_is_plain_json(order):
    assert Order(**json.loads(json.dumps(asdict(order)))) == order
    assert (order.key, order.run_id, order.host) == (5, "run-5", socket.gethostname())


def test_a_worker_that_sees_the_folder_works_there(order):
    place = locate(order)
    assert (str(place.folder), str(place.home), place.is_away) == (order.folder, order.home, False)


def test_sqlite_on_another_machine_is_refused_and_says_what_to_do(order):
    said = (
        "does not see /nowhere/w of laptop, .*catalogue .SQLite.*PostgreSQL and artifacts in an obj"
    )
    with pytest.raises(ComputeTargetError, match=said):
        locate(unseen(order))


def test_another_workspace_at_the_same_path_is_not_taken_for_it(order):
    with pytest.raises(ComputeTargetError, match="does not see"):
        locate(replace(order, record={**order.record, "id": "another"}))


def test_sqlite_through_a_network_file_system_is_refused_on_another_machine(order, monkeypatch):
    monkeypatch.setattr(orders, "filesystem_type", lambda folder: "nfs4")
    assert not locate(order).is_away  # the machine itself
    with pytest.raises(ComputeTargetError, match=r"through a network file system.*by two machines"):
        locate(replace(order, host="laptop"))


@pytest.mark.parametrize("artifacts", ["", "/data/x", "file:///data/x"])
def test_artifacts_in_a_folder_of_the_other_machine_are_refused(order, artifacts):
    with pytest.raises(ComputeTargetError, match="does not see the artifacts of workspace 'w'"):
        locate(unseen(order, **{**SHARED, "artifacts": artifacts}))


def test_another_machine_of_the_same_name_is_refused_and_says_why(order):
    here = socket.gethostname()
    with pytest.raises(
        ComputeTargetError, match=f"of {here}, another machine of the same name, in"
    ):
        locate(replace(order, folder="/nowhere/w"))
    shared = replace(order, folder="/nowhere/w", record={**order.record, **SHARED})
    with pytest.raises(
        ComputeTargetError, match=r"has a host name of its own.*docker run --hostname"
    ):
        locate(shared)


def test_the_seal_of_an_attachment_goes_along_and_is_not_shown(order):
    store = workspaces.create("w", exist_ok=True)
    attachment.seal_path(store, "run-5").parent.mkdir()
    attachment.seal_path(store, "run-5").write_text("sealed")
    sent = Order.of(store, 5, "run-5")
    assert (order.seal, sent.seal) == ("", "sealed")
    assert "sealed" not in repr(sent)


def test_another_machine_keeps_its_journals_apart_from_its_users_workspaces(order):
    place = locate(unseen(order, **SHARED))
    assert place.is_away
    assert place.home == home() / "clusters" / order.record["id"]
    assert place.folder == place.home / "workspaces" / "w"
    assert read_description(place.folder).catalogue == SHARED["catalogue"]
    assert place.folder.stat().st_mode & 0o077 == 0
    assert [one.name for one in workspaces.list_workspaces()] == ["w"]

    moved = locate(unseen(order, **{**SHARED, "catalogue": "postgresql://new.example/x"}))
    assert moved == place
    assert read_description(place.folder).catalogue == "postgresql://new.example/x"


def test_versions_are_compared_and_both_are_said():
    here = about_this()
    assert mismatch(here["version"], python_version(), here) == ""
    said = mismatch("9.9", "3.99", {**here, "host": "node1"})
    assert said == (
        f"node1 has aml_magics {here['version']}, and 9.9 sent the run; it has Python {python_version()}, and 3.99 sent the "
        "run. Jobs and pickles are read by the same versions alone: install the same on both."
    )
