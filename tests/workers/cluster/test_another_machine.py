"""A machine of a cluster that does not see the workspace's folder: another host name, another home, the stores alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import fsspec
import psutil
import pytest

from aml_magics.magics.remote.cell import cell_submission
from aml_magics.magics.remote.shipment import pack, unpack
from aml_magics.records.status import RunStatus
from aml_magics.records.sweep.sweep import Goal
from aml_magics.services.compute import registry
from aml_magics.services.job import attachment
from aml_magics.services.job.attachment import Seal
from aml_magics.services.run import artifact, metric
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.log import read_log
from aml_magics.services.sweep import submission as sweeps
from aml_magics.services.sweep.grammar import read_expression, read_sampler
from aml_magics.services.sweep.request import SweepRequest
from aml_magics.services.sweep.result import results
from aml_magics.services.workspace import workspace as workspaces
from tests.workers.cluster.conftest import DaskCluster, attach, send_cell
from tests.workers.cluster.network import Network, Relay, certificates
from tests.workers.conftest import end_all_here, ended, home_of, now, until, until_printed


@pytest.fixture
def away(dask_cluster, tmp_path, tmp_path_factory):
    """A cluster with one machine: another host name, another home, and no sight of the folders of the tests."""
    can = subprocess.run(["unshare", "-u", "-m", "true"], check=False).returncode == 0
    if os.geteuid() != 0 or not can:
        pytest.skip("a machine of its own needs `unshare`, as root")

    def start(variables):
        for name in list(dask_cluster.workers):
            dask_cluster.kill_worker(name)
        dask_cluster.start()
        hide = (
            f'hostname node1 && mount -t tmpfs none {tmp_path_factory.getbasetemp()} && exec "$@"'
        )
        dask_cluster.start_worker(
            "away",
            prefix=("unshare", "-u", "-m", "sh", "-c", hide, "sh"),
            variables={"AML_MAGICS_HOME": str(tmp_path / "far"), **variables},
        )
        return dask_cluster

    yield start
    if "away" in dask_cluster.workers:
        dask_cluster.kill_worker("away")
    for process in psutil.process_iter():
        if home_of(process).is_relative_to(tmp_path / "far"):
            process.kill()


def test_a_workspace_in_a_folder_is_refused_by_another_machine(store, submit, away):
    attach(store, away({}))
    run = ended(store, submit("print('x')", target="dask"))
    assert (run.status, run.error.code) == (RunStatus.FAILED, "RefusedByWorker")
    assert "Worker node1 does not see" in run.error.message
    assert "Give the workspace a catalogue in PostgreSQL" in run.error.message


@pytest.fixture
def network():
    """A network of its own; skipped where none can be made."""
    for program in ("ip", "openssl"):
        if shutil.which(program) is None:
            pytest.skip(f"a worker in a network of its own needs the program {program!r}")
    try:
        made = Network()
    except subprocess.CalledProcessError as error:
        pytest.skip(f"no network namespace can be made here: {error.stderr.strip()}")
    yield made
    made.close()


@pytest.fixture
def far_team(postgres_server, s3, network, tmp_path, monkeypatch):
    """The same with a machine in a network of its own, which reaches all of it by one address, and Dask by TLS."""
    stores = [
        Relay(network.here, int(one))
        for one in (postgres_server.port, s3.endpoint.rpartition(":")[2])
    ]
    settings = {**s3.storage_options, "endpoint_url": f"http://{stores[1].address}"}
    monkeypatch.setenv("FSSPEC_S3", json.dumps(settings))
    monkeypatch.setitem(fsspec.config.conf, "s3", settings)
    near = postgres_server.create_catalogue()
    catalogue = near.replace(f"127.0.0.1:{postgres_server.port}", stores[0].address)
    store = workspaces.create("team", catalogue=catalogue, artifacts=f"{s3.url}/team")
    files = certificates(tmp_path)
    cluster = DaskCluster(tmp_path, network.here, files)
    cluster.start()
    cluster.start_worker(
        "far",
        *("--host", network.there),
        prefix=(*network.prefix, "unshare", "-u", "sh", "-c", 'hostname node2 && exec "$@"', "sh"),
        variables={"AML_MAGICS_HOME": str(tmp_path / "far"), "FSSPEC_S3": json.dumps(settings)},
    )
    given = {"address": cluster.address}
    registry.create(store, "dask", "dask", given, files, is_attached=True)
    yield store
    end_all_here()
    cluster.stop()
    for process in psutil.process_iter():
        if home_of(process).is_relative_to(tmp_path / "far"):
            process.kill()
    workspaces.close(store)
    for one in stores:
        one.close()


@pytest.fixture
def team(postgres_server, s3, away, monkeypatch):
    """A workspace in PostgreSQL and an object store, which the other machine reaches."""
    options = json.dumps(s3.storage_options)
    monkeypatch.setenv("FSSPEC_S3", options)
    monkeypatch.setitem(fsspec.config.conf, "s3", s3.storage_options)
    catalogue = postgres_server.create_catalogue()
    store = workspaces.create("team", catalogue=catalogue, artifacts=f"{s3.url}/team")
    attach(store, away({"FSSPEC_S3": options}))
    yield store
    end_all_here()
    workspaces.close(store)


def test_another_machine_shares_the_stores_alone(team, submit_to):
    """Code, outputs, metrics and the live log come through PostgreSQL and the object store."""
    store = team
    code = f"""
import os, socket, time
from azureml.core import Run
run = Run.get_context()
for i in range(50):
    run.log("n", i)
open("outputs/x.txt", "w").write(socket.gethostname())
print("ready on", socket.gethostname(), os.path.exists({str(store.folder)!r}), flush=True)
time.sleep(600)
"""
    run = submit_to(store, code, target="dask")
    until_printed(store, run, "ready on node1 False")  # while it goes on
    until(lambda: metric.get_metrics(store, run).get("n") == list(range(50)))
    assert now(store, run).status is RunStatus.RUNNING
    cancel(store, now(store, run))

    assert ended(store, run).status is RunStatus.CANCELED
    with artifact.open_file(store, run, "outputs/x.txt") as file:
        assert file.read() == b"node1"


CELL = """
import socket
import matplotlib.pyplot as plt
plt.plot([1, 2]); plt.show()
answer = {"where": socket.gethostname(), "secret": secret.upper(), "value": scaled(2)}
run.log("a", answer["value"])
answer["value"]
"""


def blobs(store):
    """The names of all that lies in the object store, but what is on its way there."""
    files, root = store.blobs._place
    files.invalidate_cache()
    found = [path for path in files.find(root) if "/incoming/" not in path]
    return {path.rpartition("/")[2]: path for path in found}


def test_a_cell_goes_to_another_machine_and_its_variables_come_back(team):
    factor = 3

    def scaled(x):
        return x * factor

    values = {"scaled": scaled, "secret": "hunter-2-the-key"}
    cell = send_cell(team, CELL, values, ["answer"])
    sent = Seal.of_text(attachment.seal_of(team, cell.id)).digest
    run = ended(team, cell)

    said = read_log(team, run)
    assert run.status is RunStatus.COMPLETED, said
    assert "in a folder of its own on node1; files beside the notebook are not there" in said
    assert metric.get_metrics(team, run)["a"] == 6
    assert any(one.name.startswith("figure_1") for one in artifact.files(team, run))
    assert not any("returned" in one.name for one in artifact.files(team, run))

    back = attachment._sent_back(team, run).digest
    kept = blobs(team)
    assert sent not in kept
    assert back in kept
    files, _ = team.blobs._place
    assert not any(b"hunter-2" in files.cat_file(path).lower() for path in kept.values())

    data = attachment.read_returned(team, run)
    answer = {"where": "node1", "secret": "HUNTER-2-THE-KEY", "value": 6}
    assert unpack(data) == {"answer": answer}
    attachment.forget_returned(team, run)
    assert attachment.read_returned(team, run) is None
    assert attachment._sent_back(team, run) is None
    assert back not in blobs(team)
    until(lambda: not list((team.folder / "jobs").glob(f"{run.id}*")))


def test_a_machine_in_a_network_of_its_own_takes_a_cell_by_tls(far_team, postgres_server):
    cell = """
import socket
def reached(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
answer = socket.gethostname(), reached(near)
run.log("a", 1)
"""
    run = ended(far_team, send_cell(far_team, cell, {"near": postgres_server.port}, ["answer"]))
    assert run.status is RunStatus.COMPLETED, read_log(far_team, run)
    assert metric.get_metrics(far_team, run) == {"a": 1}
    assert unpack(attachment.read_returned(far_team, run)) == {"answer": ("node2", False)}


def test_a_cell_that_waits_is_canceled_and_one_that_goes_on_too(team):
    cell = "import time; print('ready', flush=True); time.sleep(600)"
    going = send_cell(team, cell, {"secret": 1})
    until_printed(team, going, "ready")
    waiting = [send_cell(team, cell, {"secret": 1}) for _ in range(2)]
    digests = {Seal.of_text(attachment.seal_of(team, one.id)).digest for one in waiting}
    for one in (*waiting, going):
        cancel(team, now(team, one))
    assert {ended(team, one).status for one in (*waiting, going)} == {RunStatus.CANCELED}
    until(lambda: not digests & blobs(team).keys())
    until(lambda: not list((team.folder / "jobs").glob("*.seal")))


def test_a_sweep_of_a_cell_goes_to_another_machine(team):
    request = SweepRequest(
        sampler=read_sampler("grid"),
        space={"x": read_expression("x", "choice(1, 2)")},
        metric="acc",
        goal=Goal.MAXIMIZE,
        most_trials=2,
    )
    data, _ = pack({"factor": 10}, ["factor"])
    with cell_submission("run.log('acc', x * factor)", data, target="dask") as wanted:
        record, _ = sweeps.submit(team, "swept", request, wanted)
    sent = Seal.of_text(attachment.seal_of(team, record.id)).digest
    assert sent in blobs(team)
    swept = ended(team, record)
    assert swept.status is RunStatus.COMPLETED
    assert [one.metric for one in results(team, swept)] == [10, 20]
    until(lambda: sent not in blobs(team))
    until(lambda: not list((team.folder / "jobs").glob("*.seal")))


def test_a_variable_whose_module_the_other_machine_lacks_is_named(team, tmp_path, monkeypatch):
    (tmp_path / "beside_the_notebook.py").write_text("def helper(): pass")
    monkeypatch.syspath_prepend(tmp_path)
    import beside_the_notebook

    run = ended(team, send_cell(team, "helper()", {"helper": beside_the_notebook.helper}))
    assert run.status is RunStatus.FAILED
    assert "'helper' needs the module 'beside_the_notebook', which node1 does not" in run.reason
