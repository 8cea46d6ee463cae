"""What a deployment configuration may ask for, how it is checked, and what a service makes of it.

A deployment configuration and an ``update`` take the same options. An option that is None is not given.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import InvalidServiceError, described
from aml_magics.records.service import Authentication, Deployment, Scaling, ServiceKind

if TYPE_CHECKING:
    from collections.abc import Iterable

_ABOVE_ZERO: Final = (
    "cpu_cores", "memory_gb", "cpu_cores_limit", "memory_gb_limit", "scoring_timeout_ms",
    "replica_max_concurrent_requests", "num_replicas", "autoscale_min_replicas", "autoscale_max_replicas",
    "autoscale_refresh_seconds", "autoscale_target_utilization", "period_seconds", "timeout_seconds",
    "success_threshold", "failure_threshold", "port", "num_lines",
)  # fmt: skip
_NOT_NEGATIVE: Final = (
    "gpu_cores",
    "max_request_wait_time",
    "initial_delay_seconds",
    "traffic_percentile",
    "timeout_sec",
)
_WHOLE: Final = (
    "scoring_timeout_ms", "replica_max_concurrent_requests", "num_replicas", "autoscale_min_replicas",
    "autoscale_max_replicas", "autoscale_refresh_seconds", "autoscale_target_utilization", "max_request_wait_time",
    "gpu_cores", "period_seconds", "initial_delay_seconds", "timeout_seconds", "success_threshold",
    "failure_threshold", "port", "num_lines",
)  # fmt: skip
_FLAGS: Final = (
    "auth_enabled", "token_auth_enabled", "enable_app_insights", "collect_model_data", "ssl_enabled",
    "autoscale_enabled", "blobfuse_enabled", "is_default", "is_control_version_type",
)  # fmt: skip
_TEXTS: Final = (
    "description", "location", "ssl_cert_pem_file", "ssl_key_pem_file", "ssl_cname", "dns_name_label",
    "primary_key", "secondary_key", "cmk_vault_base_url", "cmk_key_name", "cmk_key_version", "vnet_name",
    "subnet_name", "namespace", "compute_target_name", "version_name",
)  # fmt: skip
_MOST: Final = {"autoscale_target_utilization": 100, "traffic_percentile": 100, "port": 65_535}
_ELSEWHERE: Final = frozenset(
    (
        "auth_enabled", "token_auth_enabled", "enable_app_insights", "collect_model_data", "tags", "properties",
        "description", "primary_key", "secondary_key", "port", "version_name", "traffic_percentile", "is_default",
        "is_control_version_type", "ssl_cert_pem_file", "ssl_key_pem_file", "num_replicas",
    )
)  # fmt: skip
"""Options that are kept in a field of their own, or not at all; the rest is kept as it was asked for."""

GIGABYTE: Final = 1_000_000_000
MOST_REPLICAS: Final = 10
"""What AKS scales up to when nothing is said; here also no more than there are cores."""


def given_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The options that are given, of the local names of a function that takes them."""
    return {
        name: value
        for name, value in values.items()
        if value is not None and name not in ("self", "__class__")
    }


def check_options(given: Mapping[str, Any]) -> None:
    """Check each option and what goes together; raises InvalidServiceError for the first that is wrong."""
    for name, value in given.items():
        if name in _FLAGS and not isinstance(value, bool):
            raise InvalidServiceError(f"{name} is True or False, not {described(value)}.")
        if name in _TEXTS and not isinstance(value, str | os.PathLike):
            raise InvalidServiceError(f"{name} is text, not {described(value)}.")
        if name in ("tags", "properties"):
            _check_labels(name, value)
        if name in _ABOVE_ZERO or name in _NOT_NEGATIVE:
            _check_number(name, value)
    _check_keys(given)
    _check_tls(given)
    _check_scaling(given)
    for least, most in (("cpu_cores", "cpu_cores_limit"), ("memory_gb", "memory_gb_limit")):
        if least in given and most in given and given[most] < given[least]:
            raise InvalidServiceError(
                f"{most}={given[most]:g} is less than {least}={given[least]:g}; a limit is at least as much."
            )


def _check_number(name: str, value: object) -> None:
    kind = int if name in _WHOLE else (int, float)
    rule = "a whole number" if name in _WHOLE else "a number"
    least = "above 0" if name in _ABOVE_ZERO else "of at least 0"
    most = _MOST.get(name)
    limit = f" and at most {most}" if most else ""
    if isinstance(value, bool) or not isinstance(value, kind):
        raise InvalidServiceError(f"{name} is {rule} {least}{limit}, not {described(value)}.")
    is_low = value <= 0 if name in _ABOVE_ZERO else value < 0
    if is_low or not math.isfinite(value) or (most and value > most):
        raise InvalidServiceError(f"{name} is {rule} {least}{limit}, not {value}.")


def _check_labels(name: str, value: object) -> None:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise InvalidServiceError(
            f"{name} is a dict of texts such as {{'area': 'sales'}}, not {described(value)}."
        )


def _check_keys(given: Mapping[str, Any]) -> None:
    if given.get("auth_enabled") and given.get("token_auth_enabled"):
        raise InvalidServiceError(
            "auth_enabled asks for keys and token_auth_enabled for tokens, and a service has one of them: "
            "leave one out."
        )
    for name in ("primary_key", "secondary_key"):
        key = given.get(name)
        if key is None:
            continue
        if given.get("auth_enabled") is False or given.get("token_auth_enabled"):
            raise InvalidServiceError(
                f"{name} is a key, and auth_enabled is not on: leave it out, or set auth_enabled=True."
            )
        if not key.strip() or not key.isascii() or not key.isprintable():
            raise InvalidServiceError(
                f"{name} is printable ASCII text, as it stands in an HTTP header."
            )


def _check_tls(given: Mapping[str, Any]) -> None:
    names = ("ssl_cert_pem_file", "ssl_key_pem_file")
    if given.get("ssl_enabled"):
        missing = [name for name in (*names, "ssl_cname") if name not in given]
        if missing:
            raise InvalidServiceError(f"ssl_enabled=True needs {', '.join(missing)}, too.")
    for name in names:
        if name in given and not Path(given[name]).is_file():
            raise InvalidServiceError(f"{name} {str(given[name])!r} doesn't exist.")


def _check_scaling(given: Mapping[str, Any]) -> None:
    scaling = [
        name for name in given if name.startswith("autoscale_") and name != "autoscale_enabled"
    ]
    if given.get("autoscale_enabled") is False and scaling:
        raise InvalidServiceError(f"autoscale_enabled=False does not go with {', '.join(scaling)}.")
    if given.get("autoscale_enabled") is False and "num_replicas" not in given:
        raise InvalidServiceError("autoscale_enabled=False needs num_replicas, how many there are.")
    if "num_replicas" in given and (given.get("autoscale_enabled") or scaling):
        raise InvalidServiceError(
            "num_replicas is how many replicas there always are, so it does not go with "
            f"{', '.join(scaling) or 'autoscale_enabled=True'}: leave one out."
        )
    least, most = given.get("autoscale_min_replicas"), given.get("autoscale_max_replicas")
    if least is not None and most is not None and least > most:
        raise InvalidServiceError(
            f"autoscale_min_replicas={least} is more than autoscale_max_replicas={most}."
        )


def changed(deployment: Deployment, given: Mapping[str, Any]) -> Deployment:
    """The deployment with the options that are given."""
    limits = deployment.limits
    if "scoring_timeout_ms" in given:
        limits = replace(limits, scoring=given["scoring_timeout_ms"] / 1000)
    if "max_request_wait_time" in given:
        limits = replace(limits, wait=given["max_request_wait_time"] / 1000)
    if "replica_max_concurrent_requests" in given:
        limits = replace(limits, concurrent=given["replica_max_concurrent_requests"])
    if "memory_gb_limit" in given:
        limits = replace(limits, memory=int(given["memory_gb_limit"] * GIGABYTE))
    authentication = deployment.authentication
    if given.get("token_auth_enabled"):
        authentication = Authentication.TOKEN
    elif "auth_enabled" in given:
        authentication = Authentication.KEY if given["auth_enabled"] else Authentication.NONE
    elif given.get("token_auth_enabled") is False and authentication is Authentication.TOKEN:
        authentication = Authentication.KEY
    asked = {name: _plain(value) for name, value in given.items() if name not in _ELSEWHERE}
    return replace(
        deployment,
        limits=limits,
        authentication=authentication,
        scaling=_scaling(deployment.scaling, given),
        collects_data=given.get("collect_model_data", deployment.collects_data),
        app_insights=given.get("enable_app_insights", deployment.app_insights),
        requested={**deployment.requested, **asked},
    )


def _scaling(now: Scaling, given: Mapping[str, Any]) -> Scaling:
    if "num_replicas" in given:
        return replace(now, minimum=given["num_replicas"], maximum=given["num_replicas"])
    minimum = given.get("autoscale_min_replicas", now.minimum)
    maximum = given.get("autoscale_max_replicas", max(now.maximum, minimum))
    if given.get("autoscale_enabled") and "autoscale_max_replicas" not in given:
        maximum = max(maximum, default_replicas())
    if minimum > maximum:
        raise InvalidServiceError(
            f"The service would have at least {minimum} replicas and at most {maximum}; "
            "change autoscale_min_replicas and autoscale_max_replicas together."
        )
    return Scaling(
        minimum,
        maximum,
        given.get("autoscale_target_utilization", now.target),
        float(given.get("autoscale_refresh_seconds", now.refresh)),
    )


def default_replicas() -> int:
    """Up to how many replicas AKS scales on this machine when nothing is said."""
    return min(MOST_REPLICAS, os.cpu_count() or 1)


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool) else str(value)


class WebserviceDeploymentConfiguration:
    """Options of a deployment, each an attribute of its name; None where it is not given.

    Raises:
        InvalidServiceError: an option is not of its type, out of its range, or does not go with another.
    """

    _kind: ServiceKind
    _shown: tuple[str, ...] = ()

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 -- each has a type of its own
        vars(self).update(options)
        self.validate_configuration()

    def validate_configuration(self) -> None:
        """Check everything again; raises InvalidServiceError for the first thing that is wrong."""
        check_options(self._given())

    def print_deploy_configuration(self) -> None:
        """Print the options that are given; keys are masked."""
        for name, value in self._given().items():
            print(f"{name}: {'***' if name.endswith('_key') else value}")

    def _given(self) -> dict[str, Any]:
        return given_of(vars(self))

    def _applied(self, base: Deployment) -> Deployment:
        """What is deployed of models and code as it is asked for here."""
        return changed(base, self._given())

    def _shows(self, names: Iterable[str]) -> str:
        given = self._given()
        return ", ".join(f"{name}={given[name]!r}" for name in names if name in given)

    def __repr__(self) -> str:
        names = [name for name in vars(self) if not name.endswith("_key")]
        return f"{type(self).__name__}({self._shows(names)})"


class LocalWebserviceDeploymentConfiguration(WebserviceDeploymentConfiguration):
    """``LocalWebservice.deploy_configuration``."""

    _kind = ServiceKind.LOCAL


class AciServiceDeploymentConfiguration(WebserviceDeploymentConfiguration):
    """``AciWebservice.deploy_configuration``."""

    _kind = ServiceKind.ACI

    def validate_configuration(self) -> None:
        """Check everything again; raises InvalidServiceError for the first thing that is wrong."""
        super().validate_configuration()
        given = self._given()
        groups = (
            ("cmk_vault_base_url", "cmk_key_name", "cmk_key_version"),
            ("vnet_name", "subnet_name"),
        )
        for group in groups:
            missing = [name for name in group if name not in given]
            if missing and len(missing) < len(group):
                raise InvalidServiceError(
                    f"{', '.join(group)} come together: add {', '.join(missing)}."
                )


class AksServiceDeploymentConfiguration(WebserviceDeploymentConfiguration):
    """``AksWebservice.deploy_configuration``."""

    _kind = ServiceKind.AKS

    def _applied(self, base: Deployment) -> Deployment:
        scaling = replace(base.scaling, maximum=default_replicas())
        return changed(
            replace(base, authentication=Authentication.KEY, scaling=scaling), self._given()
        )


class AksEndpointDeploymentConfiguration(AksServiceDeploymentConfiguration):
    """``AksEndpoint.deploy_configuration``."""

    _kind = ServiceKind.AKS_ENDPOINT
