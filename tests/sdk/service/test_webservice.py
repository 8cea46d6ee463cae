from __future__ import annotations

import json

import pytest

from aml_magics.errors import AmlError, WebserviceError
from aml_magics.sdk.environment.environment import Environment
from aml_magics.sdk.model.model import Model
from aml_magics.sdk.service.aci import AciWebservice
from aml_magics.sdk.service.aks import AksWebservice
from aml_magics.sdk.service.inference_config import InferenceConfig
from aml_magics.sdk.service.local import LocalWebservice
from aml_magics.sdk.service.webservice import Webservice
from aml_magics.store.ownership import current_user
from tests.sdk.service.conftest import ROWS, doubled


def test_a_name_gives_an_object_of_the_class_that_was_deployed(workspace, deploy):
    deploy("one")
    deploy("two", AksWebservice.deploy_configuration())
    deploy("three", LocalWebservice.deploy_configuration())

    assert [type(workspace.webservices[name]).__name__ for name in ("one", "two", "three")] == [
        "AciWebservice",
        "AksWebservice",
        "LocalWebservice",
    ]
    assert type(AciWebservice(workspace, "one")) is AciWebservice
    with pytest.raises(WebserviceError, match="'two' is of class AksWebservice, not AciWebservice"):
        AciWebservice(workspace, "two")
    with pytest.raises(WebserviceError, match="no web service 'nothing'"):
        Webservice(workspace, "nothing")
    assert workspace.webservices.get("nothing") is None
    with pytest.raises(
        WebserviceError, match=r"Webservice\(workspace, name\) takes a Workspace first, not str"
    ):
        Webservice("one", "two")


def test_a_list_is_filtered_by_kind_model_tags_and_properties(workspace, model, deploy):
    deploy("one", AciWebservice.deploy_configuration(tags={"area": "x"}, properties={"p": 1}))
    deploy("two", AksWebservice.deploy_configuration())
    deploy("three", LocalWebservice.deploy_configuration())

    def names(**given):
        return [one.name for one in Webservice.list(workspace, **given)]

    assert names() == ["one", "three", "two"]
    assert names(compute_type="AKS") == ["two"]
    assert names(compute_type="local") == ["three"]
    assert names(tags=[["area", "x"]]) == names(properties={"p": "1"}) == ["one"]
    assert names(model_name="diabetes_model") == names(model_id=model.id) == names()
    assert (
        names(model_id="diabetes_model:9") == names(image_name="i") == names(image_digest="d") == []
    )
    assert [one.name for one in LocalWebservice.list(workspace)] == ["three"]
    with pytest.raises(WebserviceError, match=r"compute_type is one of .*Did you mean 'ACI'"):
        names(compute_type="ACIS")


def test_what_is_known_of_a_service_has_azures_names(workspace, model, deploy):
    options = AciWebservice.deploy_configuration(
        cpu_cores=1, memory_gb=2, tags={"t": 1}, description="d", location="west", vnet_name="v", subnet_name="s",
        cmk_vault_base_url="u", cmk_key_name="n", cmk_key_version="1",
    )  # fmt: skip
    service = deploy(options=options)

    assert (service.compute_type, service.state, service.error) == ("ACI", "Healthy", None)
    assert (service.tags, service.description, service.location) == ({"t": "1"}, "d", "west")
    assert [one.id for one in service.models] == [model.id]
    assert service.container_resource_requirements.serialize()["memoryInGB"] == 2
    assert service.vnet_configuration == {"vnet_name": "v", "subnet_name": "s"}
    assert service.encryption_properties["cmk_key_name"] == "n"
    assert service.created_time <= service.updated_time
    assert service.created_by == {"userName": current_user()}
    assert service.environment is None
    assert service.image_id is service.image_digest is service.image is service.cname is None
    assert (service.ssl_enabled, service.ssl_certificate, service.ssl_key) == (False, None, None)
    assert (service.public_ip, service.public_fqdn) == ("127.0.0.1", "localhost")
    assert service.swagger_uri == service.scoring_uri.replace("/score", "/swagger.json")
    assert (service.auth_enabled, service.token_auth_enabled) == (False, False)

    written = json.loads(json.dumps(service.serialize()))
    assert (written["computeType"], written["modelIds"]) == ("ACI", [model.id])
    assert Webservice.deserialize(workspace, written) == service
    assert repr(service).startswith(
        f"AciWebservice(workspace={workspace!r}, name=diabetes-service, compute_type=ACI, state=Healthy, scoring_uri=http"
    )
    shown = service._repr_html_()
    assert all(
        one in shown
        for one in ("diabetes-service", "Healthy", service.scoring_uri, "%aml service diabetes")
    )
    with pytest.raises(WebserviceError, match="deserialize takes what serialize gave"):
        Webservice.deserialize(workspace, "diabetes-service")


def test_tags_and_properties_are_added_and_removed(deploy):
    service = deploy(options=AciWebservice.deploy_configuration(tags={"a": "1"}))
    service.add_tags({"b": 2})
    service.add_properties({"p": "q"})
    assert service.tags == {"a": "1", "b": "2"}
    service.remove_tags(["a", "nothing"])
    assert (service.tags, service.properties) == ({"b": "2"}, {"p": "q"})
    service.update(tags={"c": "3"}, properties={"r": "s"}, description="new")
    assert (service.tags, service.properties) == ({"c": "3"}, {"p": "q", "r": "s"})
    assert service.description == "new"
    with pytest.raises(WebserviceError, match="tags is a dict of texts"):
        service.add_tags("a")


def test_an_update_replaces_models_script_or_options_and_keeps_the_rest(
    workspace, model, config, deploy, tmp_path, capsys
):
    service = deploy()
    (tmp_path / "model.txt").write_text("10")
    newer = Model.register(workspace, "model.txt", "diabetes_model")
    service.update(models=[newer])
    assert doubled(service) == [30.0, 70.0]

    script = tmp_path / "service" / "score.py"
    script.write_text(script.read_text().replace("* weight", "- weight"))
    service.update(inference_config=config)
    assert doubled(service) == [-7.0, -3.0]

    capsys.readouterr()
    service.update(auth_enabled=True)
    assert capsys.readouterr().out == "Running\nSucceeded\n"
    assert service.auth_enabled
    assert doubled(service) == [-7.0, -3.0]
    assert [one.id for one in service.models] == [newer.id]


def test_an_update_that_fails_says_so_and_the_wait_raises_it(config, deploy, tmp_path, capsys):
    service = deploy()
    (tmp_path / "service" / "score.py").write_text(
        "def init(): raise OSError('no disk')\ndef run(data): ...\n"
    )
    service.update(inference_config=config)
    assert (
        "Failed: Service 'diabetes-service' is Failed: InitError: OSError: no disk"
        in capsys.readouterr().out
    )
    with pytest.raises(WebserviceError, match="no disk"):
        service.wait_for_deployment()


def test_silly_numbers_and_names_are_refused(deploy):
    service = deploy()
    with pytest.raises(
        WebserviceError, match=r"timeout_sec is a number of at least 0, not str \('a'\)"
    ):
        service.wait_for_deployment(timeout_sec="a")
    with pytest.raises(WebserviceError, match="num_lines is a whole number above 0, not -1"):
        service.get_logs(-1)
    with pytest.raises(
        WebserviceError, match=r"remove_tags takes the names of tags, not int \(3\)"
    ):
        service.remove_tags(3)


def test_nothing_to_update_is_an_error(deploy):
    with pytest.raises(WebserviceError, match="No parameters provided to update"):
        deploy().update()


def test_a_deleted_service_says_so_and_is_shown_as_deleting(workspace, deploy):
    service, other = deploy(), deploy("another")
    same = Webservice(workspace, "another")
    service.delete()
    for use in (
        service.get_logs,
        service.delete,
        lambda: service.run(ROWS),
        lambda: service.update(tags={}),
    ):
        with pytest.raises(WebserviceError, match="was deleted by this object; deploy it again"):
            use()
    assert service.state == "Deleting"
    assert "state=Deleting" in repr(service)
    assert service.scoring_uri.endswith("/score")

    other.delete()
    with pytest.raises(WebserviceError, match="no web service 'another'"):
        _ = same.state
    assert "state=Deleting" in repr(same)


def test_an_answer_that_is_not_ok_is_told_with_its_status_and_content(deploy):
    service = deploy()
    with pytest.raises(
        WebserviceError,
        match=r"bad response from service(.|\n)*Response Code: 500(.|\n)*unexpected",
    ):
        service.run("no JSON")
    assert "JSONDecodeError" in service.get_logs()
    assert doubled(service) == service_rows(service)


def service_rows(service):
    return json.loads(service.run({"data": [[1, 2], [3, 4]]}))


def test_silly_input_data_is_refused_before_it_is_sent(deploy):
    with pytest.raises(WebserviceError, match="input_data is JSON as text, such as"):
        deploy().run(object())


def test_an_environment_is_kept_and_given_back(workspace, model, tmp_path, deploy):
    config = InferenceConfig("service/score.py", environment=Environment("mine"))
    service = Model.deploy(workspace, "name", [model], config)
    assert service.environment.name == "mine"
    assert service.serialize()["entryScript"] == "score.py"


def test_keys_can_be_chosen_and_tls_is_told_not_to_be_used(deploy, tmp_path, capsys):
    pem = tmp_path / "x.pem"
    pem.write_text("")
    options = AciWebservice.deploy_configuration(
        auth_enabled=True, primary_key="mine", ssl_enabled=True, ssl_cert_pem_file=str(pem),
        ssl_key_pem_file=str(pem), ssl_cname="x.org",
    )  # fmt: skip
    service = deploy(options=options)
    assert service.get_keys()[0] == "mine"
    assert "TLS is not used on this machine" in capsys.readouterr().out
    assert (service.cname, service.ssl_enabled) == ("x.org", True)
    with pytest.raises(AmlError, match="primary_key is printable"):
        service.regen_key("Primary", "ä")


def test_a_service_is_shown_as_its_screen_until_it_is_deleted(deploy):
    service = deploy("one")

    bundle = service._repr_mimebundle_()
    assert "application/vnd.aml-magics.service+json" in bundle
    assert "text/plain" not in bundle
    service.delete()
    assert service._repr_mimebundle_() is None
