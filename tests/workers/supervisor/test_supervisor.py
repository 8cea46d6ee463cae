"""Services as real processes: what they do when scripts, processes and files misbehave."""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections import Counter
from dataclasses import replace

import psutil
import pytest

from aml_magics.errors import InvalidServiceError, ServiceExistsError, ServiceFailedError
from aml_magics.records.service import Limits, Scaling, ServiceKind, ServiceState, Traffic
from aml_magics.services.model.registration import Registration, register_local_files
from aml_magics.services.service import deployment as deployments
from aml_magics.services.service import lock, process, waiting
from aml_magics.services.service.folder import service_folder
from aml_magics.services.service.log import log
from aml_magics.services.workspace import workspace as workspaces
from aml_magics.workers.supervisor.listener import allow_many_connections
from tests.workers.supervisor.conftest import Hosting, eventually, is_gone, post

HEALTHY = ServiceState.HEALTHY


def test_a_script_that_ends_its_process_gets_500_and_the_next_request_an_answer(hosting, shared):
    before = hosting.answered(shared)["pid"]

    status, body = hosting.call(shared, exit=3)

    assert (status, "ended" in body) == (500, True)
    assert hosting.answered(shared)["pid"] != before
    eventually(lambda: hosting.replicas(shared)[0]["restarts"] == 1)
    eventually(lambda: hosting.get(shared).state is HEALTHY)
    assert "exit code 3" in log(hosting.store, hosting.get(shared))


def test_a_replica_killed_in_mid_request_is_replaced_and_the_caller_told(hosting, shared):
    pid = hosting.answered(shared)["pid"]
    answers = []
    caller = threading.Thread(target=lambda: answers.append(hosting.call(shared, sleep=60)))
    caller.start()
    eventually(lambda: hosting.replicas(shared)[0]["busy"] == 1)

    os.kill(pid, signal.SIGKILL)
    caller.join()

    assert answers[0][0] == 500
    assert hosting.answered(shared)["pid"] != pid


def test_an_update_under_eight_clients_loses_no_request(hosting, shared):
    url = hosting.get(shared).scoring_uri
    first = post(url, {})[1]["revision"]
    stopped = threading.Event()
    answers = []

    def ask():
        while not stopped.is_set():
            answers.append(post(url, {}))

    clients = [threading.Thread(target=ask) for _ in range(8)]
    for one in clients:
        one.start()
    eventually(lambda: answers)
    deployments.update(hosting.store, shared, hosting.deployment(revision=first + 1))
    waiting.wait(hosting.store, shared, timeout=120)
    eventually(lambda: answers[-1][1]["revision"] == first + 1)
    stopped.set()
    for one in clients:
        one.join()

    assert {status for status, _ in answers} == {200}
    assert {body["revision"] for _, body in answers} == {first, first + 1}
    assert hosting.get(shared).traffic[0].revision == hosting.get(shared).revision


BROKEN = {
    "InitError": "def init(): raise ValueError('no luck')\ndef run(data): pass",
    "InitMissing": "def run(data): pass",
    "RunMissing": "def init(): pass",
    "ScriptImportError": "import no_such_module",
    "ReplicaExited": "import os\ndef init(): os._exit(7)\ndef run(data): pass",
    "InitTimeout": "import time\ndef init(): time.sleep(600)\ndef run(data): pass",
}


@pytest.mark.parametrize("code", BROKEN)
def test_a_revision_that_fails_leaves_the_older_one_in_place(hosting, shared, code):
    before = hosting.answered(shared)
    broken = hosting.deployment(BROKEN[code], limits=Limits(init=1.0))

    deployments.update(hosting.store, shared, broken)
    with pytest.raises(ServiceFailedError, match=code):
        waiting.wait(hosting.store, shared, timeout=120)

    found = hosting.get(shared)
    assert (found.state, found.error.code) == (ServiceState.FAILED, code)
    assert hosting.answered(shared) == before
    assert found.traffic[0].revision < found.revision


def test_a_revision_is_rolled_back(hosting, shared):
    first = hosting.get(shared).revision
    deployments.update(hosting.store, shared, hosting.deployment(revision=2))
    waiting.wait(hosting.store, shared, timeout=120)
    assert hosting.answered(shared)["revision"] == 2

    deployments.rollback(hosting.store, shared, first)
    waiting.wait(hosting.store, shared, timeout=120)

    assert hosting.answered(shared)["revision"] == 1


def test_a_model_whose_bytes_have_changed_is_not_served(hosting, shared, tmp_path):
    (tmp_path / "weights.bin").write_bytes(b"right")
    model = register_local_files(hosting.store, tmp_path / "weights.bin", Registration("weights"))
    kept = hosting.store.blobs.local_path(model.files[0].digest)
    kept.chmod(0o600)
    kept.write_bytes(b"wrong")

    wanted = hosting.deployment(models=(model.id,))
    deployments.update(hosting.store, shared, wanted)
    with pytest.raises(ServiceFailedError, match=r"ModelChanged: .*weights\.bin"):
        waiting.wait(hosting.store, shared, timeout=120)


def test_too_much_memory_ends_the_replica_and_nothing_else(hosting, shared):
    deployments.update(hosting.store, shared, hosting.deployment(limits=Limits(memory=200_000_000)))
    waiting.wait(hosting.store, shared, timeout=120)

    status, _ = hosting.call(shared, take=400_000_000)

    assert status == 500
    assert hosting.answered(shared)["pid"]
    assert "bytes of memory" in log(hosting.store, hosting.get(shared))


def test_replicas_are_added_while_they_are_busy(hosting, shared):
    scaled = hosting.deployment(scaling=Scaling(1, 2, 70, 0.1))
    deployments.update(hosting.store, shared, scaled)
    waiting.wait(hosting.store, shared, timeout=120)
    callers = [
        threading.Thread(target=hosting.call, args=(shared,), kwargs={"sleep": 3}) for _ in range(3)
    ]
    for one in callers:
        one.start()

    eventually(lambda: len(hosting.replicas(shared)) == 2)
    for one in callers:
        one.join()


def test_a_killed_supervisor_takes_its_replicas_along_and_up_brings_it_back(hosting, shared):
    deployments.update(hosting.store, shared, hosting.deployment())
    waiting.wait(hosting.store, shared, timeout=120)
    before = hosting.get(shared)
    supervisor = lock.pid_of(hosting.store, before)
    replicas = [one.pid for one in psutil.Process(supervisor).children(recursive=True)]
    assert replicas

    os.kill(supervisor, signal.SIGKILL)

    for pid in (supervisor, *replicas):
        eventually(lambda pid=pid: is_gone(pid))
    eventually(lambda: hosting.get(shared).state is ServiceState.UNHEALTHY)
    assert "`aml-magics up shared`" in hosting.get(shared).error.message
    assert [one.name for one in process.up(hosting.store)] == [shared]
    assert waiting.wait(hosting.store, shared, timeout=120).port == before.port
    assert hosting.answered(shared)["pid"]


def test_down_and_up_keep_port_and_revision_and_respect_a_name(hosting, shared):
    before = hosting.get(shared)

    assert [one.name for one in process.down(hosting.store)] == [shared]
    assert hosting.get(shared).state is ServiceState.STOPPED
    assert process.status(hosting.store)[0].pid is None
    process.up(hosting.store)
    assert waiting.wait(hosting.store, shared, timeout=120).port == before.port

    process.down(hosting.store, shared)
    assert process.up(hosting.store) == []  # it was stopped by its name
    with socket.socket() as other:  # and while it is down another program takes its port
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", before.port))
        other.listen()
        process.up(hosting.store, shared)
        assert waiting.wait(hosting.store, shared, timeout=120).port not in (0, before.port)
    assert hosting.answered(shared)["pid"]


def test_a_port_that_was_asked_for_is_not_replaced(hosting, own):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(InvalidServiceError, match=f"Port {port} cannot be used"):
            deployments.deploy(
                hosting.store, own, ServiceKind.LOCAL, hosting.deployment(), port=port
            )
        taken = replace(hosting.deployment(), requested={"port": port})
        deployments.deploy(hosting.store, own, ServiceKind.LOCAL, taken)
        with pytest.raises(ServiceFailedError, match=f"PortInUse: Port {port}"):
            waiting.wait(hosting.store, own, timeout=120)


def test_a_first_deployment_that_fails_leaves_its_log_and_no_process(hosting, own):
    broken = hosting.deployment(BROKEN["InitError"])
    deployments.deploy(hosting.store, own, ServiceKind.ACI, broken)
    with pytest.raises(ServiceFailedError, match="no luck"):
        waiting.wait(hosting.store, own, timeout=120)

    found = hosting.get(own)
    eventually(lambda: not process.is_running(hosting.store, found))
    assert "ValueError: no luck" in log(hosting.store, found)
    with pytest.raises(ServiceExistsError, match="already exists"):
        deployments.deploy(hosting.store, own, ServiceKind.ACI, broken)

    deployments.update(hosting.store, own, hosting.deployment())
    assert waiting.wait(hosting.store, own, timeout=120).revision == 2

    folder = service_folder(hosting.store, found)
    supervisor = lock.pid_of(hosting.store, found)
    replicas = [one.pid for one in psutil.Process(supervisor).children(recursive=True)]
    deployments.delete(hosting.store, own)
    eventually(lambda: all(map(is_gone, (supervisor, *replicas))))
    assert not folder.exists()


def test_the_versions_of_an_endpoint_share_its_requests(hosting, own):
    store = hosting.store
    deployments.deploy(
        store, own, ServiceKind.AKS_ENDPOINT, hosting.deployment(revision=1), version="a"
    )
    record = deployments.update(store, own, hosting.deployment(revision=2), version="b")
    waiting.wait(store, own, timeout=120)
    first, second = record.traffic
    assert {hosting.answered(own)["revision"] for _ in range(5)} == {1}

    deployments.set_traffic(store, own, (first, replace(second, percent=100.0)))
    eventually(lambda: hosting.answered(own)["revision"] == 2)

    only = Traffic("b", second.revision)
    deployments.set_traffic(store, own, (only,))
    eventually(lambda: {one["version"] for one in hosting.replicas(own)} == {"b"})


def test_a_run_that_does_not_end_gets_504_and_the_next_request_an_answer(hosting, shared):
    deployments.update(hosting.store, shared, hosting.deployment(limits=Limits(scoring=0.5)))
    waiting.wait(hosting.store, shared, timeout=120)
    before = hosting.answered(shared)["pid"]

    assert hosting.call(shared, sleep=600) == (504, '{"message": "Scoring timeout after 500 ms"}')

    assert hosting.answered(shared)["pid"] != before
    eventually(lambda: is_gone(before))
    assert "run() does not end" in log(hosting.store, hosting.get(shared))


DEPLOYS = """
import sys, time
from pathlib import Path
from aml_magics.errors import ServiceExistsError
from aml_magics.records.service import Deployment, ServiceKind
from aml_magics.records.job import SourceFile
from aml_magics.services.service import deployment
from aml_magics.services.workspace.workspace import open_folder
store = open_folder(Path(sys.argv[1]))
code = (SourceFile("score.py", sys.argv[2], int(sys.argv[3]), 0o644),)
print("ready", flush=True)
sys.stdin.readline()
try:
    deployment.deploy(store, "own", ServiceKind.ACI, Deployment("score.py", code))
    print("deployed")
except ServiceExistsError as error:
    print(error)
"""


def test_of_two_processes_that_deploy_one_name_at_once_one_does(hosting, own):
    (file,) = hosting.deployment().code
    command = [sys.executable, "-c", DEPLOYS, hosting.store.folder, file.digest, str(file.size)]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(2)]
    assert [one.stdout.readline() for one in processes] == ["ready\n"] * 2
    for one in processes:
        one.stdin.write("go\n")
        one.stdin.flush()
    said = sorted(one.communicate()[0] for one in processes)

    assert said[0].startswith("Service with name own already exists")
    assert said[1] == "deployed\n"
    assert waiting.wait(hosting.store, own, timeout=120).revision == 1
    assert hosting.answered(own)["pid"]
    supervisor = lock.pid_of(hosting.store, hosting.get(own))
    assert len(psutil.Process(supervisor).children()) == 1


def test_a_service_ends_with_its_workspace(home):
    """Its folder is removed, and it must not come back."""
    store = workspaces.create("removed")
    removed = Hosting(store)
    record = removed.deploy("lost")
    supervisor = lock.pid_of(store, record)
    replicas = [one.pid for one in psutil.Process(supervisor).children(recursive=True)]
    url = record.scoring_uri

    shutil.rmtree(store.folder)

    assert post(url, {})[0] == 200  # what is in memory answers
    os.kill(supervisor, signal.SIGHUP)  # its next heartbeat would come
    for pid in (supervisor, *replicas):
        eventually(lambda pid=pid: is_gone(pid))
    assert not store.folder.exists()
    workspaces.close(store)


GATE = """
import os, time
def init(): pass
def run(data):
    while data and not os.path.exists(data): time.sleep(0.01)
    return "through"
"""


def test_of_a_thousand_requests_at_once_those_beyond_the_queue_are_refused_and_health_answers(
    hosting, own, tmp_path
):
    allow_many_connections()  # for this process, which is all clients
    port = hosting.deploy(own, GATE, limits=Limits(queue=100)).port
    gate = str(tmp_path / "gate").encode()
    head = b"POST /score HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: "
    answers = {}
    with contextlib.ExitStack() as stack, selectors.DefaultSelector() as selector:
        for _ in range(1000):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=120))
            client.sendall(b"%b%d\r\n\r\n%b" % (head, len(gate), gate))
            selector.register(client, selectors.EVENT_READ)

        def receive(wanted):
            while len(answers) < wanted:
                for key, _ in selector.select():
                    answers[key.fileobj] = key.fileobj.recv(65536)
                    selector.unregister(key.fileobj)

        receive(899)
        assert urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=120).read() == b"Healthy"
        assert {answer[:12] for answer in answers.values()} == {b"HTTP/1.1 429"}
        assert all(b"\r\nRetry-After: 1\r\n" in answer for answer in answers.values())
        eventually(
            lambda: (
                (hosting.replicas(own)[0]["busy"], hosting.replicas(own)[0]["waiting"]) == (1, 100)
            )
        )
        (tmp_path / "gate").touch()
        receive(1000)
    assert Counter(answer[:12] for answer in answers.values()) == {
        b"HTTP/1.1 429": 899,
        b"HTTP/1.1 200": 101,
    }
    assert hosting.replicas(own)[0]["restarts"] == 0
