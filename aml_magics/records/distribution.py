"""Distributed training: how many processes a run has, and what each of them is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Framework = Literal["mpi", "pytorch", "tensorflow"]

PROCESS_VARIABLE: Final = "AZUREML_PROCESS_NAME"
"""Tells a process of a distributed run its name."""

TOLD: Final = frozenset(
    (
        *(PROCESS_VARIABLE, "AZUREML_NODE_COUNT", "RANK", "LOCAL_RANK", "WORLD_SIZE"),
        *("LOCAL_WORLD_SIZE", "NODE_RANK", "MASTER_ADDR", "MASTER_PORT", "TF_CONFIG"),
    )
)
TOLD_PREFIXES: Final = ("AZ_BATCH", "OMPI_")
"""Variables that tell a process of a distributed run its part in it; they are no other run's."""

MOST_PROCESSES: Final = 256
"""Processes that one run may have: each is a real one, with a log that is watched."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process of a run.

    ``kind`` is ``rank``, or of TensorFlow ``worker`` or ``ps`` (a parameter server), and ``index`` counts those
    of its kind. ``local_rank`` counts the processes of its node, which has ``local_size`` of them.
    """

    rank: int = 0
    kind: str = "rank"
    index: int = 0
    node: int = 0
    local_rank: int = 0
    local_size: int = 1

    @property
    def name(self) -> str:
        """Its name for a script, such as ``rank_1`` or ``worker_0``."""
        return f"{self.kind}_{self.index}"

    @property
    def title(self) -> str:
        """Its name for people, such as ``rank 1``."""
        return f"{'parameter server' if self.is_server else self.kind} {self.index}"

    @property
    def log_suffix(self) -> str:
        """What the name of its log ends with."""
        return str(self.index) if self.kind == "rank" else self.name

    @property
    def is_server(self) -> bool:
        """Whether it serves the others, and so never ends by itself."""
        return self.kind == "ps"


@dataclass(frozen=True, slots=True)
class Distribution:
    """How a run is spread over processes.

    ``process_count_per_node`` is for MPI and PyTorch; TensorFlow has workers and parameter servers instead, which
    the nodes share. All nodes are on the machine of the run.
    """

    framework: Framework
    node_count: int = 1
    process_count_per_node: int = 1
    worker_count: int = 0
    parameter_server_count: int = 0

    @property
    def process_count(self) -> int:
        """The number of all processes."""
        if self.framework == "tensorflow":
            return self.worker_count + self.parameter_server_count
        return self.node_count * self.process_count_per_node

    @property
    def processes(self) -> tuple[Process, ...]:
        """All processes in the order of their ranks; the first is the chief."""
        if self.framework == "tensorflow":
            names = [("worker", index) for index in range(self.worker_count)]
            names += [("ps", index) for index in range(self.parameter_server_count)]
            nodes = [index % self.node_count for _, index in names]
        else:
            names = [("rank", rank) for rank in range(self.process_count)]
            nodes = [rank // self.process_count_per_node for _, rank in names]
        return tuple(
            Process(rank, kind, index, nodes[rank], nodes[:rank].count(nodes[rank]), nodes.count(nodes[rank]))
            for rank, (kind, index) in enumerate(names)
        )  # fmt: skip


def processes_of(distribution: Distribution | None) -> tuple[Process, ...]:
    """The processes of a run: a single one without a distribution."""
    return (Process(),) if distribution is None else distribution.processes
