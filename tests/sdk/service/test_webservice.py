from __future__ import annotations

import json

import pytest

from aml_magics.errors import AmlError, ModelNotFoundError, WebserviceError
from aml_magics.sdk.environment.environment import Environment
from aml_magics.sdk.model.model import Model
from aml_magics.sdk.service.aci import AciWebservice
from aml_magics.sdk.service.aks import AksWebservice
from aml_magics.sdk.service.inference_config import InferenceConfig
from aml_magics.sdk.service.local import LocalWebservice
from aml_magics.sdk.service.webservice import Webservice
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.store.ownership import current_user
from tests.sdk.service.conftest import ROWS


def doubled(service):
    return json.loads(service.run(ROWS))


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


def test_overwriting_gives_a_service_a_new_revision(workspace, model, config, deploy, tmp_path):
    first = deploy()
    script = tmp_path / "service" / "score.py"
    script.write_text(script.read_text().replace("* weight", "+ weight"))
    second = deploy(overwrite=True)
    assert (second.scoring_uri, doubled(first)) == (first.scoring_uri, [5.0, 9.0])

    with pytest.raises(
        WebserviceError, match="diabetes-service already exists; use another name, overwrite=True"
    ):
        Model.deploy(workspace, "diabetes-service", [model], config)
    with pytest.raises(WebserviceError, match="already exists"):
        Webservice.check_for_existing_webservice(workspace, "diabetes-service")
    Webservice.check_for_existing_webservice(workspace, "another")


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


def test_the_older_names_deploy_too(workspace, config, model, capsys):
    by_path = Webservice.deploy(workspace, "by-path", ["model.txt"], config)
    assert [one.id for one in by_path.models] == ["model.txt:1"]
    by_model = Webservice.deploy_from_model(workspace, "by-model", [model], config)
    assert doubled(by_model) == [6.0, 14.0]
    capsys.readouterr()
    local = Webservice.deploy_local_from_model(workspace, "local", [model], config, wait=True)
    assert capsys.readouterr().out.endswith(
        f"Local webservice is running at http://localhost:{local.port}\n"
    )

    class Image:
        _record = type("Record", (), {"id": "image:1", "deployment": by_model._deployment()})

    by_image = Webservice.deploy_from_image(
        workspace, "by-image", Image(), AksWebservice.deploy_configuration()
    )
    assert (by_image.image_id, doubled(by_image)) == ("image:1", [6.0, 14.0])
    assert [one.name for one in Webservice.list(workspace, image_name="image")] == ["by-image"]
    by_path.update(image=Image())
    assert doubled(by_path) == [6.0, 14.0]
    with pytest.raises(WebserviceError, match="leave out image, or models"):
        by_path.update(image=Image(), models=[model])
    with pytest.raises(WebserviceError, match=r"deploy_from_image takes an image.*not str"):
        Webservice.deploy_from_image(workspace, "x-y-z", "image:1")
    with pytest.raises(WebserviceError, match=r"model_paths is a list of paths, not str"):
        Webservice.deploy(workspace, "x-y-z", "model.txt", config)


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


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"workspace": "w"}, r"Model.deploy takes a Workspace first, not str \('w'\)"),
        ({"models": "diabetes_model"}, "Model.deploy takes a list of models, not str"),
        ({"models": None}, "Model.deploy takes a list of models, not NoneType"),
        ({"models": [3]}, r"Model.deploy takes models, as Model\(workspace, name\) gives them, not int"),
        ({"inference_config": "score.py"}, r"inference_config is an InferenceConfig\(.*not str"),
        ({"inference_config": AciWebservice}, "inference_config is an InferenceConfig"),
        ({"deployment_config": "ACI"}, "takes as deployment_config what AciWebservice"),
        ({"deployment_config": {}, "deployment_target": "c"}, "not dict"),
        ({"deployment_config": AciWebservice.deploy_configuration(), "deployment_target": "c"}, "is for AKS, and"),
    ],
)  # fmt: skip
def test_silly_arguments_of_deploy_are_refused(workspace, model, config, given, message):
    arguments = {
        "workspace": workspace,
        "name": "name",
        "models": [model],
        "inference_config": config,
        **given,
    }
    with pytest.raises(WebserviceError, match=message):
        Model.deploy(**arguments)
    assert list(workspace.webservices) == []


def test_a_model_alone_an_unknown_one_and_one_of_elsewhere_are_refused(workspace, model, config):
    with pytest.raises(WebserviceError, match=r"write \[model\], not the model alone"):
        Model.deploy(workspace, "name", model, config)
    with pytest.raises(ModelNotFoundError, match="diabetes_modell"):
        Model.deploy(workspace, "name", ["diabetes_modell"], config)
    assert Model.deploy(workspace, "name", [model.id], config).models == [model]
    other = Workspace.create("other")
    with pytest.raises(WebserviceError, match="is of workspace 'w', and the service of 'other'"):
        Model.deploy(other, "name", [model], config)


def test_a_cluster_without_a_configuration_is_kubernetes(workspace, model, config, capsys):
    service = Model.deploy(
        workspace, "on-aks", [model], config, deployment_target="c", show_output=True
    )
    assert (type(service), service.compute_name) == (AksWebservice, "c")
    assert "Deploying on-aks: diabetes_model:1, score.py" in capsys.readouterr().out


def test_a_configuration_is_printed(model, config, capsys):
    Model.print_configuration(
        [model], config, AciWebservice.deploy_configuration(cpu_cores=1), None
    )
    shown = json.loads(capsys.readouterr().out)
    assert shown["models"] == [model.id]
    assert shown["deployment_config"] == "AciServiceDeploymentConfiguration(cpu_cores=1)"


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
