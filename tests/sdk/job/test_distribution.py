from __future__ import annotations

import pytest

from aml_magics.errors import SubmissionError
from aml_magics.records.distribution import Distribution
from aml_magics.sdk.job.distribution import Gloo, Mpi, Nccl, ParameterServer, distribution_of
from aml_magics.sdk.job.estimator import Chainer, Estimator, PyTorch, SKLearn, TensorFlow
from aml_magics.sdk.job.run_configuration import RunConfiguration
from aml_magics.sdk.job.run_configuration_section import (
    MpiConfiguration,
    PyTorchConfiguration,
    TensorflowConfiguration,
)
from aml_magics.sdk.job.script_run_config import ScriptRunConfig
from aml_magics.warnings import EstimatorWarning


def configured(job, **fields):
    config = RunConfiguration()
    for name, value in fields.items():
        setattr(config, name, value)
    return ScriptRunConfig("src", "train.py", run_config=config, distributed_job_config=job)


def estimated(kind=Estimator, **wanted):
    with pytest.warns(EstimatorWarning):
        return kind("src", entry_script="train.py", user_managed=True, **wanted)


@pytest.mark.parametrize(
    ("job", "wanted", "names"),
    [
        (MpiConfiguration(), Distribution("mpi"), ("Python", "IntelMpi", 1)),
        (MpiConfiguration(3, 2), Distribution("mpi", 2, 3), ("Python", "IntelMpi", 2)),
        (PyTorchConfiguration(), Distribution("pytorch"), ("PyTorch", "Nccl", 1)),
        (PyTorchConfiguration(node_count=2), Distribution("pytorch", 2), ("PyTorch", "Nccl", 2)),
        (PyTorchConfiguration("Gloo", 4, 2), Distribution("pytorch", 2, 2), ("PyTorch", "Gloo", 2)),
        (
            TensorflowConfiguration(2, 0),
            Distribution("tensorflow", 2, 1, 2),
            ("TensorFlow", "ParameterServer", 1),
        ),
    ],
)
def test_a_job_configuration_says_which_processes_there_are(job, wanted, names):
    config = configured(job)
    found = config.run_config

    assert config._submission().distribution == wanted
    assert (found.framework, found.communicator, found.node_count) == names


def test_a_run_configuration_can_say_it_alone():
    config = configured(None, framework="TensorFlow", communicator="ParameterServer", node_count=2)
    config.run_config.tensorflow.worker_count = 2
    mpi = configured(None, communicator="OpenMpi", node_count=2)
    mpi.run_config.mpi.process_count_per_node = 2

    assert config._submission().distribution == Distribution("tensorflow", 2, 1, 2, 1)
    assert mpi._submission().distribution == Distribution("mpi", 2, 2)
    assert distribution_of(RunConfiguration()) is None


@pytest.mark.parametrize(
    ("job", "fields", "rule"),
    [
        (MpiConfiguration(0), {}, "process_count_per_node is a whole number of at least 1, not 0"),
        (MpiConfiguration(1, 0), {}, "node_count is a whole number of at least 1, not 0"),
        (MpiConfiguration(True), {}, "of at least 1, not True"),
        (PyTorchConfiguration(process_count=-1), {}, "process_count is a whole .* not -1"),
        (PyTorchConfiguration(process_count="2"), {}, "process_count is .* not str"),
        (PyTorchConfiguration("Gloo", 3, 2), {}, "3 cannot be shared by node_count=2"),
        (PyTorchConfiguration(process_count=1_000), {}, "at most 256 processes.*not 1,000"),
        (TensorflowConfiguration(0), {}, "worker_count is a whole number of at least 1, not 0"),
        (TensorflowConfiguration(1, -1), {}, "parameter_server_count is .* at least 0, not -1"),
        (TensorflowConfiguration(2, 1), {"node_count": 4}, "node_count=4 is more than the 3"),
        (MpiConfiguration(2, 3), {"node_count": 2}, "node_count=2, and its section .* has 3"),
        (MpiConfiguration(2), {"framework": "PySpark"}, "framework is 'PySpark'"),
        (PyTorchConfiguration(), {"framework": "TensorFlow"}, "is for PyTorch, .* 'TensorFlow'"),
        (None, {"node_count": 2}, "node_count=2 asks for several processes"),
        (None, {"node_count": 0}, "node_count is a whole number of at least 1, not 0"),
        (None, {"mpi": MpiConfiguration(4)}, "mpi.process_count_per_node=4 asks for several"),
        (None, {"communicator": "Glooo"}, "no communicator 'Glooo'.* 'Gloo'"),
    ],
)
def test_what_cannot_be_is_refused_when_it_is_submitted(job, fields, rule):
    config = configured(job, **fields)
    with pytest.raises(SubmissionError, match=rule):
        config._submission()


def test_two_frameworks_are_refused():
    with pytest.raises(SubmissionError, match=r"communicator 'Nccl', .* is a MpiConfiguration"):
        configured(MpiConfiguration(2), communicator="Nccl")
    with pytest.raises(SubmissionError, match="no communicator 'Smoke'"):
        configured(PyTorchConfiguration("Smoke"))
    with pytest.raises(SubmissionError, match=r"is an MpiConfiguration.*, not dict"):
        configured({"process_count": 2})


@pytest.mark.parametrize(
    ("kind", "wanted", "found"),
    [
        (Estimator, {}, None),
        (Estimator, {"distributed_training": Mpi(2), "node_count": 2}, Distribution("mpi", 2, 2)),
        (Estimator, {"distributed_training": MpiConfiguration()}, Distribution("mpi")),
        (
            Chainer,
            {"distributed_backend": "mpi", "process_count_per_node": 2},
            Distribution("mpi", 1, 2),
        ),
        (PyTorch, {"distributed_training": Nccl(), "node_count": 2}, Distribution("pytorch", 2)),
        (
            PyTorch,
            {"distributed_training": Gloo(), "process_count_per_node": 3},
            Distribution("pytorch", 1, 3),
        ),
        (
            TensorFlow,
            {"distributed_training": ParameterServer(2), "node_count": 2},
            Distribution("tensorflow", 2, 1, 2, 1),
        ),
        (
            TensorFlow,
            {"distributed_backend": "ps", "worker_count": 2, "parameter_server_count": 2},
            Distribution("tensorflow", 2, 1, 2, 2),
        ),
    ],
)
def test_estimators_say_the_same(kind, wanted, found):
    assert estimated(kind, **wanted)._submission().distribution == found


def test_an_estimator_refuses_what_it_has_not():
    with pytest.raises(SubmissionError, match="give distributed_training alone"):
        estimated(distributed_backend="mpi", distributed_training=Mpi())
    with pytest.raises(SubmissionError, match="one of mpi, gloo, nccl, not 'ps'"):
        estimated(PyTorch, distributed_backend="ps")
    with pytest.raises(SubmissionError, match=r"one of Mpi\(\), ParameterServer\(\), not Gloo"):
        estimated(TensorFlow, distributed_training=Gloo())
    with pytest.raises(SubmissionError, match=r"one of Mpi\(\), not str"):
        estimated(SKLearn, distributed_training="mpi")
    with pytest.raises(SubmissionError, match="node_count=2 asks for several processes"):
        estimated(node_count=2)._submission()
    with pytest.raises(SubmissionError, match=r"mpi.process_count_per_node=2 asks for several"):
        estimated(process_count_per_node=2)._submission()
