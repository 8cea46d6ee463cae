"""A service of this machine alone."""

from __future__ import annotations

import pytest

from aml_magics.errors import WebserviceError
from aml_magics.sdk.service.aci import AciWebservice
from aml_magics.sdk.service.local import LocalWebservice
from tests.sdk.service.conftest import doubled


def test_a_local_service_is_reloaded_and_taken_to_the_cloud(workspace, deploy, tmp_path, model):
    service = deploy("local", LocalWebservice.deploy_configuration())
    assert service.state == "running"
    script = tmp_path / "service" / "score.py"
    script.write_text(script.read_text().replace("* weight", "+ weight"))
    service.reload()
    assert doubled(service) == [5.0, 9.0]
    service.update(models=[model], wait=True)
    assert "loaded" in service.get_logs(raw=True)

    cloud = service.deploy_to_cloud("cloud", AciWebservice.deploy_configuration(auth_enabled=True))
    assert (type(cloud), doubled(cloud)) == (AciWebservice, [5.0, 9.0])
    with pytest.raises(WebserviceError, match="it is this one; give deploy_to_cloud"):
        service.deploy_to_cloud()
    for use in (service.get_keys, service.get_token, lambda: service.regen_key("Primary")):
        with pytest.raises(WebserviceError, match="A local service has no"):
            use()
    with pytest.raises(WebserviceError, match=r"listens on .* until it is deleted"):
        service.update(deployment_config=LocalWebservice.deploy_configuration(port=1))
    with pytest.raises(WebserviceError, match="No parameters"):
        service.update()
    service.delete(delete_cache=False)
    assert service.state == "deleted"
    missing = LocalWebservice(workspace, "missing", must_exist=False)
    missing.update_deployment_state()
    with pytest.raises(WebserviceError, match="no web service 'missing'"):
        missing.update_deployment_state(must_exist=True)
