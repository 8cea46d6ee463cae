"""Web services for trying out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, Self

from aml_magics.errors import WebserviceError
from aml_magics.records.service import ServiceKind, ServiceRecord, ServiceState
from aml_magics.sdk.service import deployment as deploying
from aml_magics.sdk.service.configuration import (
    LocalWebserviceDeploymentConfiguration,
    WebserviceDeploymentConfiguration,
    given_of,
)
from aml_magics.sdk.service.inference_config import InferenceConfig
from aml_magics.sdk.service.webservice import Webservice
from aml_magics.services.service import deployment as deployments
from aml_magics.services.service import registry

if TYPE_CHECKING:
    import builtins
    from collections.abc import Sequence

    from aml_magics.sdk.model.model import Model
    from aml_magics.sdk.service.deployment import ScoringConfig
    from aml_magics.sdk.workspace.workspace import Workspace

_STATES = {
    ServiceState.TRANSITIONING: "deploying",
    ServiceState.HEALTHY: "running",
    ServiceState.UNHEALTHY: "failed",
    ServiceState.FAILED: "failed",
    ServiceState.STOPPED: "stopped",
    ServiceState.DELETING: "deleted",
}
"""What Azure calls the states of a local service."""


class LocalWebservice(Webservice):
    """One replica without keys, which can be loaded again from its folder.

    Args:
        must_exist: whether an unknown name is an error now; else the first use tells it.
    """

    def __new__(cls, workspace: Workspace, name: str, must_exist: bool = True) -> Self:
        """Find the service."""
        is_there = any(one.name == name for one in registry.services(workspace.store))
        if is_there or must_exist:
            return super().__new__(cls, workspace, name)
        nothing = ServiceRecord(name, ServiceKind.LOCAL, 0, 0, 0, ServiceState.DELETING, host="")
        made = object.__new__(cls)
        made._workspace, made._record = workspace, nothing
        return made

    def __init__(self, workspace: Workspace, name: str, must_exist: bool = True) -> None:
        """As ``__new__`` found it."""

    @staticmethod
    def deploy_configuration(port: int | None = None) -> LocalWebserviceDeploymentConfiguration:
        """What ``Model.deploy`` takes; ``port`` is where it listens, a free one if None.

        Raises:
            WebserviceError: the port is no number from 1 to 65535.
        """
        return LocalWebserviceDeploymentConfiguration(**given_of(locals()))

    @staticmethod
    def list(  # type: ignore[override]
        workspace: Workspace,
        model_name: str | None = None,
        model_id: str | None = None,
        all: bool | None = None,
    ) -> builtins.list[Webservice]:
        """The local services, by name: those that run, or all."""
        found = Webservice.list(
            workspace, compute_type=str(ServiceKind.LOCAL), model_name=model_name, model_id=model_id
        )
        return [one for one in found if all or one._record.state is not ServiceState.STOPPED]

    @property
    def state(self) -> str:
        """``deploying``, ``running``, ``failed``, ``stopped`` or ``deleted``."""
        return _STATES[ServiceState(super().state)]

    @property
    def port(self) -> int | None:
        """Where it listens; None before it does."""
        return self._known().port or None

    def run(self, input_data: object) -> Any:  # noqa: ANN401 -- what the service says
        """Send a request and return the answer; a text is sent as it is, anything else as JSON.

        Raises:
            WebserviceError: it does not answer, or with another status than 200.
        """
        return super().run(input_data)

    def _finished(self) -> str:
        return f"Local webservice is running at http://localhost:{self.port}"

    def get_logs(self, num_lines: int = 5000, init: bool = False, raw: bool = False) -> str:
        """The last lines that the service printed; ``raw`` is accepted as in Azure."""
        del raw
        return super().get_logs(num_lines, init)

    def update(  # type: ignore[override]
        self,
        models: Sequence[Model] | None = None,
        image_config: ScoringConfig | None = None,
        deployment_config: WebserviceDeploymentConfiguration | None = None,
        wait: bool = False,
        inference_config: ScoringConfig | None = None,
    ) -> None:
        """Replace models, script, environment or options by a new revision; the older answers until that is ready.

        Args:
            models: other models.
            image_config: the older name of ``inference_config``.
            deployment_config: other options.
            wait: accepted as in Azure; the progress is printed anyway.
            inference_config: another script or environment.

        Raises:
            WebserviceError: nothing is given, or a value is wrong.
        """
        del wait
        given: dict[str, Any] = {} if deployment_config is None else deployment_config._given()
        port = given.pop("port", None)
        if port is not None and port != self.port:
            raise WebserviceError(
                f"Service {self.name!r} listens on {self.port} until it is deleted; deploy another on {port}."
            )
        config = inference_config if inference_config is not None else image_config
        self._update({**given, "models": models, "inference_config": config})

    def reload(self, wait: bool = False) -> None:
        """Run its script as it is in its folder now; the older revision answers until that is ready.

        Raises:
            WebserviceError: the folder or the script is gone.
        """
        del wait
        now = self._deployment()
        script = now.requested.get("entry_script")
        if not script:
            raise WebserviceError(
                f"Service {self.name!r} was not deployed from a script of this machine; update it instead."
            )
        config = InferenceConfig(
            script,
            source_directory=now.requested.get("source_directory"),
            environment=self.environment,
        )
        self._update({"inference_config": config})

    def deploy_to_cloud(
        self,
        name: str | None = None,
        deployment_config: WebserviceDeploymentConfiguration | None = None,
        deployment_target: object = None,
    ) -> Webservice:
        """Deploy the same models and script as an AciWebservice or AksWebservice, on this machine, too."""
        new = name or self.name
        if new == self.name:
            raise WebserviceError(
                f"Service with name {new} already exists: it is this one; give deploy_to_cloud(name=…) another name."
            )
        deploying.refuse_taken(self._workspace, new, overwrite=False)
        return deploying.deploy_base(
            self._workspace,
            new,
            self._deployment(),
            deployment_config,
            deployment_target,
            call="deploy_to_cloud",
        )

    def update_deployment_state(self, must_exist: bool = False) -> None:
        """Accepted as in Azure: what this object says is read again each time."""
        if must_exist:
            self._now()

    def delete(
        self, delete_cache: bool = True, delete_image: bool = False, delete_volume: bool = True
    ) -> None:
        """Stop it, and delete it; there is no container, and so no image and no volume."""
        del delete_cache, delete_image, delete_volume
        deployments.delete(self._workspace.store, self._now().name)
        self._is_deleted = True

    def _refuse_keys(self, what: str) -> NoReturn:
        raise WebserviceError(
            f"A local service has no {what}: anybody on this machine may call it. "
            "AciWebservice.deploy_configuration(auth_enabled=True) has keys."
        )
