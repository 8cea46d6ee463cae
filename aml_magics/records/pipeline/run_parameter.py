"""Fields of a run configuration that parameters of a pipeline set at submission."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aml_magics.errors import PipelineError, did_you_mean
from aml_magics.records.distribution import MOST_PROCESSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.distribution import Distribution
    from aml_magics.records.pipeline.definition import RunSettings

NODES: Final = "NodeCount"
_SECONDS: Final = "MaxRunDurationSeconds"
_MPI: Final = "MpiProcessCountPerNode"
_WORKERS: Final = "TensorflowWorkerCount"
_SERVERS: Final = "TensorflowParameterServerCount"
KEYS: Final = (NODES, _MPI, _WORKERS, _SERVERS, _SECONDS)
"""Azure's names of these fields."""

_NEEDS: Final = {_MPI: "mpi", _WORKERS: "tensorflow", _SERVERS: "tensorflow"}


def check_run_parameters(step: str, run: RunSettings) -> None:
    """Refuse a field that no parameter sets, or that this run configuration does not have.

    Raises:
        PipelineError: there is one.
    """
    framework = None if run.distribution is None else run.distribution.framework
    for key in run.parameters:
        check_run_field(step, key)
        if key in _NEEDS and framework != _NEEDS[key]:
            raise PipelineError(
                f"Step {step!r}: {key} is of a run of several processes by {_NEEDS[key]}, and the run configuration asks for "
                "none; set its communicator, or leave the parameter out."
            )


def check_run_field(step: str, key: str) -> None:
    """Refuse a field that no parameter sets.

    Raises:
        PipelineError: it is one.
    """
    if key not in KEYS:
        raise PipelineError(
            f"Step {step!r}: {key!r:.60} of a run configuration cannot be a parameter.{did_you_mean(str(key), KEYS)} "
            f"These can: {', '.join(KEYS)}; what a script reads goes among its arguments."
        )


def with_run_parameters(step: str, run: RunSettings, values: Mapping[str, str]) -> RunSettings:
    """The settings with the values of their parameters.

    Args:
        values: as text, by Azure's name of the field.

    Raises:
        PipelineError: a value is out of its range, or does not fit the others.
    """
    check_run_parameters(step, run)
    numbers = {key: _number(step, key, text) for key, text in values.items()}
    seconds = numbers.pop(_SECONDS, run.max_seconds)
    if not numbers:
        return replace(run, max_seconds=seconds)
    nodes = numbers.get(NODES, run.nodes)
    if run.distribution is None:
        if nodes > 1:
            raise PipelineError(
                f"Step {step!r}: {NODES} {nodes} asks for several processes, and its run configuration does not say how they "
                "find each other; give it an MpiConfiguration or PyTorchConfiguration and a communicator."
            )
        return replace(run, max_seconds=seconds, nodes=nodes)
    several = _distribution(step, run.distribution, numbers)
    return replace(run, max_seconds=seconds, nodes=several.node_count, distribution=several)


def _distribution(step: str, given: Distribution, numbers: Mapping[str, int]) -> Distribution:
    workers = numbers.get(_WORKERS, given.worker_count)
    # each worker has a node unless another number was asked for
    is_each = given.framework == "tensorflow" and given.node_count == given.worker_count
    made = replace(
        given,
        node_count=numbers.get(NODES, workers if is_each else given.node_count),
        process_count_per_node=numbers.get(_MPI, given.process_count_per_node),
        worker_count=workers,
        parameter_server_count=numbers.get(_SERVERS, given.parameter_server_count),
    )
    if made.node_count > made.process_count or made.process_count > MOST_PROCESSES:
        raise PipelineError(
            f"Step {step!r}: {made.process_count:,} processes on {made.node_count:,} nodes cannot be: each node has one, and a "
            f"run at most {MOST_PROCESSES}; give other numbers."
        )
    return made


def _number(step: str, key: str, text: str) -> int:
    least = 0 if key == _SERVERS else 1
    if not re.fullmatch(r"\d{1,9}", text) or int(text) < least:
        raise PipelineError(
            f"Step {step!r}: {key} is a whole number of at least {least}, not {text!r:.60}."
        )
    return int(text)
