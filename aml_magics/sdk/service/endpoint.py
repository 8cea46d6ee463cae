"""Endpoints: versions of a service behind one address, which share its requests."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidServiceError, did_you_mean
from aml_magics.records.service import Traffic
from aml_magics.sdk.service import deployment as deploying
from aml_magics.sdk.service.aks import AksWebservice
from aml_magics.sdk.service.configuration import (
    AksEndpointDeploymentConfiguration,
    check_options,
    given_of,
)
from aml_magics.sdk.service.version import (
    CONTROL,
    TREATMENT,
    VERSION_PROPERTIES,
    AksEndpointVersion,
    newest,
)
from aml_magics.services.service import deployment as deployments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.records.service import Deployment
    from aml_magics.sdk.model.model import Model
    from aml_magics.sdk.service.deployment import ScoringConfig

_SHARE = ("traffic_percentile", "is_default", "is_control_version_type", "description", "tags")


class AksEndpoint(AksWebservice):
    """Versions behind one address; each gets its percent of the requests, and the default version the rest."""

    @staticmethod
    def deploy_configuration(  # type: ignore[override]
        autoscale_enabled: bool | None = None,
        autoscale_min_replicas: int | None = None,
        autoscale_max_replicas: int | None = None,
        autoscale_refresh_seconds: int | None = None,
        autoscale_target_utilization: int | None = None,
        collect_model_data: bool | None = None,
        auth_enabled: bool | None = None,
        cpu_cores: float | None = None,
        memory_gb: float | None = None,
        enable_app_insights: bool | None = None,
        scoring_timeout_ms: int | None = None,
        replica_max_concurrent_requests: int | None = None,
        max_request_wait_time: int | None = None,
        num_replicas: int | None = None,
        primary_key: str | None = None,
        secondary_key: str | None = None,
        tags: Mapping[str, Any] | None = None,
        properties: Mapping[str, Any] | None = None,
        description: str | None = None,
        gpu_cores: int | None = None,
        period_seconds: int | None = None,
        initial_delay_seconds: int | None = None,
        timeout_seconds: int | None = None,
        success_threshold: int | None = None,
        failure_threshold: int | None = None,
        namespace: str | None = None,
        token_auth_enabled: bool | None = None,
        version_name: str | None = None,
        traffic_percentile: float | None = None,
        compute_target_name: str | None = None,
        cpu_cores_limit: float | None = None,
        memory_gb_limit: float | None = None,
    ) -> AksEndpointDeploymentConfiguration:
        """What ``Model.deploy`` takes: the options of an AksWebservice, and those of the first version.

        Args:
            autoscale_enabled: this and the next as in ``AksWebservice.deploy_configuration``.
            version_name: the name of the first version.
            traffic_percentile: checked; while it is the default version it gets what the others leave.

        Raises:
            InvalidServiceError: a value is not of its type, out of its range, or does not go with another.
        """
        return AksEndpointDeploymentConfiguration(**given_of(locals()))

    @property
    def versions(self) -> dict[str, AksEndpointVersion]:
        """The versions by name."""
        return {
            one.version: AksEndpointVersion._version_of(self, one) for one in self._now().traffic
        }

    def create_version(
        self,
        version_name: str,
        autoscale_enabled: bool | None = None,
        autoscale_min_replicas: int | None = None,
        autoscale_max_replicas: int | None = None,
        autoscale_refresh_seconds: int | None = None,
        autoscale_target_utilization: int | None = None,
        collect_model_data: bool | None = None,
        cpu_cores: float | None = None,
        memory_gb: float | None = None,
        scoring_timeout_ms: int | None = None,
        replica_max_concurrent_requests: int | None = None,
        max_request_wait_time: int | None = None,
        num_replicas: int | None = None,
        tags: Mapping[str, Any] | None = None,
        properties: Mapping[str, Any] | None = None,
        description: str | None = None,
        models: Sequence[Model] | None = None,
        inference_config: ScoringConfig | None = None,
        gpu_cores: int | None = None,
        period_seconds: int | None = None,
        initial_delay_seconds: int | None = None,
        timeout_seconds: int | None = None,
        success_threshold: int | None = None,
        failure_threshold: int | None = None,
        traffic_percentile: float | None = None,
        is_default: bool | None = None,
        is_control_version_type: bool | None = None,
        cpu_cores_limit: float | None = None,
        memory_gb_limit: float | None = None,
    ) -> None:
        """Add a version; without models or script it has those of the default version.

        Args:
            version_name: a name of its own.
            traffic_percentile: its percent of the requests; 0 if None.
            is_default: whether it gets the requests that no version has a percent for.
            is_control_version_type: whether others are compared with it.

        Raises:
            InvalidServiceError: the name is taken, more than 100 percent are given away, or a value is wrong.
        """
        given = _version_options(locals())
        record = self._now()
        if version_name in [one.version for one in record.traffic]:
            raise InvalidServiceError(
                f"Endpoint {self.name!r} has a version {version_name!r}; use another name, or update_version."
            )
        made = self._made(self._default(), {"properties": {}, **given})
        new = _shared(Traffic(version_name, 0, 0.0, False), given)
        self._check_shares((*record.traffic, new))
        record = deployments.update(self._workspace.store, self.name, made, version=version_name)
        added = next(one for one in record.traffic if one.version == version_name)
        rest = tuple(one for one in record.traffic if one.version != version_name)
        new = replace(new, revision=added.revision)
        self._set_shares((*rest, new), new)

    def update_version(
        self,
        version_name: str,
        autoscale_enabled: bool | None = None,
        autoscale_min_replicas: int | None = None,
        autoscale_max_replicas: int | None = None,
        autoscale_refresh_seconds: int | None = None,
        autoscale_target_utilization: int | None = None,
        collect_model_data: bool | None = None,
        cpu_cores: float | None = None,
        memory_gb: float | None = None,
        scoring_timeout_ms: int | None = None,
        replica_max_concurrent_requests: int | None = None,
        max_request_wait_time: int | None = None,
        num_replicas: int | None = None,
        tags: Mapping[str, Any] | None = None,
        properties: Mapping[str, Any] | None = None,
        description: str | None = None,
        models: Sequence[Model] | None = None,
        inference_config: ScoringConfig | None = None,
        gpu_cores: int | None = None,
        period_seconds: int | None = None,
        initial_delay_seconds: int | None = None,
        timeout_seconds: int | None = None,
        success_threshold: int | None = None,
        failure_threshold: int | None = None,
        traffic_percentile: float | None = None,
        is_default: bool | None = None,
        is_control_version_type: bool | None = None,
        cpu_cores_limit: float | None = None,
        memory_gb_limit: float | None = None,
    ) -> None:
        """Change what is given of a version; the others stay as they are.

        Raises:
            InvalidServiceError: there is no such version, nothing is given, or a value is wrong.
        """
        self._update_version(self._version(version_name), _version_options(locals()))

    def _update_version(self, now: Traffic, given: Mapping[str, Any]) -> None:
        if not given:
            raise InvalidServiceError(
                "No parameters provided to update; name what to change, such as traffic_percentile=20."
            )
        if now.is_default and given.get("is_default") is False:
            raise InvalidServiceError(
                f"Version {now.version!r} is the default one until another is: "
                "update_version(another, is_default=True)."
            )
        changed = _shared(now, given)
        others = tuple(one for one in self._now().traffic if one.version != now.version)
        self._check_shares((*others, changed))
        made = self._made(now, given)
        if changed != now:  # before the update: its end gives the version another revision
            self._set_shares((*others, changed), changed)
        if any(name not in _SHARE for name in given):
            deployments.update(self._workspace.store, self.name, made, version=now.version)
            self._show_update()

    def delete_version(self, version_name: str) -> None:
        """Delete a version; the default one gets its requests.

        Raises:
            InvalidServiceError: there is no such version, or it is the default one.
        """
        gone = self._version(version_name)
        rest = tuple(one for one in self._now().traffic if one.version != version_name)
        if gone.is_default:
            others = f": update_version({rest[0].version!r}, is_default=True)" if rest else ""
            raise InvalidServiceError(
                f"Version {version_name!r} of endpoint {self.name!r} is the default one and is not deleted; "
                f"make another the default first{others}, or delete the endpoint."
            )
        self._set_shares(rest, self._default())

    def update(  # type: ignore[override]
        self,
        auth_enabled: bool | None = None,
        token_auth_enabled: bool | None = None,
        enable_app_insights: bool | None = None,
        description: str | None = None,
        tags: Mapping[str, Any] | None = None,
        properties: Mapping[str, Any] | None = None,
    ) -> None:
        """Change what all versions share; ``update_version`` changes one.

        Raises:
            InvalidServiceError: nothing is given, or a value is wrong.
        """
        given = given_of(locals())
        shared = {name: given.pop(name) for name in [*given] if name in _ALL_VERSIONS}
        if given or not shared:
            self._update(given)
        check_options(shared)
        for one in self._now().traffic if shared else ():
            made = deploying.changed_deployment(
                self._workspace, self._version_deployment(one), shared
            )
            self._record = deployments.update(
                self._workspace.store, self.name, made, version=one.version
            )
        if shared:
            self._show_update()

    # -- shares -------------------------------------------------------------------------------

    def _version(self, name: str) -> Traffic:
        traffic = self._now().traffic
        found = next((one for one in traffic if one.version == name), None)
        if found is None:
            names = [one.version for one in traffic]
            raise InvalidServiceError(
                f"Endpoint {self.name!r} has no version {name!r}; it has {', '.join(names)}."
                f"{did_you_mean(str(name), names)}"
            )
        return found

    def _default(self) -> Traffic:
        traffic = self._now().traffic
        return next((one for one in traffic if one.is_default), traffic[0])

    def _made(self, version: Traffic, given: Mapping[str, Any]) -> Deployment:
        """What a version runs, changed by what is given."""
        runs = {name: value for name, value in given.items() if name not in _SHARE}
        properties = runs.pop("properties", None)
        made = deploying.changed_deployment(
            self._workspace, self._version_deployment(version), runs
        )
        if properties is None:
            return made
        kept = {VERSION_PROPERTIES: deploying.texts(properties)}
        return replace(made, requested={**made.requested, **kept})

    def _version_deployment(self, version: Traffic) -> Deployment:
        return newest(self._workspace.store, self.name, version.version)

    def _check_shares(self, traffic: tuple[Traffic, ...]) -> None:
        given = sum(one.percent for one in traffic if not one.is_default)
        if given > 100:
            shares = ", ".join(
                f"{one.version} {one.percent:g}" for one in traffic if not one.is_default
            )
            raise InvalidServiceError(
                f"The versions of endpoint {self.name!r} would get {given:g} percent ({shares}), and there are 100: "
                "lower one first by update_version(version_name, traffic_percentile=…)."
            )

    def _set_shares(self, traffic: tuple[Traffic, ...], chosen: Traffic) -> None:
        """Give each version its share, and the default one the rest; there is one default and one control version."""
        if chosen.is_default:
            traffic = _with_default(traffic, chosen)
        if chosen.is_control:
            traffic = tuple(
                replace(one, is_control=one.version == chosen.version) for one in traffic
            )
        others = sum(one.percent for one in traffic if not one.is_default)
        whole = tuple(
            replace(one, percent=max(100.0 - others, 0.0)) if one.is_default else one
            for one in traffic
        )
        self._record = deployments.set_traffic(self._workspace.store, self.name, whole)

    def serialize(self) -> dict[str, Any]:
        """All that is known of it and its versions, as a dict of JSON types."""
        versions = {
            one.version: {
                "trafficPercentile": one.percent,
                "isDefault": one.is_default,
                "type": CONTROL if one.is_control else TREATMENT,
                "description": one.description,
                "tags": one.tags,
                "revision": one.revision,
            }
            for one in self._now().traffic
        }
        return {**super().serialize(), "versions": versions}


_ALL_VERSIONS = ("auth_enabled", "token_auth_enabled", "enable_app_insights")


def _version_options(values: Mapping[str, Any]) -> dict[str, Any]:
    given = given_of(values)
    name = given.pop("version_name", None)
    if not isinstance(name, str) or not name.strip():
        raise InvalidServiceError(f"version_name is the name of a version, not {name!r}.")
    check_options(given)
    return given


def _shared(now: Traffic, given: Mapping[str, Any]) -> Traffic:
    return replace(
        now,
        percent=float(given.get("traffic_percentile", now.percent)),
        is_default=given.get("is_default", now.is_default),
        is_control=given.get("is_control_version_type", now.is_control),
        description=given.get("description", now.description),
        tags=deploying.texts(given["tags"]) if "tags" in given else now.tags,
    )


def _with_default(traffic: tuple[Traffic, ...], chosen: Traffic) -> tuple[Traffic, ...]:
    """Let one version be the default; the one before gets what is left beside its share."""
    before = [one.version for one in traffic if one.is_default and one.version != chosen.version]
    left = 100.0 - sum(one.percent for one in traffic if one.version not in before)
    return tuple(
        replace(
            one,
            is_default=one.version == chosen.version,
            percent=max(left, 0.0) if one.version in before else one.percent,
        )
        for one in traffic
    )
