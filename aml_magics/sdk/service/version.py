"""A version of an endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aml_magics.sdk import handles
from aml_magics.sdk.service.aks import AksWebservice
from aml_magics.services.service import registry

if TYPE_CHECKING:
    from aml_magics.records.service import Deployment, Traffic
    from aml_magics.sdk.service.endpoint import AksEndpoint
    from aml_magics.store.store import Store

CONTROL: Final = "Control"
TREATMENT: Final = "Treatment"
VERSION_PROPERTIES: Final = "version_properties"
"""The name of a version's properties in what its deployment asked for."""


class AksEndpointVersion(AksWebservice):
    """A version of an endpoint."""

    _traffic: Traffic

    @classmethod
    def _version_of(cls, endpoint: AksEndpoint, traffic: Traffic) -> AksEndpointVersion:
        made = object.__new__(cls)
        made._workspace, made._record, made._traffic = (
            endpoint._workspace,
            endpoint._record,
            traffic,
        )
        return made

    def _deployment(self) -> Deployment:
        return newest(self._workspace.store, self._record.name, self._traffic.version)

    @property
    def name(self) -> str:
        """The name of the version."""
        return self._traffic.version

    @property
    def endpoint_name(self) -> str:
        """The name of the endpoint."""
        return self._record.name

    @property
    def description(self) -> str:
        """Its description."""
        return self._traffic.description

    @property
    def tags(self) -> dict[str, str | None]:
        """Its tags; a copy."""
        return dict(self._traffic.tags)

    @property
    def properties(self) -> dict[str, str | None]:
        """Its properties; a copy."""
        return dict(self._deployment().requested.get(VERSION_PROPERTIES, {}))

    @property
    def is_default(self) -> bool:
        """Whether it gets the requests that no version has a percent for."""
        return self._traffic.is_default

    @property
    def traffic_percentile(self) -> float:
        """Its percent of the requests."""
        return self._traffic.percent

    @property
    def version_type(self) -> str:
        """``Control`` or ``Treatment``."""
        return CONTROL if self._traffic.is_control else TREATMENT

    def delete(self) -> None:
        """Delete the version."""
        handles.AksEndpoint(self._workspace, self._record.name).delete_version(self.name)

    def update(self, **options: Any) -> None:  # type: ignore[override]  # noqa: ANN401 -- those of update_version
        """Change it, as ``endpoint.update_version`` does."""
        handles.AksEndpoint(self._workspace, self._record.name).update_version(self.name, **options)

    def __repr__(self) -> str:
        return (
            f"AksEndpointVersion(endpoint={self._record.name}, name={self.name}, "
            f"traffic_percentile={self.traffic_percentile:g}, is_default={self.is_default}, "
            f"version_type={self.version_type})"
        )


def newest(store: Store, endpoint: str, version: str) -> Deployment:
    """What the newest revision of a version runs."""
    found = registry.revisions(store, endpoint)
    return next((one for one in found if one.version == version), found[0]).deployment
