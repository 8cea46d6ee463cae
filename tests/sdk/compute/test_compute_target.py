"""Compute targets as notebooks for Azure use them."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from aml_magics.errors import ComputeTargetError
from aml_magics.sdk import handles
from aml_magics.sdk.compute.aks import AksCompute
from aml_magics.sdk.compute.aml_compute import AmlCompute
from aml_magics.sdk.compute.attached import (
    AdlaCompute,
    BatchCompute,
    DatabricksCompute,
    DataFactoryCompute,
    DsvmCompute,
    HDInsightCompute,
    KubernetesCompute,
    KustoCompute,
    RemoteCompute,
    SynapseCompute,
)
from aml_magics.sdk.compute.compute_instance import ComputeInstance
from aml_magics.sdk.compute.compute_target import ComputeTarget
from aml_magics.sdk.job.run_configuration import RunConfiguration
from aml_magics.sdk.job.script_run_config import ScriptRunConfig
from aml_magics.services.process import queue
from aml_magics.views.compute.output import COMPUTES


@pytest.fixture
def cluster(workspace):
    config = AmlCompute.provisioning_configuration(
        vm_size="STANDARD_DS11_V2", max_nodes=2, tags={"a": "b"}, description="mine"
    )
    return ComputeTarget.create(workspace, "your-compute-cluster", config)


def test_the_cell_of_every_lab_makes_a_cluster_and_finds_it_the_second_time(workspace, capsys):
    seen = []
    for _ in range(2):
        try:
            found = ComputeTarget(workspace=workspace, name="your-compute-cluster")
            seen.append("found")
        except ComputeTargetError:
            config = AmlCompute.provisioning_configuration(vm_size="STANDARD_DS11_V2", max_nodes=2)
            found = ComputeTarget.create(workspace, "your-compute-cluster", config)
            found.wait_for_completion(show_output=True)
            seen.append("made")

    assert seen == ["made", "found"]
    assert type(found) is AmlCompute
    assert capsys.readouterr().out == (
        "Succeeded\nAmlCompute wait for completion finished\n\n"
        "Minimum number of nodes requested have been provisioned\n"
    )


def test_a_cluster_says_what_it_is(workspace, cluster):
    assert (cluster.name, cluster.type, cluster.vm_size) == (
        "your-compute-cluster",
        "AmlCompute",
        "STANDARD_DS11_V2",
    )
    assert (cluster.provisioning_state, cluster.provisioning_errors) == ("Succeeded", [])
    assert (cluster.tags, cluster.description) == ({"a": "b"}, "mine")
    assert (cluster.location, cluster.cluster_location) == ("local", "local")
    assert (cluster.is_attached, cluster.cluster_resource_id) == (False, None)
    assert cluster.id.endswith("/workspaces/w/computes/your-compute-cluster")
    assert cluster.created_on <= cluster.modified_on
    assert cluster.workspace == workspace
    assert cluster.admin_user_password is None
    assert "provisioning_state='Succeeded'" in repr(cluster)
    with pytest.raises(AttributeError, match="no attribute 'vm_sise'"):
        cluster.vm_sise  # noqa: B018 -- it raises


def test_the_status_of_a_cluster_at_rest(cluster):
    status = cluster.get_status()

    assert (status.allocation_state, status.current_node_count) == ("Steady", 0)
    written = json.loads(json.dumps(status.serialize()))
    assert written["scaleSettings"] == {
        "minNodeCount": 0,
        "maxNodeCount": 2,
        "nodeIdleTimeBeforeScaleDown": "PT1800S",
    }
    assert (written["vmPriority"], written["provisioningState"]) == ("Dedicated", "Succeeded")
    assert sum(written["nodeStateCounts"].values()) == 0
    assert cluster.list_nodes() == []


def test_a_cluster_is_scaled(cluster):
    cluster.update(min_nodes=1, max_nodes=3, idle_seconds_before_scaledown=60)

    assert cluster.scale_settings == type(cluster.scale_settings)(1, 3, 60)
    assert cluster.status.current_node_count == 1
    [node] = cluster.list_nodes()
    assert (node["nodeState"], node["runId"]) == ("idle", None)
    with pytest.raises(ComputeTargetError, match="min_nodes is at most max_nodes"):
        cluster.update(max_nodes=0 + 1, min_nodes=2)


def test_more_nodes_than_there_can_be_are_not_waited_for(cluster):
    cluster.wait_for_completion(min_node_count=2, timeout_in_minutes=20)
    with pytest.raises(ComputeTargetError, match="2 nodes at most, so 3 are waited for in vain"):
        cluster.wait_for_completion(min_node_count=3)


def test_targets_are_found_by_name_in_the_workspace(workspace, cluster):
    assert workspace.compute_targets == {"your-compute-cluster": cluster}
    assert workspace.compute_targets.get("missing") is None
    assert ComputeTarget.list(workspace) == [cluster]
    assert ComputeTarget.deserialize(workspace, cluster.serialize()) == cluster
    with pytest.raises(ComputeTargetError, match="is of class AmlCompute, not AksCompute"):
        AksCompute(workspace, "your-compute-cluster")
    cluster.delete()
    cluster.wait_for_completion(show_output=True, is_delete_operation=True)
    with pytest.raises(ComputeTargetError, match="has no compute target"):
        cluster.get_status()


def test_a_run_configuration_with_a_target_can_be_copied(cluster):
    configuration = RunConfiguration()
    configuration.target = cluster
    assert copy.deepcopy(configuration).target is cluster
    assert ScriptRunConfig(".", run_config=configuration).run_config.target == cluster.name


def test_a_target_and_all_of_them_draw_themselves(workspace, cluster):
    for drawn in (cluster, workspace.compute_targets):
        bundle = drawn._repr_mimebundle_()
        assert "your-compute-cluster" in bundle["text/html"]
        assert COMPUTES in bundle
    cluster.delete()
    assert cluster._repr_mimebundle_() is None


def test_active_runs_are_those_that_have_not_ended(workspace, cluster, source, monkeypatch):
    monkeypatch.setattr(queue, "ensure_scheduler", lambda store: None)
    experiment = handles.Experiment(workspace, "e")
    config = handles.ScriptRunConfig(source("print(1)"), "train.py", compute_target=cluster)
    runs = [experiment.submit(config, tags={"n": str(number)}) for number in range(3)]
    runs[0].cancel()

    assert list(cluster.get_active_runs()) == [runs[2], runs[1]]
    assert list(cluster.get_active_runs(tags={"n": "1"})) == [runs[1]]
    assert list(cluster.get_active_runs(tags="n", status="Running")) == []
    assert cluster.get_status().target_node_count == 2
    assert cluster.get_status().allocation_state == "Resizing"
    assert runs[2].get_detailed_status()["details"] == (
        "Place 2 in the queue; 'your-compute-cluster' has 2 nodes."
    )
    assert runs[1].get_details()["target"] == "your-compute-cluster"
    with pytest.raises(ComputeTargetError, match="is not deleted while runs on it"):
        cluster.delete()


def test_an_instance_is_stopped_and_started(workspace, capsys):
    config = ComputeInstance.provisioning_configuration(vm_size="STANDARD_DS3_V2")
    instance = ComputeTarget.create(workspace, "ci", config)

    assert instance.type == "ComputeInstance"
    assert instance.get_status().state == "Running"
    instance.stop(wait_for_completion=True, show_output=True)
    assert instance.status.serialize()["state"] == "Stopped"
    instance.restart()
    assert instance.get_status().state == "Running"
    assert capsys.readouterr().out == "\nStopped\n"
    assert ComputeInstance.supported_vmsizes(workspace)[0]["vCPUs"] >= 1


CONFIGURATIONS: list[tuple[type[Any], dict[str, Any], str]] = [
    (AdlaCompute, {"resource_group": "g", "account_name": "a"}, "DataLakeAnalytics"),
    (AksCompute, {"resource_group": "g", "cluster_name": "c"}, "AKS"),
    (BatchCompute, {"resource_id": "/x"}, "Batch"),
    (DataFactoryCompute, {"resource_id": "/x"}, "DataFactory"),
    (DatabricksCompute, {"resource_id": "/x", "access_token": "hush"}, "Databricks"),
    (HDInsightCompute, {"username": "u", "address": "a", "password": "hush"}, "HDInsight"),
    (KubernetesCompute, {"resource_id": "/x", "namespace": "n"}, "Kubernetes"),
    (KustoCompute, {"kusto_connection_string": "s", "application_key": "hush"}, "Kusto"),
    (RemoteCompute, {"username": "u", "address": "a", "password": "hush"}, "VirtualMachine"),
    (SynapseCompute, {"linked_service": "l", "type": "Spark", "pool_name": "p"}, "SynapseSpark"),
]


@pytest.mark.parametrize(("kind", "given", "type_"), CONFIGURATIONS, ids=lambda one: str(one)[:40])
def test_a_configuration_is_kept_and_no_run_goes_there(workspace, source, kind, given, type_):
    config = kind.attach_configuration(**given)
    assert "hush" not in repr(config)
    target = ComputeTarget.attach(workspace, "there", config)

    assert (type(target), target.type, target.is_attached) == (kind, type_, True)
    for name, value in given.items():
        if name != "type":
            assert getattr(ComputeTarget(workspace, "there"), name) == value
    assert "hush" not in json.dumps(target.serialize())
    with pytest.raises(ComputeTargetError, match=f"'there', an? {kind.__name__}: it would need"):
        handles.Experiment(workspace, "e").submit(
            handles.ScriptRunConfig(source("print(1)"), "train.py", compute_target=target)
        )
    target.detach()
    assert dict(workspace.compute_targets) == {}


def test_what_is_created_is_kept_too(workspace, capsys):
    config = AksCompute.provisioning_configuration(agent_count=3, cluster_purpose="DevTest")
    config.enable_ssl(leaf_domain_label="contoso")
    cluster = ComputeTarget.create(workspace, "aks", config)
    cluster.wait_for_completion(show_output=True)
    machine = ComputeTarget.create(workspace, "vm", DsvmCompute.provisioning_configuration())
    factory = ComputeTarget.create(workspace, "f", DataFactoryCompute.provisioning_configuration())

    assert (cluster.agent_count, cluster.cluster_purpose) == (3, AksCompute.ClusterPurpose.DEV_TEST)
    assert cluster.serialize()["properties"]["properties"]["leafDomainLabel"] == "contoso"
    assert capsys.readouterr().out == (
        'SucceededProvisioning operation finished, operation "Succeeded"\n'
    )
    assert (machine.vm_size, machine.get_status()) == ("Standard_DS3_v2", "Succeeded")
    assert factory.type == "DataFactory"
    with pytest.raises(ComputeTargetError, match="it has no credentials"):
        cluster.get_credentials()


def test_identities_and_quotas_of_a_cluster(workspace, cluster):
    cluster.add_identity("UserAssigned", ["/a", "/b"])
    cluster.remove_identity(["/a"])
    assert (cluster.identity_type, cluster.identity_id) == ("UserAssigned", ["/b"])
    cluster.remove_identity()
    assert cluster.identity_id == []
    assert AmlCompute.list_usages(workspace) == AmlCompute.list_quotas(workspace) == []
    assert AmlCompute.supported_vmsizes(workspace)[0]["name"] == "local"
    with pytest.raises(ComputeTargetError, match="no quotas on one machine"):
        AmlCompute.update_quotas(workspace, "standardDFamily", 3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda ws: ComputeTarget("w", "x"), "takes a Workspace, not str"),
        (lambda ws: ComputeTarget.create(ws, "x", {}), "takes what provisioning_configuration"),
        (lambda ws: ComputeTarget.attach(ws, "x", {}), "takes what attach_configuration"),
        (lambda ws: ComputeTarget.deserialize(ws, {}), "a dict with a name"),
        (
            lambda ws: RemoteCompute.attach_configuration("u"),
            "attached by its address and username",
        ),
        (lambda ws: AmlCompute.provisioning_configuration(max_nodes=0), "1 or more, not int"),
    ],
)
def test_a_wrong_call_says_what_is_taken(workspace, call, message):
    with pytest.raises(ComputeTargetError, match=message):
        call(workspace)
