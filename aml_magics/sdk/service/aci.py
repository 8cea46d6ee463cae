"""Web services as Azure Container Instances would host them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.sdk.service.configuration import AciServiceDeploymentConfiguration, given_of
from aml_magics.sdk.service.resource import ContainerResourceRequirements
from aml_magics.sdk.service.webservice import Webservice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.sdk.model.model import Model
    from aml_magics.sdk.service.deployment import ScoringConfig

DEFAULT_CORES = 0.1
DEFAULT_MEMORY = 0.5


class AciWebservice(Webservice):
    """One replica, without keys unless they are asked for."""

    @staticmethod
    def deploy_configuration(
        cpu_cores: float | None = None,
        memory_gb: float | None = None,
        tags: Mapping[str, Any] | None = None,
        properties: Mapping[str, Any] | None = None,
        description: str | None = None,
        location: str | None = None,
        auth_enabled: bool | None = None,
        ssl_enabled: bool | None = None,
        enable_app_insights: bool | None = None,
        ssl_cert_pem_file: str | None = None,
        ssl_key_pem_file: str | None = None,
        ssl_cname: str | None = None,
        dns_name_label: str | None = None,
        primary_key: str | None = None,
        secondary_key: str | None = None,
        collect_model_data: bool | None = None,
        cmk_vault_base_url: str | None = None,
        cmk_key_name: str | None = None,
        cmk_key_version: str | None = None,
        vnet_name: str | None = None,
        subnet_name: str | None = None,
    ) -> AciServiceDeploymentConfiguration:
        """What ``Model.deploy`` takes. Cores, memory, region, TLS and networks are kept and shown, and not used here.

        Args:
            cpu_cores: also fractions.
            memory_gb: also fractions.
            tags: values by name, kept as text.
            properties: likewise.
            description: any text.
            location: a region.
            auth_enabled: whether callers need a key.
            ssl_enabled: whether Azure would use TLS.
            enable_app_insights: whether requests and answers are kept.
            ssl_cert_pem_file: a file.
            ssl_key_pem_file: a file.
            ssl_cname: a host name.
            dns_name_label: a label.
            primary_key: the first key; a random one if None.
            secondary_key: the second key.
            collect_model_data: whether a ModelDataCollector keeps what it is given.
            cmk_vault_base_url: of a customer's key.
            cmk_key_name: likewise.
            cmk_key_version: likewise.
            vnet_name: a network.
            subnet_name: a part of it.

        Raises:
            WebserviceError: a value is not of its type, out of its range, or does not go with another.
        """
        return AciServiceDeploymentConfiguration(**given_of(locals()))

    def update(  # type: ignore[override]
        self,
        image: object = None,
        tags: Mapping[str, Any] | None = None,
        properties: Mapping[str, Any] | None = None,
        description: str | None = None,
        auth_enabled: bool | None = None,
        ssl_enabled: bool | None = None,
        ssl_cert_pem_file: str | None = None,
        ssl_key_pem_file: str | None = None,
        ssl_cname: str | None = None,
        enable_app_insights: bool | None = None,
        models: Sequence[Model] | None = None,
        inference_config: ScoringConfig | None = None,
    ) -> None:
        """Change what is given. What it runs is replaced by a new revision; the older answers until that is ready.

        Args:
            image: another image.
            tags: replace all tags.
            properties: are added.
            description: any text.
            auth_enabled: whether callers need a key.
            ssl_enabled: kept and shown.
            ssl_cert_pem_file: likewise.
            ssl_key_pem_file: likewise.
            ssl_cname: likewise.
            enable_app_insights: whether requests and answers are kept.
            models: other models.
            inference_config: another script or environment.

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

    def _asked(self, name: str) -> Any:  # noqa: ANN401 -- an option
        return self._deployment().requested.get(name)

    @property
    def container_resource_requirements(self) -> ContainerResourceRequirements:
        """Cores and memory that were asked for, Azure's default else."""
        return ContainerResourceRequirements(
            self._asked("cpu_cores") or DEFAULT_CORES, self._asked("memory_gb") or DEFAULT_MEMORY
        )

    @property
    def location(self) -> str:
        """The region that was asked for, that of the workspace else."""
        return self._asked("location") or self._workspace.location

    @property
    def ssl_enabled(self) -> bool:
        """Whether TLS was asked for; it is not used on this machine."""
        return bool(self._asked("ssl_enabled"))

    @property
    def ssl_certificate(self) -> None:
        """None: a certificate is not kept."""

    @property
    def ssl_key(self) -> None:
        """None: a private key is not kept."""

    @property
    def cname(self) -> str | None:
        """The host name that was asked for."""
        found: str | None = self._asked("ssl_cname")
        return found

    @property
    def public_ip(self) -> str:
        """The address: this machine alone."""
        return "127.0.0.1"

    @property
    def public_fqdn(self) -> str:
        """The host name: this machine alone."""
        return "localhost"

    @property
    def encryption_properties(self) -> dict[str, str] | None:
        """The customer's key that was asked for."""
        names = ("cmk_vault_base_url", "cmk_key_name", "cmk_key_version")
        found = {name: self._asked(name) for name in names if self._asked(name)}
        return found or None

    @property
    def vnet_configuration(self) -> dict[str, str] | None:
        """The network that was asked for."""
        found = {
            name: self._asked(name) for name in ("vnet_name", "subnet_name") if self._asked(name)
        }
        return found or None
