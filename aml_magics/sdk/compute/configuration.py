"""How a compute target is to be: what ``provisioning_configuration`` and ``attach_configuration`` give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.kinds.computes._base import COMPUTES

if TYPE_CHECKING:
    from collections.abc import Mapping

_LABELS = ("tags", "description")


class ComputeConfiguration:
    """The settings of a target, each an attribute that can be set until the target is made."""

    _is_attached = False

    def __init__(self, kind: str, given: Mapping[str, Any]) -> None:
        """Keep the settings.

        Args:
            kind: the name of a file in ``aml_magics/kinds/computes``.
            given: settings, credentials, ``tags`` and ``description`` by name.

        Raises:
            ComputeTargetError: a setting cannot be.
        """
        self._kind = kind
        self.__dict__.update(given)
        self.validate_configuration()

    def __repr__(self) -> str:
        """The settings, without credentials."""
        shown = ", ".join(f"{name}={value!r}" for name, value in self._settings().items())
        return f"{type(self).__name__}({shown})"

    def validate_configuration(self) -> None:
        """Raises ComputeTargetError where a setting cannot be."""
        COMPUTES.load(self._kind)().check(self._settings(), is_attached=self._is_attached)

    def enable_ssl(
        self,
        ssl_cname: str | None = None,
        ssl_cert_pem_file: str | None = None,
        ssl_key_pem_file: str | None = None,
        leaf_domain_label: str | None = None,
        overwrite_existing_domain: bool = False,
    ) -> None:
        """Keep what a cluster of Kubernetes would need for HTTPS; services of this machine are on loopback."""
        del overwrite_existing_domain
        self.__dict__.update(
            ssl_cname=ssl_cname,
            ssl_cert_pem_file=ssl_cert_pem_file,
            ssl_key_pem_file=ssl_key_pem_file,
            leaf_domain_label=leaf_domain_label,
        )

    def _settings(self) -> dict[str, Any]:
        kind = COMPUTES.load(self._kind)
        known = kind.attached if self._is_attached and kind.attached is not None else kind.settings
        return {name: getattr(self, name, default) for name, default in known.items()}

    def _parts(self) -> dict[str, Any]:
        """The arguments of ``registry.create``."""
        kind = COMPUTES.load(self._kind)
        secrets = {name: getattr(self, name, None) for name in kind.credentials}
        labels = {name: getattr(self, name, None) for name in _LABELS}
        return {"settings": self._settings(), "credentials": secrets, **labels}


class ComputeTargetProvisioningConfiguration(ComputeConfiguration):
    """For ``ComputeTarget.create``."""


class ComputeTargetAttachConfiguration(ComputeConfiguration):
    """For ``ComputeTarget.attach``."""

    _is_attached = True


def provisioned(kind: str, given: Mapping[str, Any]) -> ComputeTargetProvisioningConfiguration:
    """The configuration of a new target; raises ComputeTargetError where a setting cannot be."""
    return ComputeTargetProvisioningConfiguration(kind, given)


def attached(kind: str, given: Mapping[str, Any]) -> ComputeTargetAttachConfiguration:
    """The configuration of a target that is there; raises ComputeTargetError where a setting is missing."""
    return ComputeTargetAttachConfiguration(kind, given)
