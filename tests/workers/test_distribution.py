from __future__ import annotations

import json
import os
import socket
import sys

import pytest

from aml_magics.errors import SubmissionError
from aml_magics.records.distribution import Distribution, Process
from aml_magics.records.run import RunError
from aml_magics.services.run import run as runs
from aml_magics.workers import distribution
from aml_magics.workers.distribution import filled, free_ports, mpi_note, ports_of, variables_of
from aml_magics.workers.process import ScriptProcess, names_of


def told(wanted, rank, given=(), ports=(21_000, 21_001, 21_002, 21_003)):
    return variables_of(wanted, wanted.processes[rank], ports, dict(given))


def test_each_process_knows_its_place_and_where_all_meet():
    found = told(Distribution("pytorch", 2, 2), 3)
    names = ("RANK", "LOCAL_RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE", "NODE_RANK")

    assert [found[name] for name in names] == ["3", "1", "4", "2", "1"]
    assert (found["MASTER_ADDR"], found["MASTER_PORT"]) == ("127.0.0.1", "21000")
    assert (found["AZUREML_PROCESS_NAME"], found["AZUREML_NODE_COUNT"]) == ("rank_3", "2")
    assert found["AZ_BATCHAI_PYTORCH_INIT_METHOD"] == "tcp://127.0.0.1:21000"
    assert found["AZ_BATCHAI_TASK_INDEX"] == "3"
    assert not any(name.startswith("OMPI") for name in found)


def test_mpi_has_the_variables_of_open_mpi():
    found = told(Distribution("mpi", 2, 2), 2)
    names = ("RANK", "SIZE", "LOCAL_RANK", "LOCAL_SIZE", "NODE_RANK")

    assert [found[f"OMPI_COMM_WORLD_{name}"] for name in names] == ["2", "4", "0", "2", "0"]
    assert found["AZ_BATCH_MASTER_NODE"] == "127.0.0.1:21000"
    assert found["AZ_BATCHAI_MPI_MASTER_NODE"] == "127.0.0.1"
    assert found["AZ_BATCH_HOST_LIST"] == "127.0.0.1,127.0.0.1"


def test_tensorflow_has_its_cluster():
    found = json.loads(told(Distribution("tensorflow", 2, 1, 2, 1), 2)["TF_CONFIG"])

    assert found["cluster"] == {
        "worker": ["127.0.0.1:21001", "127.0.0.1:21002"],
        "ps": ["127.0.0.1:21003"],
    }
    assert found["task"] == {"type": "ps", "index": 0}


@pytest.mark.skipif(sys.platform != "linux", reason="the loopback has another name")
def test_processes_listen_on_the_loopback_unless_told_otherwise():
    found = told(Distribution("pytorch"), 0, {"NCCL_SOCKET_IFNAME": "eth0"})

    assert found["GLOO_SOCKET_IFNAME"] == "lo"
    assert "NCCL_SOCKET_IFNAME" not in found


def test_ports_are_free_and_below_those_of_outgoing_connections(monkeypatch):
    assert len(set(ports_of(Distribution("tensorflow", 1, 1, 2, 1)))) == 4
    [port] = ports_of(Distribution("mpi", 2, 2))
    assert port in distribution.PORTS
    with socket.create_server(("127.0.0.1", port)):
        monkeypatch.setattr(distribution, "PORTS", range(port, port + 1))
        with pytest.raises(SubmissionError, match=r"meet on 2 free ports.*only 0 are free"):
            free_ports(2)


def test_arguments_of_older_samples_get_their_values_and_nothing_else():
    words = [
        "--rank",
        "$AZ_BATCHAI_TASK_INDEX",
        "--u=${AZ_BATCH_MASTER_NODE}",
        "$HOME",
        "$AZ_BATCH_NO",
    ]
    variables = {"AZ_BATCHAI_TASK_INDEX": "1", "AZ_BATCH_MASTER_NODE": "m:1", "HOME": "/root"}

    assert filled(words, variables) == ["--rank", "1", "--u=m:1", "$HOME", "$AZ_BATCH_NO"]


def test_who_has_a_library_of_mpi_is_told_that_there_is_no_mpirun(tmp_path):
    python = str(tmp_path / "bin" / "python")
    assert mpi_note(python) == ""
    (tmp_path / "lib" / "python3.11" / "site-packages" / "mpi4py").mkdir(parents=True)

    assert "and mpi4py of this environment would see each of them alone" in mpi_note(python)


class Ended:
    """A launcher whose process has ended: the pid is no child's, and not -1, which would wait for any child."""

    pid = os.getpid()


def ended(store, record, rank, code, log, at):
    one = ScriptProcess(store, record, Process(rank, index=rank), Ended())
    one.log.write_text(log, encoding="utf-8")
    os.utime(one.log, (at, at))
    one.reap()
    one.code = code
    return one


ERROR = (
    "[rank1]: Traceback (most recent call last):\n[rank1]:   File 'x'\n[rank1]: ValueError: bad\n"
)


def test_of_processes_that_fail_together_the_first_is_the_cause(sqlite_store):
    store, record = sqlite_store, runs.start(sqlite_store, "e")
    late = ended(store, record, 0, 1, ERROR.replace("bad", "peer is gone"), at=1_000_000_200)
    first = ended(store, record, 1, 1, ERROR, at=1_000_000_100)
    silent = ended(store, record, 2, 3, "", at=1_000_000_000)
    errors = {one: one.error({}, 3) for one in (late, first, silent)}

    assert min(errors, key=ScriptProcess.failed_before) is first
    assert (errors[first].code, errors[first].message) == ("ValueError", "Rank 1 of 3: bad")
    assert errors[silent].message == "Rank 2 of 3: The script ended with exit code 3."
    killed = ended(store, record, 3, -9, "", at=1_000_000_300)
    errors[killed] = killed.error({}, 4)
    assert min(errors, key=ScriptProcess.failed_before) is killed
    assert names_of([late, first, silent, killed]) == "rank 0, rank 1, rank 2 and 1 more"
    alone = RunError("ValueError", "bad")
    assert first.named(alone, 1) is alone
    runs.complete(store, record)
