"""A service whose catalogue is in PostgreSQL, which goes away now and then."""

from __future__ import annotations

import os
import signal

import psutil
import pytest

from aml_magics.records.service import ServiceState
from aml_magics.services.service import deployment as deployments
from aml_magics.services.service import lock, process, registry, waiting
from aml_magics.services.workspace import workspace as workspaces
from tests.workers.supervisor.conftest import Hosting, eventually, is_gone, post


@pytest.fixture
def team(own_postgres_server):
    """A workspace in a PostgreSQL of its own."""
    catalogue = own_postgres_server.create_catalogue()
    hosting = Hosting(workspaces.create("team", catalogue=catalogue))
    yield hosting
    own_postgres_server.start()
    for one in registry.services(hosting.store):
        deployments.delete(hosting.store, one.name)
    workspaces.close(hosting.store)


def test_a_service_answers_while_its_catalogue_is_away_and_goes_on_after_it(
    team, own_postgres_server
):
    store = team.store
    record = team.deploy("digits")
    url, supervisor = record.scoring_uri, lock.pid_of(store, record)
    first = post(url, {})[1]["pid"]

    own_postgres_server.stop("immediate")
    assert [post(url, {})[0] for _ in range(20)] == [200] * 20
    os.kill(first, signal.SIGKILL)  # its state cannot be told now
    eventually(lambda: post(url, {})[0] == 200)
    os.kill(supervisor, signal.SIGHUP)  # nor can the catalogue be read
    assert post(url, {})[1]["pid"] != first
    own_postgres_server.start()

    deployments.update(store, "digits", team.deployment(revision=2))
    waiting.wait(store, "digits", timeout=120)
    assert (lock.pid_of(store, record), post(url, {})[1]["revision"]) == (supervisor, 2)

    replicas = [one.pid for one in psutil.Process(supervisor).children(recursive=True)]
    os.kill(supervisor, signal.SIGKILL)
    for pid in (supervisor, *replicas):
        eventually(lambda pid=pid: is_gone(pid))
    assert team.get("digits").error.code == "ProcessGone"
    assert [one.name for one in process.up(store)] == ["digits"]
    assert waiting.wait(store, "digits", timeout=120).port == record.port
    assert post(url, {})[1]["revision"] == 2

    assert [one.name for one in process.down(store)] == ["digits"]
    assert team.get("digits").state is ServiceState.STOPPED
    assert process.up(store)
    waiting.wait(store, "digits", timeout=120)
    assert post(url, {})[1]["revision"] == 2
