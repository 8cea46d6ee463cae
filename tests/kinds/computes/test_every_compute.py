"""What every kind of compute target keeps to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aml_magics.errors import ComputeTargetError
from aml_magics.kinds.computes._base import COMPUTES, PoolKind

ATTACHED: dict[str, dict[str, Any]] = {
    "adla": {"resource_group": "g", "account_name": "a"},
    "aks": {"resource_group": "g", "cluster_name": "c"},
    "aml_compute": {},
    "batch": {"resource_id": "/x"},
    "compute_instance": {},
    "dask": {"address": "tcp://127.0.0.1:8786"},
    "data_factory": {"resource_group": "g", "factory_name": "f"},
    "databricks": {"resource_group": "g", "workspace_name": "w"},
    "dsvm": {},
    "hdinsight": {"username": "u", "address": "a"},
    "kubernetes": {"resource_id": "/x"},
    "kusto": {"kusto_connection_string": "s"},
    "remote": {"username": "u", "address": "a"},
    "synapse": {"pool_name": "p"},
}
every = pytest.mark.parametrize("name", COMPUTES.names())


def whole(name: str) -> dict[str, Any]:
    kind = COMPUTES.load(name)
    return {**(kind.settings if kind.attached is None else kind.attached), **ATTACHED[name]}


def test_this_suite_knows_every_kind() -> None:
    assert COMPUTES.names() == sorted(ATTACHED)


@every
def test_a_kind_takes_its_own_example_and_writes_it_as_json(name: str) -> None:
    kind = COMPUTES.load(name)()
    kind.check(whole(name), is_attached=True)
    assert json.loads(json.dumps(kind.properties(whole(name))))


@every
def test_a_kind_takes_runs_or_says_what_is_missing(name: str) -> None:
    kind = COMPUTES.load(name)()
    least, most = kind.nodes(whole(name))
    assert isinstance(kind, PoolKind) is (most > 0) is not bool(kind.machine)
    assert 0 <= least <= most
    assert kind.idle_seconds(whole(name)) >= 0


@every
def test_a_credential_is_no_setting(name: str) -> None:
    kind = COMPUTES.load(name)
    assert not {*kind.credentials} & {*kind.settings, *(kind.attached or {})}


@every
def test_what_an_attached_one_needs_is_named(name: str) -> None:
    kind = COMPUTES.load(name)()
    if not kind.required:
        return
    with pytest.raises(ComputeTargetError, match=f"A {kind.label} is attached by its .*; give"):
        kind.check({}, is_attached=True)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"max_nodes": 0}, "max_nodes is how many .* of 1 or more, not int"),
        ({"max_nodes": "4"}, "max_nodes is .*, not str"),
        ({"max_nodes": True}, "max_nodes is .*, not bool"),
        ({"min_nodes": -1}, "min_nodes is how many .* of 0 or more"),
        ({"min_nodes": 5}, "min_nodes is at most max_nodes, and 5 is more than 4"),
        ({"min_nodes": 3, "max_nodes": 2}, "3 is more than 2; lower min_nodes"),
        ({"idle_seconds_before_scaledown": -1}, "idle_seconds_before_scaledown is how long"),
        ({"vm_priority": "lowpriorty"}, "'dedicated' or 'lowpriority', not .* Did you mean 'low"),
        ({"vm_size": 3}, "vm_size is a text"),
    ],
)
def test_a_cluster_that_cannot_be_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ComputeTargetError, match=message):
        COMPUTES.load("aml_compute")().check({**whole("aml_compute"), **changed}, is_attached=False)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"address": "x"}, "tls://HOST:PORT, or tcp://127.0.0.1:PORT on this machine, not"),
        ({"address": "tcp://127.0.0.1"}, "tls://HOST:PORT"),
        ({"address": "tls://host:99999999"}, "tls://HOST:PORT"),
        ({"address": "inproc://10.0.0.1/1/1"}, r"LocalCluster\(processes=True\) can"),
        ({"address": "tcp://10.0.0.1:8786"}, "on another machine and not encrypted, .* with TLS"),
        ({"address": "tcp://example.org:8786"}, "on another machine and not encrypted"),
        ({"max_nodes": 0}, "max_nodes is how many .* of 1 or more"),
        ({"wait_seconds": 0}, "wait_seconds is how long"),
        ({"resources": {"GPU": 0}}, "amounts above 0 by the names"),
        ({"resources": {"GPU": True}}, "amounts above 0 by the names"),
        ({"resources": "GPU"}, "amounts above 0 by the names"),
    ],
)
def test_a_dask_cluster_that_cannot_be_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ComputeTargetError, match=message):
        COMPUTES.load("dask")().check({**whole("dask"), **changed}, is_attached=True)


@pytest.mark.parametrize(
    "address", ["tcp://localhost:8786", "tcp://[::1]:8786", "tls://10.0.0.1:8786"]
)
def test_a_dask_cluster_is_here_or_encrypted(address: str) -> None:
    kind = COMPUTES.load("dask")()
    kind.check({**whole("dask"), "address": address}, is_attached=True)
    assert kind.address({"address": address}) == address


def test_a_dask_cluster_is_not_created() -> None:
    with pytest.raises(ComputeTargetError, match="attached, not created: the cluster is there"):
        COMPUTES.load("dask")().check(whole("dask"), is_attached=False)


def test_a_cluster_has_four_nodes_unless_it_is_told() -> None:
    assert COMPUTES.load("aml_compute")().nodes(whole("aml_compute")) == (0, 4)
