from __future__ import annotations

import pytest

from aml_magics.errors import WebserviceError
from aml_magics.records.service import Authentication, Deployment, Scaling
from aml_magics.sdk.service import configuration
from aml_magics.sdk.service.aci import AciWebservice
from aml_magics.sdk.service.aks import AksWebservice
from aml_magics.sdk.service.endpoint import AksEndpoint
from aml_magics.sdk.service.local import LocalWebservice

BASE = Deployment("score.py")


def test_container_instances_have_no_keys_and_one_replica_unless_asked():
    plain = AciWebservice.deploy_configuration()._applied(BASE)
    assert (plain.authentication, plain.scaling) == (Authentication.NONE, Scaling(1, 1))

    made = AciWebservice.deploy_configuration(
        cpu_cores=1, memory_gb=1.5, auth_enabled=True, enable_app_insights=True, collect_model_data=True,
        location="westeurope",
    )._applied(BASE)  # fmt: skip
    assert made.authentication is Authentication.KEY
    assert made.app_insights
    assert made.collects_data
    assert made.requested == {"cpu_cores": 1, "memory_gb": 1.5, "location": "westeurope"}
    assert made.limits == BASE.limits


def test_kubernetes_has_keys_and_scales_unless_it_is_told_otherwise(monkeypatch):
    monkeypatch.setattr(configuration.os, "cpu_count", lambda: 4)
    plain = AksWebservice.deploy_configuration()._applied(BASE)
    assert (plain.authentication, plain.scaling) == (Authentication.KEY, Scaling(1, 4))

    fixed = AksWebservice.deploy_configuration(num_replicas=3, auth_enabled=False)._applied(BASE)
    assert (fixed.authentication, fixed.scaling) == (Authentication.NONE, Scaling(3, 3))

    tokens = AksWebservice.deploy_configuration(token_auth_enabled=True, auth_enabled=False)
    assert tokens._applied(BASE).authentication is Authentication.TOKEN

    scaled = AksWebservice.deploy_configuration(
        autoscale_enabled=True, autoscale_min_replicas=2, autoscale_max_replicas=20, autoscale_refresh_seconds=5,
        autoscale_target_utilization=50,
    )  # fmt: skip
    assert scaled._applied(BASE).scaling == Scaling(2, 20, 50, 5.0)


def test_times_are_milliseconds_and_memory_gigabytes():
    limits = AksWebservice.deploy_configuration(
        scoring_timeout_ms=500, max_request_wait_time=250, replica_max_concurrent_requests=4, memory_gb_limit=2
    )._applied(BASE).limits  # fmt: skip
    assert (limits.scoring, limits.wait, limits.concurrent) == (0.5, 0.25, 4)
    assert limits.memory == 2_000_000_000


def test_a_configuration_may_be_changed_by_its_attributes_and_is_checked_again():
    config = AciWebservice.deploy_configuration(cpu_cores=1)
    config.auth_enabled = True
    assert config._applied(BASE).authentication is Authentication.KEY

    config.cpu_cores = -1
    with pytest.raises(WebserviceError, match="cpu_cores is a number above 0, not -1"):
        config.validate_configuration()


def test_keys_are_not_shown(capsys):
    config = AciWebservice.deploy_configuration(auth_enabled=True, primary_key="geheim")
    assert repr(config) == "AciServiceDeploymentConfiguration(auth_enabled=True)"
    config.print_deploy_configuration()
    assert capsys.readouterr().out == "auth_enabled: True\nprimary_key: ***\n"
    assert "geheim" not in str(config._applied(BASE))


@pytest.mark.parametrize(
    ("kind", "given", "message"),
    [
        (AciWebservice, {"cpu_cores": 0}, "cpu_cores is a number above 0, not 0"),
        (AciWebservice, {"cpu_cores": "1"}, r"cpu_cores is a number above 0, not str \('1'\)"),
        (AciWebservice, {"memory_gb": float("nan")}, "memory_gb is a number above 0, not nan"),
        (AciWebservice, {"memory_gb": float("inf")}, "memory_gb is a number above 0, not inf"),
        (AciWebservice, {"auth_enabled": "yes"}, r"auth_enabled is True or False, not str \('yes'\)"),
        (AciWebservice, {"tags": ["a"]}, r"tags is a dict of texts .*not list"),
        (AciWebservice, {"properties": {1: "a"}}, "properties is a dict of texts"),
        (AciWebservice, {"description": 3}, r"description is text, not int \(3\)"),
        (AciWebservice, {"primary_key": "a\nb"}, "primary_key is printable ASCII"),
        (AciWebservice, {"primary_key": "a", "auth_enabled": False}, "leave it out, or set auth_enabled=True"),
        (AciWebservice, {"ssl_enabled": True, "ssl_cname": "x"}, "ssl_enabled=True needs ssl_cert_pem_file, ssl_key"),
        (AciWebservice, {"ssl_cert_pem_file": "no.pem"}, "ssl_cert_pem_file 'no.pem' doesn't exist"),
        (AciWebservice, {"vnet_name": "v"}, "vnet_name, subnet_name come together: add subnet_name"),
        (AksWebservice, {"num_replicas": 1.5}, r"num_replicas is a whole number above 0, not float \(1.5\)"),
        (AksWebservice, {"num_replicas": True}, "num_replicas is a whole number above 0, not bool"),
        (AksWebservice, {"max_request_wait_time": -1}, "a whole number of at least 0, not -1"),
        (AksWebservice, {"autoscale_target_utilization": 101}, "above 0 and at most 100, not 101"),
        (AksWebservice, {"autoscale_enabled": False}, "needs num_replicas"),
        (AksWebservice, {"autoscale_enabled": False, "autoscale_max_replicas": 2}, "does not go with autoscale_max"),
        (AksWebservice, {"autoscale_enabled": True, "num_replicas": 2}, "does not go with autoscale_enabled=True"),
        (AksWebservice, {"autoscale_min_replicas": 3, "num_replicas": 2}, "does not go with autoscale_min_replicas"),
        (AksWebservice, {"autoscale_min_replicas": 3, "autoscale_max_replicas": 2}, "=3 is more than"),
        (AksWebservice, {"auth_enabled": True, "token_auth_enabled": True}, "a service has one of them"),
        (AksWebservice, {"token_auth_enabled": True, "primary_key": "k"}, "primary_key is a key"),
        (AksWebservice, {"cpu_cores": 2, "cpu_cores_limit": 1}, "cpu_cores_limit=1 is less than cpu_cores=2"),
        (AksEndpoint, {"traffic_percentile": 101}, "of at least 0 and at most 100, not 101"),
        (AksEndpoint, {"version_name": 3}, r"version_name is text, not int \(3\)"),
        (LocalWebservice, {"port": 70_000}, "a whole number above 0 and at most 65535, not 70000"),
        (LocalWebservice, {"port": "6789"}, r"port is a whole number .* not str \('6789'\)"),
    ],
)  # fmt: skip
def test_silly_options_are_refused_at_once(kind, given, message):
    with pytest.raises(WebserviceError, match=message):
        kind.deploy_configuration(**given)
