"""Services with the options of Kubernetes."""

from __future__ import annotations

import pytest

from aml_magics.errors import WebserviceError
from aml_magics.sdk.model.model import Model
from aml_magics.sdk.service.aks import AksWebservice
from tests.sdk.service.conftest import doubled


def test_kubernetes_says_what_was_asked_for(workspace, model, config):
    class Cluster:
        name = "cluster"

    options = AksWebservice.deploy_configuration(
        num_replicas=2, gpu_cores=1, namespace="n", period_seconds=5, scoring_timeout_ms=900,
        max_request_wait_time=700, replica_max_concurrent_requests=3, collect_model_data=True, token_auth_enabled=True,
    )  # fmt: skip
    service = Model.deploy(workspace, "on-aks", [model], config, options, Cluster())

    assert (service.compute_name, service.namespace, service.num_replicas) == ("cluster", "n", 2)
    assert (service.scoring_timeout_ms, service.max_request_wait_time) == (900, 700)
    assert service.max_concurrent_requests_per_container == 3
    assert service.liveness_probe_requirements.period_seconds == 5
    assert not service.autoscaler.autoscale_enabled
    assert service.container_resource_requirements.gpu == 1
    assert service.data_collection.storage_enabled
    assert service.deployment_status == {"state": "Healthy", "error": None}
    assert service.is_default is service.traffic_percentile is service.version_type is None

    token, refresh = service.get_token()
    access = service.get_access_token()
    assert (access.access_token, access.token_type) == (token, "Bearer")
    assert refresh.timestamp() <= access.refresh_after + 1 < access.expiry_on
    assert doubled(service) == [6.0, 14.0]
    with pytest.raises(WebserviceError, match=r"has no keys: it has tokens: service.get_token\(\)"):
        service.get_keys()
    service.update(token_auth_enabled=False, auth_enabled=True, num_replicas=1)
    with pytest.raises(WebserviceError, match=r"has no tokens: it has keys"):
        service.get_token()
    assert (service.num_replicas, doubled(service)) == (1, [6.0, 14.0])
    with pytest.raises(
        WebserviceError, match=r"regen_key takes 'Primary' or 'Secondary', not str \('third'\)"
    ):
        service.regen_key("third")
    service.update(autoscale_enabled=True, autoscale_min_replicas=1, autoscale_max_replicas=4)
    assert service.autoscaler.max_replicas == 4


def test_a_cluster_without_a_configuration_is_kubernetes(workspace, model, config, capsys):
    service = Model.deploy(
        workspace, "on-aks", [model], config, deployment_target="c", show_output=True
    )
    assert (type(service), service.compute_name) == (AksWebservice, "c")
    assert "Deploying on-aks: diabetes_model:1, score.py" in capsys.readouterr().out
