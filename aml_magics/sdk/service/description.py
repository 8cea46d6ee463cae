"""What is known of a web service."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aml_magics.errors import NotFoundError, WebserviceError
from aml_magics.records.service import Authentication, ServiceState
from aml_magics.sdk import handles
from aml_magics.services.service import registry

if TYPE_CHECKING:
    from aml_magics.records.service import Deployment, ServiceRecord
    from aml_magics.sdk.environment.environment import Environment
    from aml_magics.sdk.model.model import Model
    from aml_magics.sdk.workspace.workspace import Workspace


class WebserviceDescription:
    """The attributes of a service; each is read again from the workspace."""

    _workspace: Workspace
    _record: ServiceRecord
    _is_deleted: bool = False

    def _now(self) -> ServiceRecord:
        """The service as it is now; raises ServiceNotFoundError if it is gone."""
        if self._is_deleted:
            raise WebserviceError(
                f"Service {self._record.name!r} was deleted by this object; deploy it again, or get another by "
                "Webservice(workspace, name)."
            )
        self._record = registry.get(self._workspace.store, self._record.name)
        return self._record

    def _known(self) -> ServiceRecord:
        """The service as it is now, or as it was when it was deleted."""
        return self._record if self._is_deleted else self._now()

    def _shown(self) -> ServiceRecord:
        """The service as it is now; when it is gone, as it was, and *Deleting*."""
        with suppress(NotFoundError):
            if not self._is_deleted:
                return self._now()
        return replace(self._record, state=ServiceState.DELETING)

    def _deployment(self) -> Deployment:
        """What its newest revision runs."""
        return registry.revisions(self._workspace.store, self._now().name)[0].deployment

    @property
    def workspace(self) -> Workspace:
        """The workspace."""
        return self._workspace

    @property
    def name(self) -> str:
        """The name."""
        return self._record.name

    @property
    def compute_type(self) -> str:
        """``ACI``, ``AKS``, ``AKSENDPOINT`` or ``Local``."""
        return str(self._record.kind)

    @property
    def state(self) -> str:
        """``Transitioning``, ``Healthy``, ``Unhealthy``, ``Failed``, ``Stopped`` or ``Deleting``."""
        return str(ServiceState.DELETING if self._is_deleted else self._now().state)

    @property
    def error(self) -> dict[str, Any] | None:
        """Why it is not healthy: code, message and details; None if it is."""
        error = self._known().error
        if error is None:
            return None
        details = [{"code": error.code, "message": one} for one in error.details]
        return {"code": error.code, "message": error.message, "details": details}

    @property
    def scoring_uri(self) -> str | None:
        """Where to POST requests; None before it listens."""
        return self._known().scoring_uri

    @property
    def swagger_uri(self) -> str | None:
        """Where its OpenAPI document is; None before it listens."""
        return self._known().swagger_uri

    @property
    def tags(self) -> dict[str, str | None]:
        """Its tags; a copy."""
        return dict(self._known().tags)

    @property
    def properties(self) -> dict[str, str | None]:
        """Its properties; a copy."""
        return dict(self._known().properties)

    @property
    def description(self) -> str:
        """Its description."""
        return self._known().description

    @property
    def created_time(self) -> datetime:
        """When it was deployed first."""
        return datetime.fromtimestamp(self._record.created, UTC)

    @property
    def updated_time(self) -> datetime:
        """When it was changed last."""
        return datetime.fromtimestamp(self._known().updated, UTC)

    @property
    def created_by(self) -> dict[str, str]:
        """Who deployed it."""
        return {"userName": self._record.author}

    @property
    def models(self) -> list[Model]:
        """The models that its newest revision runs."""
        return [handles.Model(self._workspace, id=one) for one in self._deployment().models]

    @property
    def environment(self) -> Environment | None:
        """What it runs with; None for the Python that deployed it."""
        written = self._deployment().environment
        return None if written is None else handles.Environment.from_dict(written)

    @property
    def image_id(self) -> str | None:
        """The id of the image that it was deployed from; None without one."""
        return self._deployment().requested.get("image")

    @property
    def image_digest(self) -> None:
        """None: no image is pulled to run it."""

    @property
    def image(self) -> None:
        """None: ask ``Image(workspace, id=service.image_id)``."""

    @property
    def auth_enabled(self) -> bool:
        """Whether callers need a key."""
        return self._deployment().authentication is Authentication.KEY

    @property
    def token_auth_enabled(self) -> bool:
        """Whether callers need a token."""
        return self._deployment().authentication is Authentication.TOKEN

    @property
    def enable_app_insights(self) -> bool:
        """Whether requests and answers are kept."""
        return self._deployment().app_insights

    def _is_of_image(self, name: str | None, id_: str | None, digest: str | None) -> bool:
        if name is None and id_ is None and digest is None:
            return True
        own = self.image_id or ""
        return (
            name in (None, own.rpartition(":")[0])
            and id_ in (None, own)
            and digest in (None, self.image_digest)
        )

    def serialize(self) -> dict[str, Any]:
        """All that is known of it, as a dict of JSON types."""
        record = self._now()
        deployment = self._deployment()
        return {
            "name": record.name,
            "description": record.description,
            "tags": record.tags,
            "properties": record.properties,
            "state": self.state,
            "createdTime": self.created_time.isoformat(),
            "updatedTime": self.updated_time.isoformat(),
            "createdBy": self.created_by,
            "error": self.error,
            "computeType": self.compute_type,
            "workspaceName": self._workspace.name,
            "imageId": deployment.requested.get("image"),
            "imageDigest": self.image_digest,
            "scoringUri": record.scoring_uri,
            "swaggerUri": record.swagger_uri,
            "authEnabled": deployment.authentication is Authentication.KEY,
            "aadAuthEnabled": deployment.authentication is Authentication.TOKEN,
            "appInsightsEnabled": deployment.app_insights,
            "dataCollection": {"storageEnabled": deployment.collects_data},
            "modelIds": [*deployment.models],
            "environment": deployment.environment,
            "entryScript": deployment.entry_script,
            "revision": record.revision,
            "requested": deployment.requested,
        }

    def __repr__(self) -> str:
        record = self._shown()
        return (
            f"{type(self).__name__}(workspace={self._workspace!r}, name={record.name}, "
            f"compute_type={record.kind}, state={record.state}, scoring_uri={record.scoring_uri}, tags={record.tags}, "
            f"properties={record.properties}, created_by={self.created_by})"
        )

    def _repr_html_(self) -> str:
        from aml_magics.views.run.static_handle import service_handle_html

        record = self._shown()
        return service_handle_html(
            name=self.name,
            compute_type=self.compute_type,
            state=str(record.state),
            address=record.scoring_uri,
        )

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, WebserviceDescription)
            and self.name == other.name
            and self._workspace == other._workspace
        )

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.name))
