"""Deploys: models, code and options become a service."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from aml_magics.errors import InvalidServiceError, ServiceExistsError, described
from aml_magics.records.service import Deployment, ServiceKind
from aml_magics.sdk import handles
from aml_magics.sdk.model.model import Model
from aml_magics.sdk.service.configuration import (
    AciServiceDeploymentConfiguration,
    AksServiceDeploymentConfiguration,
    WebserviceDeploymentConfiguration,
    changed,
)
from aml_magics.sdk.service.no_code import no_code_deployment
from aml_magics.services.service import deployment as deployments
from aml_magics.services.service import key, registry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.sdk.service.inference_config import ScoringCode
    from aml_magics.sdk.service.webservice import Webservice
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.store.store import Store

NO_VERSION: Final = "version1"
"""The version of an endpoint that was deployed without ``version_name``."""


class ScoringConfig(Protocol):
    """What says how models are scored: an InferenceConfig, or a ContainerImageConfig."""

    def _keep_code(self, store: Store) -> ScoringCode: ...

    def _definition(self) -> dict[str, Any] | None: ...


def model_ids(workspace: Workspace, models: object, call: str) -> tuple[str, ...]:
    """The ids of models.

    Args:
        call: the intended call for the message.

    Raises:
        InvalidServiceError: something else than a list of models of this workspace.
    """
    if isinstance(models, Model):
        raise InvalidServiceError(
            f"{call} takes a list of models: write [model], not the model alone."
        )
    if not isinstance(models, list | tuple):
        raise InvalidServiceError(f"{call} takes a list of models, not {described(models)}.")
    found = []
    for one in models:
        if isinstance(one, str):
            name, _, version = one.partition(":")
            found.append(Model(workspace, name, version=version or None).id)
            continue
        if not isinstance(one, Model):
            raise InvalidServiceError(
                f"{call} takes models, as Model(workspace, name) gives them, not {described(one)}."
            )
        if one.workspace != workspace:
            raise InvalidServiceError(
                f"Model {one.id!r} is of workspace {one.workspace.name!r}, and the service of {workspace.name!r}; "
                "register it there, too."
            )
        found.append(one.id)
    return tuple(found)


def base_deployment(
    workspace: Workspace, models: tuple[str, ...], config: ScoringConfig | None
) -> tuple[Deployment, str]:
    """Models with the code that scores them, and a notice on files that were left out."""
    if config is None:
        return no_code_deployment(workspace, models), ""
    if not hasattr(config, "_keep_code"):
        raise InvalidServiceError(
            f"inference_config is an InferenceConfig(entry_script, environment=…), not {described(config)}."
        )
    code = config._keep_code(workspace.store)
    made = Deployment(
        entry_script=code.entry_script,
        code=code.files,
        models=models,
        environment=config._definition(),
        requested=_source_of(config),
    )
    return made, code.notice


def _source_of(config: object) -> dict[str, Any]:
    """Where the code comes from, so that a local service can be reloaded from there."""
    folder = getattr(config, "source_directory", None)
    script = getattr(config, "entry_script", None)
    if script is None:
        return {}
    return {
        "source_directory": None if folder is None else os.path.abspath(folder),  # noqa: PTH100 -- links stay
        "entry_script": str(script) if folder is not None else os.path.abspath(script),  # noqa: PTH100
    }


def image_deployment(image: object, call: str) -> Deployment:
    """What an image runs; raises InvalidServiceError for anything that is no image."""
    record = getattr(image, "_record", None)
    found = getattr(record, "deployment", None)
    if record is None or not isinstance(found, Deployment):
        raise InvalidServiceError(
            f"{call} takes an image, as Image(workspace, name) gives it, not {described(image)}."
        )
    return replace(found, requested={**found.requested, "image": record.id})


def configuration_of(
    given: object, target: object, call: str
) -> tuple[WebserviceDeploymentConfiguration, str | None]:
    """The deployment configuration, Azure's default if None, and the name of the compute target."""
    name = None if target is None else str(getattr(target, "name", target))
    if given is None:
        return (
            AksServiceDeploymentConfiguration if name else AciServiceDeploymentConfiguration
        )(), name
    if not isinstance(given, WebserviceDeploymentConfiguration):
        raise InvalidServiceError(
            f"{call} takes as deployment_config what AciWebservice.deploy_configuration() gives, or that of "
            f"AksWebservice, AksEndpoint or LocalWebservice; not {described(given)}."
        )
    given.validate_configuration()
    if name and given._kind in (ServiceKind.LOCAL, ServiceKind.ACI):
        raise InvalidServiceError(
            f"deployment_target is for AKS, and the configuration is for {given._kind}: leave out deployment_target, "
            "or use AksWebservice.deploy_configuration()."
        )
    return given, name


def deploy_base(
    workspace: Workspace,
    name: str,
    base: Deployment,
    deployment_config: object = None,
    deployment_target: object = None,
    *,
    overwrite: bool = False,
    call: str = "Model.deploy",
) -> Webservice:
    """Deploy models with their code, as a deployment configuration says; returns as soon as it starts."""
    config, target = configuration_of(deployment_config, deployment_target, call)
    given = config._given()
    made = config._applied(base)
    if target:
        made = replace(made, requested={**made.requested, "compute_target_name": target})
    is_endpoint = config._kind is ServiceKind.AKS_ENDPOINT
    version = given.get("version_name", NO_VERSION) if is_endpoint else ""
    port = given.get("port")
    if (
        overwrite
        and port is not None
        and port in [one.port for one in registry.services(workspace.store) if one.name == name]
    ):
        port = None  # it listens there already
    record = deployments.deploy(
        workspace.store,
        name,
        config._kind,
        made,
        description=given.get("description", ""),
        tags=texts(given.get("tags")),
        properties=texts(given.get("properties")),
        overwrite=overwrite,
        version=version,
        port=port,
    )
    for which in ("primary", "secondary"):
        if f"{which}_key" in given:
            key.regenerate(workspace.store, record, which, given[f"{which}_key"])
    if given.get("ssl_enabled"):
        print(
            f"TLS is not used on this machine: {name} answers at http://, to this machine alone. The request is kept."
        )
    return handles.Webservice._of(workspace, record)


def texts(labels: Mapping[str, Any] | None) -> dict[str, str | None]:
    """Tags or properties as they are kept: text by text."""
    return {name: str(value) for name, value in (labels or {}).items()}


def deploy_models(
    workspace: Workspace,
    name: str,
    models: Sequence[Model],
    config: ScoringConfig | None,
    deployment_config: object = None,
    deployment_target: object = None,
    *,
    overwrite: bool = False,
    show_output: bool = False,
    call: str = "Model.deploy",
) -> Webservice:
    """Deploy registered models, as ``Model.deploy`` and ``Webservice.deploy_from_model`` do.

    Raises:
        InvalidServiceError: the name is invalid or taken, or an argument is wrong.
    """
    check_workspace(workspace, call)
    configuration_of(deployment_config, deployment_target, call)
    ids = model_ids(workspace, models, call)
    refuse_taken(workspace, name, overwrite=overwrite)
    base, notice = base_deployment(workspace, ids, config)
    if notice:
        print(notice)
    service = deploy_base(
        workspace, name, base, deployment_config, deployment_target, overwrite=overwrite, call=call
    )
    if show_output:
        print(f"Deploying {name}: {', '.join(ids) or 'no models'}, {base.entry_script}")
    return service


def check_workspace(workspace: object, call: str) -> None:
    """Raises InvalidServiceError if it is none."""
    if not isinstance(workspace, handles.Workspace):
        raise InvalidServiceError(f"{call} takes a Workspace first, not {described(workspace)}.")


def refuse_taken(workspace: Workspace, name: str, *, overwrite: bool) -> None:
    """Raises ServiceExistsError if there is a service of that name; before files are kept."""
    if not overwrite and any(one.name == name for one in registry.services(workspace.store)):
        raise ServiceExistsError(
            f"Service with name {name} already exists; use another name, overwrite=True, or delete it: "
            f"Webservice(workspace, {name!r}).delete()."
        )


def changed_deployment(
    workspace: Workspace, now: Deployment, given: Mapping[str, Any]
) -> Deployment:
    """The deployment with other models, another script, or other options."""
    rest = {
        name: value
        for name, value in given.items()
        if name not in ("models", "inference_config", "image")
    }
    if "image" in given:
        if "models" in given or "inference_config" in given:
            raise InvalidServiceError(
                "An image has models and script: leave out image, or models and inference_config."
            )
        base = image_deployment(given["image"], "update")
        now = replace(now, entry_script=base.entry_script, code=base.code, models=base.models,
                      environment=base.environment, requested={**now.requested, **base.requested})  # fmt: skip
    if "models" in given:
        ids = model_ids(workspace, given["models"], "update")
        now = replace(now, models=ids)
    if "inference_config" in given:
        base, notice = base_deployment(workspace, now.models, given["inference_config"])
        if notice:
            print(notice)
        now = replace(now, entry_script=base.entry_script, code=base.code, environment=base.environment,
                      requested={**now.requested, **base.requested})  # fmt: skip
    return changed(now, rest)
