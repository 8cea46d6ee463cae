"""The sections of a run configuration; those without meaning on one machine are only recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aml_magics.sdk.workspace.section import Section


@dataclass(repr=False, eq=False)
class DockerConfiguration(Section):
    """Whether a container is requested; none is used here."""

    use_docker: bool = False
    shared_volumes: bool = True
    arguments: list[str] = field(default_factory=list)
    shm_size: str | None = None


@dataclass(repr=False, eq=False)
class HistoryConfiguration(Section):
    """What Azure keeps of a run; here everything is kept."""

    output_collection: bool = True
    snapshot_project: bool = True
    directories_to_watch: list[str] = field(default_factory=lambda: ["logs"])


@dataclass(repr=False, eq=False)
class SparkConfiguration(Section):
    """Settings of Spark."""

    configuration: dict[str, Any] = field(default_factory=dict)


@dataclass(repr=False, eq=False)
class AmlComputeConfiguration(Section):
    """Settings of a cluster that Azure creates for one run."""

    vm_size: str | None = None
    vm_priority: str | None = None
    retain_cluster: bool = False
    name: str | None = None
    cluster_max_node_count: int = 1


@dataclass(repr=False, eq=False)
class MpiConfiguration(Section):
    """A run of several processes, as many on each node, with the variables of MPI."""

    process_count_per_node: int = 1
    node_count: int = 1


@dataclass(repr=False, eq=False)
class PyTorchConfiguration(Section):
    """A distributed run of PyTorch: ``process_count`` processes in all, by default one a node."""

    communication_backend: str = "Nccl"
    process_count: int | None = None
    node_count: int = 1


@dataclass(repr=False, eq=False)
class TensorflowConfiguration(Section):
    """A distributed run of TensorFlow; workers and parameter servers share the nodes."""

    worker_count: int = 1
    parameter_server_count: int = 1


@dataclass(repr=False, eq=False)
class ParallelTaskConfiguration(Section):
    """Settings of a run of many tasks."""

    max_retries_per_worker: int = 0
    worker_count_per_node: int = 1
    terminal_exit_codes: list[int] | None = None


@dataclass(repr=False, eq=False)
class HdiConfiguration(Section):
    """Settings of HDInsight."""

    yarn_deploy_mode: str = "cluster"
