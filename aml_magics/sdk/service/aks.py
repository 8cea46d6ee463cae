"""Web services as Azure Kubernetes Service would host them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.sdk.service.aci import DEFAULT_CORES, DEFAULT_MEMORY
from aml_magics.sdk.service.configuration import AksServiceDeploymentConfiguration, given_of
from aml_magics.sdk.service.resource import (
    AksServiceAccessToken,
    AutoScaler,
    ContainerResourceRequirements,
    DataCollection,
    LivenessProbeRequirements,
)
from aml_magics.sdk.service.webservice import Webservice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.sdk.model.model import Model
    from aml_magics.sdk.service.deployment import ScoringConfig

_PROBE = (
    "period_seconds", "initial_delay_seconds", "timeout_seconds", "success_threshold", "failure_threshold",
)  # fmt: skip


class AksWebservice(Webservice):
    """Several replicas, with keys unless tokens or neither are asked for."""

    @staticmethod
    def deploy_configuration(
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
        compute_target_name: str | None = None,
        cpu_cores_limit: float | None = None,
        memory_gb_limit: float | None = None,
        blobfuse_enabled: bool | None = None,
    ) -> AksServiceDeploymentConfiguration:
        """What ``Model.deploy`` takes. Cores, probes and names of the cluster are kept and shown, and not used here.

        Args:
            autoscale_enabled: whether there are more replicas under load; on unless ``num_replicas`` is given.
            autoscale_min_replicas: 1 if None.
            autoscale_max_replicas: 10 if None, and no more than this machine has cores.
            autoscale_refresh_seconds: how often the number is looked at.
            autoscale_target_utilization: percent of the replicas that are busy.
            collect_model_data: whether a ModelDataCollector keeps what it is given.
            auth_enabled: whether callers need a key; they do if None.
            enable_app_insights: whether requests and answers are kept.
            scoring_timeout_ms: how long ``run`` may take; 60,000 if None.
            replica_max_concurrent_requests: how many requests a replica takes at once; 1 if None.
            max_request_wait_time: milliseconds that a request may wait for its turn; 60,000 if None.
            num_replicas: how many there always are.
            primary_key: the first key; a random one if None.
            secondary_key: the second key.
            token_auth_enabled: whether callers need a token, in place of a key.
            memory_gb_limit: what one replica may use at most; it is replaced when it needs more.

        Raises:
            WebserviceError: a value is not of its type, out of its range, or does not go with another.
        """
        return AksServiceDeploymentConfiguration(**given_of(locals()))

    def update(  # type: ignore[override]
        self,
        image: object = None,
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
        namespace: str | None = None,
        token_auth_enabled: bool | None = None,
        cpu_cores_limit: float | None = None,
        memory_gb_limit: float | None = None,
    ) -> None:
        """Change what is given; the arguments are those of ``deploy_configuration``, and models and script.

        What it runs is replaced by a new revision; the older answers until that is ready. ``tags`` replace all
        tags, ``properties`` are added.

        Raises:
            WebserviceError: nothing is given, or a value is wrong.
        """
        self._update(locals())

    def run(self, input_data: object) -> Any:  # noqa: ANN401 -- what the service says
        """Send a request and return the answer; a text is sent as it is, anything else as JSON.

        Raises:
            WebserviceError: it does not answer, or with another status than 200.
        """
        return super().run(input_data)

    def get_access_token(self) -> AksServiceAccessToken:
        """A token with its end."""
        token, refresh = self.get_token()
        after = int(refresh.timestamp())
        return AksServiceAccessToken(token, expiry_on=after + 3 * 3600, refresh_after=after)

    def _asked(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 -- an option
        found = self._deployment().requested.get(name)
        return default if found is None else found

    @property
    def autoscaler(self) -> AutoScaler:
        """How many replicas there are, and when there are more."""
        scaling = self._deployment().scaling
        return AutoScaler(
            autoscale_enabled=scaling.minimum < scaling.maximum,
            min_replicas=scaling.minimum,
            max_replicas=scaling.maximum,
            refresh_period_seconds=scaling.refresh,
            target_utilization=scaling.target,
        )

    @property
    def num_replicas(self) -> int:
        """How many replicas there are at least."""
        return self._deployment().scaling.minimum

    @property
    def compute_name(self) -> str | None:
        """The name of the cluster that was asked for."""
        found: str | None = self._asked("compute_target_name")
        return found

    @property
    def namespace(self) -> str | None:
        """The part of the cluster that was asked for."""
        found: str | None = self._asked("namespace")
        return found

    @property
    def container_resource_requirements(self) -> ContainerResourceRequirements:
        """Cores and memory that were asked for, Azure's default else."""
        return ContainerResourceRequirements(
            self._asked("cpu_cores", DEFAULT_CORES),
            self._asked("memory_gb", DEFAULT_MEMORY),
            self._asked("gpu_cores"),
            self._asked("cpu_cores_limit"),
            self._asked("memory_gb_limit"),
        )

    @property
    def liveness_probe_requirements(self) -> LivenessProbeRequirements:
        """The probe that was asked for."""
        asked = {name: self._asked(name) for name in _PROBE if self._asked(name) is not None}
        return LivenessProbeRequirements(**asked)

    @property
    def data_collection(self) -> DataCollection:
        """Whether what a ModelDataCollector is given is kept."""
        return DataCollection(False, self._deployment().collects_data)

    @property
    def max_concurrent_requests_per_container(self) -> int:
        """How many requests a replica takes at once."""
        return self._deployment().limits.concurrent

    @property
    def max_request_wait_time(self) -> int:
        """How long a request may wait for its turn, milliseconds."""
        return round(self._deployment().limits.wait * 1000)

    @property
    def scoring_timeout_ms(self) -> int:
        """How long ``run`` may take, milliseconds."""
        return round(self._deployment().limits.scoring * 1000)

    @property
    def deployment_status(self) -> dict[str, Any]:
        """The state, and the error if there is one."""
        return {"state": self.state, "error": self.error}

    @property
    def is_default(self) -> bool | None:
        """Whether the endpoint sends the rest of the requests to this version; None outside of an endpoint."""
        return None

    @property
    def traffic_percentile(self) -> float | None:
        """The percent of the requests that this version gets; None outside of an endpoint."""
        return None

    @property
    def version_type(self) -> str | None:
        """``Control`` or ``Treatment``; None outside of an endpoint."""
        return None
