"""What each process of a distributed run is told: its rank, the others, and where they meet."""

from __future__ import annotations

import json
import re
import secrets
import socket
import sys
from typing import TYPE_CHECKING, Final

from aml_magics.errors import SubmissionError
from aml_magics.records.distribution import PROCESS_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aml_magics.records.distribution import Distribution, Process

LOOPBACK: Final = "127.0.0.1"
PORTS: Final = range(20_000, 30_000)
"""Ports that are tried: below those that Linux gives to outgoing connections, so that none takes one in between."""

_BATCH_WORD: Final = re.compile(r"\$(?:\{(AZ_BATCH\w*)\}|(AZ_BATCH\w*))")


def free_ports(count: int) -> list[int]:
    """Ports that nobody has now.

    Raises:
        SubmissionError: there are not so many.
    """
    start = secrets.randbelow(len(PORTS))  # two runs that start together try others
    found: list[int] = []
    for step in range(len(PORTS)):
        if len(found) == count:
            break
        if _is_free(port := PORTS[(start + step) % len(PORTS)]):
            found.append(port)
    if len(found) < count:
        raise SubmissionError(
            f"The processes of the run meet on {count} free ports from {PORTS.start} to {PORTS.stop - 1}; "
            f"only {len(found)} are free: end what listens there."
        )
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as one:
        try:
            one.bind(("", port))
        except OSError:
            return False
    return True


def ports_of(distribution: Distribution) -> list[int]:
    """The port of the first process, then that of each one of TensorFlow."""
    more = distribution.process_count if distribution.framework == "tensorflow" else 0
    return free_ports(1 + more)


def variables_of(
    distribution: Distribution, process: Process, ports: Sequence[int], given: Mapping[str, str]
) -> dict[str, str]:
    """The environment variables of one process.

    Args:
        ports: those of :func:`ports_of`, the same for all processes.
        given: the variables of the run; they may choose the network interface.
    """
    master = f"{LOOPBACK}:{ports[0]}"
    nodes = [LOOPBACK] * distribution.node_count
    found: dict[str, object] = {
        "RANK": process.rank,
        "LOCAL_RANK": process.local_rank,
        "WORLD_SIZE": distribution.process_count,
        "LOCAL_WORLD_SIZE": process.local_size,
        "NODE_RANK": process.node,
        "MASTER_ADDR": LOOPBACK,
        "MASTER_PORT": ports[0],
        PROCESS_VARIABLE: process.name,
        "AZUREML_NODE_COUNT": distribution.node_count,
        "AZ_BATCH_MASTER_NODE": master,
        "AZ_BATCH_HOST_LIST": ",".join(nodes),
        "AZ_BATCH_NODE_LIST": ";".join(nodes),
        "AZ_BATCHAI_MPI_MASTER_NODE": LOOPBACK,
        "AZ_BATCHAI_TASK_INDEX": process.rank,
    }
    match distribution.framework:
        case "mpi":
            found |= {
                "OMPI_COMM_WORLD_RANK": process.rank,
                "OMPI_COMM_WORLD_SIZE": distribution.process_count,
                "OMPI_COMM_WORLD_LOCAL_RANK": process.local_rank,
                "OMPI_COMM_WORLD_LOCAL_SIZE": process.local_size,
                # despite its name the rank within a node
                "OMPI_COMM_WORLD_NODE_RANK": process.local_rank,
                "OMPI_UNIVERSE_SIZE": distribution.process_count,
            }
        case "pytorch":
            found["AZ_BATCHAI_PYTORCH_INIT_METHOD"] = f"tcp://{master}"
        case "tensorflow":
            found["TF_CONFIG"] = _tensorflow(distribution, process, ports[1:])
    if sys.platform == "linux":  # they would listen on all interfaces
        chosen = ("GLOO_SOCKET_IFNAME", "NCCL_SOCKET_IFNAME")
        found |= {name: "lo" for name in chosen if name not in given}
    return {name: str(value) for name, value in found.items()}


def _tensorflow(distribution: Distribution, process: Process, ports: Sequence[int]) -> str:
    """``TF_CONFIG`` as Azure writes it: without a chief, so that worker 0 is one."""
    cluster: dict[str, list[str]] = {}
    for one, port in zip(distribution.processes, ports, strict=True):
        cluster.setdefault(one.kind, []).append(f"{LOOPBACK}:{port}")
    task = {"type": process.kind, "index": process.index}
    return json.dumps({"cluster": cluster, "task": task, "environment": "cloud"})


def filled(words: Iterable[str], variables: Mapping[str, str]) -> list[str]:
    """The words with the values of ``$AZ_BATCH…``, which older samples pass to their scripts as arguments.

    No shell sees the words, and no other variable is put in.
    """

    def value(found: re.Match[str]) -> str:
        return variables.get(found[1] or found[2], found[0])

    return [_BATCH_WORD.sub(value, word) for word in words]
