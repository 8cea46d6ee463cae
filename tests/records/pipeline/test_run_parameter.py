"""Fields of a run configuration that parameters set."""

from __future__ import annotations

import pytest

from aml_magics.errors import PipelineError
from aml_magics.records.distribution import Distribution
from aml_magics.records.pipeline.definition import RunSettings
from aml_magics.records.pipeline.run_parameter import (
    check_run_field,
    check_run_parameters,
    with_run_parameters,
)

MPI = RunSettings(nodes=2, distribution=Distribution("mpi", 2, 3))
FLOW = RunSettings(
    nodes=2, distribution=Distribution("tensorflow", 2, worker_count=2, parameter_server_count=1)
)


def test_nodes_and_processes_of_mpi_are_set():
    made = with_run_parameters("a", MPI, {"NodeCount": "4", "MpiProcessCountPerNode": "1"})
    assert (made.nodes, made.distribution) == (4, Distribution("mpi", 4, 1))


def test_a_worker_of_tensorflow_has_a_node_unless_told_otherwise():
    made = with_run_parameters("a", FLOW, {"TensorflowWorkerCount": "3"})
    assert (made.nodes, made.distribution.process_count) == (3, 4)
    given = {"TensorflowWorkerCount": "4", "TensorflowParameterServerCount": "0", "NodeCount": "2"}
    made = with_run_parameters("a", FLOW, given)
    assert (made.nodes, made.distribution.process_count) == (2, 4)


def test_a_limit_of_time_is_set():
    assert (
        with_run_parameters("a", RunSettings(), {"MaxRunDurationSeconds": "60"}).max_seconds == 60
    )
    assert with_run_parameters("a", MPI, {}) == MPI
    assert with_run_parameters("a", RunSettings(), {"NodeCount": "1"}) == RunSettings()


@pytest.mark.parametrize(
    ("run", "values", "said"),
    [
        (RunSettings(), {"NodeCount": "2"}, "NodeCount 2 asks for several processes"),
        (MPI, {"NodeCount": "0"}, "NodeCount is a whole number of at least 1, not '0'"),
        (MPI, {"MaxRunDurationSeconds": "soon"}, "of at least 1, not 'soon'"),
        (MPI, {"NodeCount": "99999"}, "299,997 processes on 99,999 nodes cannot be"),
        (FLOW, {"NodeCount": "5"}, "3 processes on 5 nodes cannot be"),
    ],
)
def test_a_value_that_cannot_be_is_refused(run, values, said):
    with pytest.raises(PipelineError, match=said):
        with_run_parameters("a", run, values)


def test_a_field_that_the_configuration_does_not_have_is_refused():
    with pytest.raises(PipelineError, match=r"'nodecount' .* Did you mean 'NodeCount'"):
        check_run_field("a", "nodecount")
    asked = RunSettings(parameters={"TensorflowWorkerCount": "$AML_PARAMETER_n"})
    with pytest.raises(PipelineError, match="several processes by tensorflow"):
        check_run_parameters("a", asked)
