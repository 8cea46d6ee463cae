"""Web services."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from aml_magics.errors import (
    ServiceNotFoundError,
    StoreError,
    WebserviceError,
    described,
    did_you_mean,
)
from aml_magics.records.service import ServiceKind
from aml_magics.sdk import handles
from aml_magics.sdk.model.argument import has_labels
from aml_magics.sdk.service import deployment as deploying
from aml_magics.sdk.service.access import WebserviceAccess
from aml_magics.sdk.service.configuration import check_options, given_of
from aml_magics.sdk.workspace.collection import Collection
from aml_magics.services.service import deployment as deployments
from aml_magics.services.service import registry
from aml_magics.services.service.waiting import still_answering

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping, Sequence

    from aml_magics.records.service import ServiceRecord
    from aml_magics.sdk.model.argument import Labels
    from aml_magics.sdk.model.model import Model
    from aml_magics.sdk.service.deployment import ScoringConfig
    from aml_magics.sdk.workspace.workspace import Workspace

_CLASSES: Final = {
    ServiceKind.LOCAL: "LocalWebservice",
    ServiceKind.ACI: "AciWebservice",
    ServiceKind.AKS: "AksWebservice",
    ServiceKind.AKS_ENDPOINT: "AksEndpoint",
}
_EDITED: Final = ("tags", "properties", "description")


class Webservice(WebserviceAccess):
    """A web service of this machine.

    ``Webservice(workspace, name)`` gives an object of the class that it was deployed as. What it says of the service
    is read again each time.

    Raises:
        ServiceNotFoundError: no service has that name.
        WebserviceError: the service is of another class than the one that is called.
    """

    def __new__(cls, workspace: Workspace, name: str, **_azure: object) -> Self:
        """Find the service."""
        deploying.check_workspace(workspace, f"{cls.__name__}(workspace, name)")
        found = Webservice._of(workspace, registry.get(workspace.store, name))
        if not isinstance(found, cls):
            raise WebserviceError(
                f"Service {name!r} is of class {type(found).__name__}, not {cls.__name__}; "
                "Webservice(workspace, name) gives any."
            )
        return found

    def __init__(self, workspace: Workspace, name: str) -> None:
        """As ``__new__`` found it."""

    @staticmethod
    def _of(workspace: Workspace, record: ServiceRecord) -> Webservice:
        kind: type[Webservice] = getattr(handles, _CLASSES[record.kind])
        made = object.__new__(kind)
        made._workspace, made._record = workspace, record
        return made

    # -- deployed and found -------------------------------------------------------------------

    @staticmethod
    def deploy(
        workspace: Workspace,
        name: str,
        model_paths: Sequence[str],
        image_config: ScoringConfig,
        deployment_config: object = None,
        deployment_target: object = None,
        overwrite: bool = False,
    ) -> Webservice:
        """Register files as models, and deploy them; ``Model.deploy`` deploys models that are registered."""
        call = "Webservice.deploy"
        deploying.check_workspace(workspace, call)
        if isinstance(model_paths, str) or not hasattr(model_paths, "__iter__"):
            raise WebserviceError(f"model_paths is a list of paths, not {described(model_paths)}.")
        deploying.refuse_taken(workspace, name, overwrite=overwrite)
        models = [
            handles.Model.register(workspace, path, Path(path).resolve().name)
            for path in model_paths
        ]
        return deploying.deploy_models(
            workspace,
            name,
            models,
            image_config,
            deployment_config,
            deployment_target,
            overwrite=overwrite,
            call=call,
        )

    @staticmethod
    def deploy_from_model(
        workspace: Workspace,
        name: str,
        models: Sequence[Model],
        image_config: ScoringConfig,
        deployment_config: object = None,
        deployment_target: object = None,
        overwrite: bool = False,
    ) -> Webservice:
        """Deploy registered models; ``Model.deploy`` is the newer name."""
        return deploying.deploy_models(
            workspace,
            name,
            models,
            image_config,
            deployment_config,
            deployment_target,
            overwrite=overwrite,
            call="Webservice.deploy_from_model",
        )

    @staticmethod
    def deploy_from_image(
        workspace: Workspace,
        name: str,
        image: object,
        deployment_config: object = None,
        deployment_target: object = None,
        overwrite: bool = False,
    ) -> Webservice:
        """Deploy what an image holds."""
        call = "Webservice.deploy_from_image"
        deploying.check_workspace(workspace, call)
        deploying.refuse_taken(workspace, name, overwrite=overwrite)
        base = deploying.image_deployment(image, call)
        return deploying.deploy_base(
            workspace,
            name,
            base,
            deployment_config,
            deployment_target,
            overwrite=overwrite,
            call=call,
        )

    @staticmethod
    def deploy_local_from_model(
        workspace: Workspace,
        name: str,
        models: Sequence[Model],
        image_config: ScoringConfig,
        deployment_config: object = None,
        wait: bool = False,
    ) -> Webservice:
        """Deploy registered models as a LocalWebservice; one of that name gets a new revision."""
        service = deploying.deploy_models(
            workspace,
            name,
            models,
            image_config,
            deployment_config or handles.LocalWebservice.deploy_configuration(),
            overwrite=True,
            call="Webservice.deploy_local_from_model",
        )
        if wait:
            service.wait_for_deployment(show_output=True)
        return service

    @staticmethod
    def check_for_existing_webservice(
        workspace: Workspace,
        name: str,
        overwrite: bool = False,
        request_func: object = None,
        check_func: object = None,
    ) -> None:
        """Raises WebserviceError if there is a service of that name, and ``overwrite`` is false."""
        del request_func, check_func
        deploying.refuse_taken(workspace, name, overwrite=overwrite)

    @staticmethod
    def list(
        workspace: Workspace,
        compute_type: str | None = None,
        image_name: str | None = None,
        image_id: str | None = None,
        model_name: str | None = None,
        model_id: str | None = None,
        tags: Labels | None = None,
        properties: Labels | None = None,
        image_digest: str | None = None,
    ) -> builtins.list[Webservice]:
        """The services of a workspace, by name.

        Args:
            compute_type: ``ACI``, ``AKS``, ``AKSENDPOINT`` or ``Local``.
            image_name: only those of an image.
            image_id: only those of an image's version.
            model_name: only those that run a model.
            model_id: only those that run a model's version.
            tags: only with all of these, each ``"key"`` or ``["key", "value"]``.
            properties: likewise.
            image_digest: only those of an image with this digest; nothing here has one.
        """
        deploying.check_workspace(workspace, "Webservice.list")
        kind = None if compute_type is None else _kind_of(compute_type)
        found = registry.services(
            workspace.store, kind=kind, model_name=model_name, model_id=model_id
        )
        services = [
            Webservice._of(workspace, one)
            for one in found
            if has_labels(one.tags, tags) and has_labels(one.properties, properties)
        ]
        return [one for one in services if one._is_of_image(image_name, image_id, image_digest)]

    @staticmethod
    def _deploy_models(*arguments: Any, **options: Any) -> Webservice:  # noqa: ANN401 -- those of deploy_models
        return deploying.deploy_models(*arguments, **options)

    @staticmethod
    def _print_configuration(
        models: Sequence[Model],
        inference_config: object,
        deployment_config: object,
        deployment_target: object,
    ) -> None:
        target = getattr(deployment_target, "name", deployment_target)
        parts = {
            "models": [getattr(one, "id", str(one)) for one in models or ()],
            "inference_config": repr(inference_config),
            "deployment_config": repr(deployment_config),
            "deployment_target": None if target is None else str(target),
        }
        print(json.dumps(parts, indent=4))

    # -- changed ------------------------------------------------------------------------------

    def update(self, **options: Any) -> None:  # noqa: ANN401 -- a class of its own names them
        """Change what is given; each class names its options."""
        self._update(options)

    def _update(self, values: Mapping[str, Any]) -> None:
        given = given_of(values)
        record = self._now()
        if not given:
            raise WebserviceError(
                "No parameters provided to update; name what to change, such as update(enable_app_insights=True)."
            )
        runs = {name: value for name, value in given.items() if name not in _EDITED}
        check_options(given)
        if any(name in given for name in _EDITED):
            self._record = deployments.edit(
                self._workspace.store,
                record.name,
                description=given.get("description"),
                tags=None if "tags" not in given else deploying.texts(given["tags"]),
                properties=deploying.texts(given.get("properties")),
            )
        if runs:
            made = deploying.changed_deployment(self._workspace, self._deployment(), runs)
            self._record = deployments.update(self._workspace.store, record.name, made)
            self._show_update()

    def _show_update(self) -> None:
        """Print the progress of an update; the older revision answers meanwhile, and also if it fails."""
        print("Running", end="", flush=True)
        try:
            self._wait(True, None)
        except WebserviceError as error:  # `wait_for_deployment` raises it, as Azure's does
            older = still_answering(self._workspace.store, self._now())
            goes_on = f" Revision {older} goes on to answer." if older else ""
            print(
                f"\nFailed: {str(error).splitlines()[0].rstrip('.')}.{goes_on} get_logs() says more."
            )
        else:
            print("\nSucceeded")

    def add_tags(self, tags: Mapping[str, Any]) -> None:
        """Set tags; the others stay."""
        check_options({"tags": tags})
        self._edit(tags={**self._now().tags, **deploying.texts(tags)})

    def remove_tags(self, tags: str | Sequence[str]) -> None:
        """Remove tags by name; a name that is not there does nothing."""
        if not hasattr(tags, "__iter__"):
            raise WebserviceError(f"remove_tags takes the names of tags, not {described(tags)}.")
        removed = [tags] if isinstance(tags, str) else tags
        self._edit(
            tags={key: value for key, value in self._now().tags.items() if key not in removed}
        )

    def add_properties(self, properties: Mapping[str, Any]) -> None:
        """Add properties; raises PropertyExistsError for one that has another value."""
        check_options({"properties": properties})
        self._edit(properties=deploying.texts(properties))

    def _edit(self, **labels: Any) -> None:  # noqa: ANN401 -- tags or properties
        self._record = deployments.edit(self._workspace.store, self.name, **labels)

    def delete(self) -> None:
        """Stop it, and delete it with its revisions; its models stay."""
        deployments.delete(self._workspace.store, self._now().name)
        self._is_deleted = True

    # -- written ------------------------------------------------------------------------------

    @classmethod
    def deserialize(cls, workspace: Workspace, webservice_payload: Mapping[str, Any]) -> Webservice:
        """The service that ``serialize`` described; raises ServiceNotFoundError if it is gone."""
        name = webservice_payload.get("name") if hasattr(webservice_payload, "get") else None
        if not name:
            raise WebserviceError(
                f"deserialize takes what serialize gave, a dict with a name; not {described(webservice_payload)}."
            )
        return cls(workspace, name)

    # -- shown --------------------------------------------------------------------------------

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any] | None:
        from aml_magics.views.service.output import service_output
        from aml_magics.views.service.service import service_view

        with suppress(StoreError, ServiceNotFoundError):  # the plain text goes on
            store = self._workspace.store
            bundle = service_output(
                store.record.name, service_view(store, self._record.name)
            ).bundle()
            del bundle["text/plain"]  # there Azure's own form stands
            return bundle
        return None


class Webservices(Collection[Webservice]):
    """The services of a workspace."""

    def __getitem__(self, name: str) -> Webservice:
        return Webservice(self._workspace, name)

    def _drawn(self) -> dict[str, Any]:
        from aml_magics.views.service.output import services_output
        from aml_magics.views.service.services import services_view

        output = services_output(services_view(self._workspace.store))
        return {**output.payload(), "text/html": output.html}

    def _names(self) -> list[str]:
        return [one.name for one in registry.services(self._workspace.store)]


def _kind_of(name: object) -> ServiceKind:
    kinds = {str(one).lower(): one for one in ServiceKind}
    found = kinds.get(str(name).lower())
    if found is None:
        known = [str(one) for one in ServiceKind]
        raise WebserviceError(
            f"compute_type is one of {', '.join(known)}, not {described(name)}.{did_you_mean(str(name).upper(), known)}"
        )
    return found
