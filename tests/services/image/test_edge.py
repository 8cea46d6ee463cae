"""The manifest of an Edge device."""

from __future__ import annotations

import json

import pytest

from aml_magics.errors import InvalidArgumentError, InvalidNameError
from aml_magics.services.image.edge import manifest


def test_manifest_runs_the_image_as_a_module():
    made = manifest("host/digits:3", "digits", port=8080, variables={"A": "b"})

    agent = made["modulesContent"]["$edgeAgent"]["properties.desired"]
    module = agent["modules"]["digits"]
    assert module["settings"]["image"] == "host/digits:3"
    assert json.loads(module["settings"]["createOptions"])["HostConfig"]["PortBindings"] == {
        "5001/tcp": [{"HostPort": "8080"}]
    }
    assert module["env"] == {"A": {"value": "b"}}
    assert set(agent["systemModules"]) == {"edgeAgent", "edgeHub"}
    routes = made["modulesContent"]["$edgeHub"]["properties.desired"]["routes"]
    assert routes == {"route1": "FROM /messages/modules/digits/outputs/* INTO $upstream"}


@pytest.mark.parametrize("module", ["", "a b", "edgeHub", "x" * 129])
def test_module_has_a_name_that_a_device_takes(module):
    with pytest.raises(InvalidNameError, match="module's name"):
        manifest("host/digits:3", module)


def test_a_route_is_checked():
    with pytest.raises(InvalidArgumentError, match="FROM source"):
        manifest("host/digits:3", "digits", routes=["to the cloud"])
    with pytest.raises(InvalidArgumentError, match="address"):
        manifest(" ", "digits")
