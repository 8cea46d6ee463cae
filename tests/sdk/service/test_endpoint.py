from __future__ import annotations

import json

import pytest

from aml_magics.errors import WebserviceError
from aml_magics.sdk.model.model import Model
from aml_magics.sdk.service.endpoint import AksEndpoint


@pytest.fixture
def endpoint(deploy):
    return deploy(
        "endpoint", AksEndpoint.deploy_configuration(version_name="a", traffic_percentile=20)
    )


def shares(endpoint):
    return {
        name: (one.traffic_percentile, one.is_default) for name, one in endpoint.versions.items()
    }


def test_versions_are_added_changed_and_deleted(endpoint, workspace, model, config, capsys):
    assert (type(endpoint), endpoint.compute_type) == (AksEndpoint, "AKSENDPOINT")
    assert endpoint.auth_enabled
    endpoint.create_version(
        "b", models=[model], inference_config=config, traffic_percentile=10, tags={"t": 1}, description="second", properties={"p": 1},
        scoring_timeout_ms=700,
    )  # fmt: skip
    endpoint.wait_for_deployment(True)
    assert (
        'AKSENDPOINT service creation operation finished, operation "Succeeded"'
        in capsys.readouterr().out
    )
    assert shares(endpoint) == {"a": (90.0, True), "b": (10.0, False)}
    second = endpoint.versions["b"]
    assert (second.description, second.tags, second.version_type) == (
        "second",
        {"t": "1"},
        "Treatment",
    )
    assert (second.name, second.endpoint_name, second.scoring_timeout_ms) == ("b", "endpoint", 700)
    assert endpoint.versions["a"].scoring_timeout_ms == 60_000
    assert (second.properties, endpoint.versions["a"].properties) == ({"p": "1"}, {})
    assert repr(second) == (
        "AksEndpointVersion(endpoint=endpoint, name=b, traffic_percentile=10, is_default=False, version_type=Treatment)"
    )

    endpoint.update_version(
        "b", traffic_percentile=40, is_default=True, is_control_version_type=True
    )
    assert shares(endpoint) == {"a": (60.0, False), "b": (40.0, True)}
    assert endpoint.versions["b"].version_type == "Control"
    endpoint.update_version("a", traffic_percentile=30, description="old")
    assert shares(endpoint) == {"a": (30.0, False), "b": (70.0, True)}

    endpoint.versions["a"].update(scoring_timeout_ms=800)
    assert endpoint.versions["a"].scoring_timeout_ms == 800
    assert endpoint.versions["a"].description == "old"
    written = json.loads(json.dumps(endpoint.serialize()))
    assert written["versions"]["b"]["type"] == "Control"
    endpoint.versions["a"].delete()
    assert shares(endpoint) == {"b": (100.0, True)}


def test_what_all_versions_share_is_updated_for_all(endpoint, config):
    endpoint.create_version("b")
    endpoint.update(enable_app_insights=True, tags={"a": "b"})
    assert [one.enable_app_insights for one in endpoint.versions.values()] == [True, True]
    assert endpoint.tags == {"a": "b"}
    with pytest.raises(WebserviceError, match="No parameters"):
        endpoint.update()


def test_silly_versions_are_refused(endpoint):
    endpoint.create_version("b", traffic_percentile=60)
    with pytest.raises(
        WebserviceError, match=r"would get 110 percent \(b 60, c 50\), and there are 100"
    ):
        endpoint.create_version("c", traffic_percentile=50)
    with pytest.raises(
        WebserviceError, match="has a version 'b'; use another name, or update_version"
    ):
        endpoint.create_version("b")
    with pytest.raises(WebserviceError, match="has no version 'bb'; it has a, b"):
        endpoint.update_version("bb", traffic_percentile=1)
    with pytest.raises(WebserviceError, match="No parameters"):
        endpoint.update_version("b")
    with pytest.raises(
        WebserviceError, match=r"is the default one and is not deleted.*update_version\('b', is_def"
    ):
        endpoint.delete_version("a")
    with pytest.raises(WebserviceError, match="is the default one until another is"):
        endpoint.update_version("a", is_default=False)
    with pytest.raises(WebserviceError, match="version_name is the name of a version, not ''"):
        endpoint.create_version("")
    with pytest.raises(
        WebserviceError, match="traffic_percentile is a number of at least 0 and at most 100"
    ):
        endpoint.update_version("b", traffic_percentile=-1)


def test_an_endpoint_without_a_version_name_has_one(workspace, model, config):
    made = Model.deploy(workspace, "plain", [model], config, AksEndpoint.deploy_configuration())
    assert shares(made) == {"version1": (100.0, True)}
