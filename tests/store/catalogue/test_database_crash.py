"""A PostgreSQL that crashes at any moment costs nobody a run, a point or a name."""

from __future__ import annotations

import json
import random
import socketserver
import struct
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, ClassVar

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from aml_magics.errors import StoreUnavailableError
from aml_magics.sdk.run.experiment import Experiment
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.workspace import workspace as workspaces
from aml_magics.store.catalogue.catalogue import Catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fixtures.postgres import PostgresServer

STOPS = 12
_LOG_FOR_EVER = """
import itertools, json, pathlib, sys
from aml_magics.sdk.run.experiment import Experiment
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.store.catalogue import catalogue

catalogue.BUSY_SECONDS = 300.0  # a busy machine takes its time to start the server again
number, stop = sys.argv[1], pathlib.Path(sys.argv[2])
experiment = Experiment(Workspace.get("team"), f"experiment-{number}")
for count in itertools.count():
    if stop.exists():
        break
    run = experiment.start_logging(snapshot_directory=None)
    names = [f"{number}-{count}-{one}" for one in range(3)]
    for name in names:
        run.log(name, count)
    run.get_metrics()
    run.complete()
    print(json.dumps({"run": run.id, "names": names}), flush=True)
"""


@pytest.mark.timeout(900)
def test_a_dozen_crashes_cost_four_busy_processes_nothing(
    own_postgres_server: PostgresServer, tmp_path: Path
) -> None:
    place = Workspace.create("team", catalogue=own_postgres_server.create_database())
    stop, chance = tmp_path / "stop", random.Random(28)
    writers = [_writer(number, stop, tmp_path) for number in range(4)]
    try:
        while not all(_said(tmp_path, "said", number) for number in range(4)):  # each began
            assert all(writer.poll() is None for writer in writers)
            time.sleep(0.05)
        for _ in range(STOPS):
            time.sleep(chance.uniform(0, 0.25))
            own_postgres_server.stop(mode="immediate")
            own_postgres_server.start()
        stop.touch()
        ended = [writer.wait() for writer in writers]
    finally:
        for writer in writers:
            writer.kill()
        own_postgres_server.start()

    assert ended == [0] * 4, [_said(tmp_path, "wrong", number)[-5:] for number in range(4)]
    told = [json.loads(line) for number in range(4) for line in _said(tmp_path, "said", number)]
    assert told
    for one in told:
        run = place.get_run(one["run"])
        assert run.get_status() == "Completed"
        assert sorted(run.get_metrics()) == sorted(one["names"])
    workspaces.close(place.store)


def _lose(server: PostgresServer, url: str, statement: str) -> None:
    """What a crash does to a commit that was not durable: the row is gone, and every connection."""
    with create_engine(url, poolclass=NullPool).begin() as connection:
        connection.exec_driver_sql(statement)
    server.stop(mode="immediate")
    server.start()


def test_a_name_that_was_lost_is_kept_anew(postgres_server: PostgresServer) -> None:
    url = postgres_server.create_database()
    store = workspaces.create("team", catalogue=url)
    lost = store.catalogue.transact(lambda c: store.names.keys(c, ["loss"]))["loss"]
    with store.catalogue.read() as connection:
        assert store.names.texts(connection, [lost]) == {lost: "loss"}

    _lose(postgres_server, url, "DELETE FROM name")
    _lose(postgres_server, url, f"INSERT INTO name (key, text) VALUES ({lost}, 'accuracy')")

    kept = store.catalogue.transact(lambda c: store.names.keys(c, ["loss", "accuracy"]))
    with store.catalogue.read() as connection:
        assert kept["accuracy"] == lost != kept["loss"]
        assert store.names.texts(connection, kept.values()) == {
            lost: "accuracy",
            kept["loss"]: "loss",
        }
    workspaces.close(store)


def test_an_owner_that_was_lost_is_kept_anew(postgres_server: PostgresServer) -> None:
    url = postgres_server.create_database()
    place = Workspace.create("team", catalogue=url)
    for _ in range(2):  # from the second on the key is remembered
        Experiment(place, "digits").start_logging(snapshot_directory=None).complete()
    _lose(postgres_server, url, "UPDATE run SET owner = NULL; DELETE FROM owner")

    run = Experiment(place, "digits").start_logging(snapshot_directory=None)
    run.complete()

    assert run.get_status() == "Completed"
    workspaces.close(place.store)


class _StartingServer(socketserver.BaseRequestHandler):
    """Says what a PostgreSQL says that starts up: first the given refusals, then a last one."""

    refusals: ClassVar[list[str]] = []

    def handle(self) -> None:
        size, code = struct.unpack("!ii", self.request.recv(8))
        while code in (80877103, 80877104):  # it asks for TLS or GSSAPI
            self.request.sendall(b"N")
            size, code = struct.unpack("!ii", self.request.recv(8))
        self.request.recv(size)
        said = self.refusals.pop(0) if len(self.refusals) > 1 else self.refusals[0]
        fields = f"SFATAL\0VFATAL\0C57P03\0M{said}\0\0".encode()
        self.request.sendall(b"E" + struct.pack("!i", len(fields) + 4) + fields)


def test_who_connects_while_postgresql_starts_waits_for_it() -> None:
    starting = "the database system is starting up"
    _StartingServer.refusals = [starting, "the database system is not yet accepting connections"]
    _StartingServer.refusals += [starting, "no such database"]
    with socketserver.TCPServer(("127.0.0.1", 0), _StartingServer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        catalogue = Catalogue(f"postgresql://ann@127.0.0.1:{server.server_address[1]}/runs")

        with pytest.raises(StoreUnavailableError, match="no such database"), catalogue.read():
            pass

        server.shutdown()
    assert _StartingServer.refusals == ["no such database"]


def _writer(number: int, stop: Path, folder: Path) -> subprocess.Popen[bytes]:
    with (
        (folder / f"said-{number}").open("wb") as said,
        (folder / f"wrong-{number}").open("wb") as wrong,
    ):
        command = [sys.executable, "-c", _LOG_FOR_EVER, f"{number}", stop]
        return subprocess.Popen(command, stdout=said, stderr=wrong)


def _said(folder: Path, kind: str, number: int) -> list[str]:
    return (folder / f"{kind}-{number}").read_text().splitlines()
