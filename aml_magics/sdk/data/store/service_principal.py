"""What datastores have that a service principal of Azure reaches."""

from __future__ import annotations

from aml_magics.sdk.data.store.abstract_datastore import AbstractDatastore


class ServicePrincipal(AbstractDatastore):
    """The service principal of a datastore, as it was given."""

    @property
    def tenant_id(self) -> str | None:
        """The directory of the service principal."""
        found: str | None = self._setting("tenant_id")
        return found

    @property
    def client_id(self) -> str | None:
        """The service principal."""
        found: str | None = self._setting("client_id")
        return found

    @property
    def client_secret(self) -> str | None:
        """Its secret, where one was given on this machine."""
        found: str | None = self._credential("client_secret")
        return found
