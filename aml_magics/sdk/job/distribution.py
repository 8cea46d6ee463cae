"""Distributed training in run configurations: which processes are asked for, and whether that can be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.errors import SubmissionError, described, did_you_mean
from aml_magics.records.distribution import MOST_PROCESSES, Distribution, Framework
from aml_magics.sdk.job.run_configuration_section import (
    MpiConfiguration,
    PyTorchConfiguration,
    TensorflowConfiguration,
)
from aml_magics.sdk.workspace.section import Section

if TYPE_CHECKING:
    from aml_magics.sdk.job.run_configuration import RunConfiguration

_NONE: Final = "None"
_MPI: Final = "IntelMpi"
_SERVERS: Final = "ParameterServer"
_COMMUNICATORS: Final[dict[str, Framework]] = {
    _MPI: "mpi",
    "OpenMpi": "mpi",
    "Mpi": "mpi",
    "Nccl": "pytorch",
    "Gloo": "pytorch",
    _SERVERS: "tensorflow",
}
"""Azure's communicators, and who starts the processes."""

_FRAMEWORKS: Final = {"pytorch": "PyTorch", "tensorflow": "TensorFlow"}


@dataclass(repr=False, eq=False)
class Mpi(MpiConfiguration):
    """The older form of ``MpiConfiguration``, for estimators."""


@dataclass(repr=False, eq=False)
class ParameterServer(TensorflowConfiguration):
    """The older form of ``TensorflowConfiguration``, for estimators."""


@dataclass(repr=False, eq=False)
class Nccl(Section):
    """The older form of ``PyTorchConfiguration``, for estimators: one process a node."""


@dataclass(repr=False, eq=False)
class Gloo(Section):
    """As :class:`Nccl`, with the other backend of PyTorch."""


def distribute(config: RunConfiguration, job: object) -> None:
    """Make a run configuration distributed as ``distributed_job_config`` says.

    Raises:
        SubmissionError: it is of another type, or the configuration names another framework.
    """
    if job is None:
        return
    if isinstance(job, MpiConfiguration):
        config.mpi = job
        communicator = _MPI
    elif isinstance(job, PyTorchConfiguration):
        config.pytorch = job
        communicator = str(job.communication_backend)
    elif isinstance(job, TensorflowConfiguration):
        config.tensorflow = job
        communicator = _SERVERS
    else:
        raise SubmissionError(
            "distributed_job_config is an MpiConfiguration, PyTorchConfiguration or TensorflowConfiguration, "
            f"not {described(job)}."
        )
    if config.node_count == 1:  # else both are compared when it is submitted
        config.node_count = getattr(job, "node_count", 1)
    before = str(config.communicator)
    if _framework(before) not in (None, _framework(communicator)):
        raise SubmissionError(
            f"The run_config has communicator {before!r}, and distributed_job_config is a "
            f"{type(job).__name__}: a run has one of them; leave the other out."
        )
    config.communicator = communicator
    wanted = _FRAMEWORKS.get(_framework(communicator) or "")
    if wanted is not None and config.framework == "Python":
        config.framework = wanted


def distribution_of(config: RunConfiguration) -> Distribution | None:
    """The processes that a run configuration asks for; None for a single one.

    Raises:
        SubmissionError: a number that cannot be, or settings that do not fit together.
    """
    framework = _framework(str(config.communicator))
    if framework is None:
        _refuse_unused(config)
        return None
    _check_framework(config, framework)
    match framework:
        case "mpi":
            made = _mpi(config)
        case "pytorch":
            made = _pytorch(config)
        case "tensorflow":
            made = _tensorflow(config)
    if made.process_count > MOST_PROCESSES:
        raise SubmissionError(
            f"A run has at most {MOST_PROCESSES} processes, all on this machine, not {made.process_count:,}; ask for fewer."
        )
    return made


@dataclass(frozen=True, slots=True)
class EstimatorProcesses:
    """The numbers of nodes and processes that an estimator is given beside its ``distributed_training``."""

    node_count: int = 1
    process_count_per_node: int = 1
    worker_count: int = 1
    parameter_server_count: int = 1

    def distribute(
        self,
        config: RunConfiguration,
        backend: str | None,
        training: object,
        allowed: tuple[str, ...],
    ) -> None:
        """Make a run configuration distributed.

        Args:
            backend: ``distributed_backend``, the older way to say ``training``.
            allowed: the backends that the estimator has.

        Raises:
            SubmissionError: both were given, or one that the estimator has not.
        """
        config.node_count = self.node_count
        if backend is not None and training is not None:
            raise SubmissionError(
                "distributed_backend and distributed_training say the same thing; give distributed_training alone."
            )
        if backend is not None:
            training = self._of_backend(backend, allowed)
        if training is None:
            config.mpi.process_count_per_node = self.process_count_per_node
            return  # where more than one process is asked for, submitting refuses it
        if _backend(training) not in allowed:
            raise SubmissionError(
                f"distributed_training of this estimator is one of {', '.join(map(_class_of, allowed))}, "
                f"not {described(training)}."
            )
        distribute(config, self._job(training))

    def _of_backend(self, backend: str, allowed: tuple[str, ...]) -> object:
        name = str(backend).lower()
        if name not in allowed:
            raise SubmissionError(
                f"distributed_backend of this estimator is one of {', '.join(allowed)}, not {backend!r:.80}."
                f"{did_you_mean(name, list(allowed))}"
            )
        if name == "ps":
            return ParameterServer(self.worker_count, self.parameter_server_count)
        return {"mpi": Mpi, "gloo": Gloo, "nccl": Nccl}[name]()

    def _job(self, training: object) -> object:
        """The configuration that says the same as an estimator's."""
        if isinstance(training, Gloo | Nccl):
            count = _count("process_count_per_node", self.process_count_per_node)
            nodes = _count("node_count", self.node_count)
            return PyTorchConfiguration(type(training).__name__, count * nodes, nodes)
        if isinstance(training, MpiConfiguration) and training.process_count_per_node == 1:
            return Mpi(self.process_count_per_node, training.node_count)
        return training


def _backend(training: object) -> str:
    if isinstance(training, MpiConfiguration):
        return "mpi"
    if isinstance(training, TensorflowConfiguration):
        return "ps"
    if isinstance(training, PyTorchConfiguration):
        return str(training.communication_backend).lower()
    return type(training).__name__.lower() if isinstance(training, Gloo | Nccl) else ""


def _class_of(backend: str) -> str:
    return {"mpi": "Mpi()", "ps": "ParameterServer()", "gloo": "Gloo()", "nccl": "Nccl()"}[backend]


def _framework(communicator: str) -> Framework | None:
    if communicator in ("", _NONE):
        return None
    for name, framework in _COMMUNICATORS.items():
        if name.lower() == communicator.lower():
            return framework
    raise SubmissionError(
        f"There is no communicator {communicator!r:.80}.{did_you_mean(communicator, list(_COMMUNICATORS))} "
        f"It is one of {', '.join(_COMMUNICATORS)}, or {_NONE} for a single process."
    )


def _check_framework(config: RunConfiguration, framework: Framework) -> None:
    """Refuse a framework that the communicator is not for; with MPI any can be used."""
    wanted = _FRAMEWORKS.get(framework)
    given = str(config.framework)
    if wanted is None and given != "PySpark":
        return
    if given.lower() not in ("python", str(wanted).lower()):
        raise SubmissionError(
            f"The communicator {config.communicator!r} is for {wanted or 'Python'}, and the framework is {given!r}: "
            f"set framework to {wanted or 'Python'!r}, or take another communicator."
        )


def _refuse_unused(config: RunConfiguration) -> None:
    """Refuse numbers of processes or nodes that would have no effect."""
    asked = {
        "node_count": config.node_count,
        "mpi.process_count_per_node": config.mpi.process_count_per_node,
        "mpi.node_count": config.mpi.node_count,
        "pytorch.process_count": config.pytorch.process_count,
        "pytorch.node_count": config.pytorch.node_count,
    }
    for name, value in asked.items():
        if value not in (1, None) or isinstance(value, bool):
            _count(name, value)
            raise SubmissionError(
                f"{name}={value} asks for several processes, and nothing says how they find each other: "
                "give ScriptRunConfig a distributed_job_config, or an estimator distributed_training."
            )


def _mpi(config: RunConfiguration) -> Distribution:
    nodes = _nodes(config, config.mpi.node_count)
    each = _count("process_count_per_node", config.mpi.process_count_per_node)
    return Distribution("mpi", nodes, each)


def _pytorch(config: RunConfiguration) -> Distribution:
    nodes = _nodes(config, config.pytorch.node_count)
    given = config.pytorch.process_count
    total = nodes if given is None else _count("process_count", given)
    if total % nodes:
        raise SubmissionError(
            f"process_count is the number of all processes, as many on each node: {total} cannot be shared "
            f"by node_count={nodes}; take a multiple of {nodes}."
        )
    return Distribution("pytorch", nodes, total // nodes)


def _tensorflow(config: RunConfiguration) -> Distribution:
    workers = _count("worker_count", config.tensorflow.worker_count)
    servers = _count("parameter_server_count", config.tensorflow.parameter_server_count, least=0)
    given = _count("node_count", config.node_count)
    nodes = workers if given == 1 else given
    if nodes > workers + servers:
        raise SubmissionError(
            f"node_count={nodes} is more than the {workers + servers} processes of worker_count={workers} and "
            f"parameter_server_count={servers}: a node without a process has no use; ask for fewer nodes."
        )
    return Distribution("tensorflow", nodes, 1, workers, servers)


def _nodes(config: RunConfiguration, own: object) -> int:
    """The number of nodes, which stands in two places."""
    outer, inner = _count("node_count", config.node_count), _count("node_count", own)
    if 1 not in (outer, inner) and outer != inner:
        raise SubmissionError(
            f"The run configuration has node_count={outer}, and its section for {config.communicator} has {inner}: "
            "give both the same, or leave one out."
        )
    return max(outer, inner)


def _count(name: str, value: object, least: int = 1) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise SubmissionError(
            f"{name} is a whole number of at least {least}, not {described(value) if not isinstance(value, int) else value}."
        )
    return value
