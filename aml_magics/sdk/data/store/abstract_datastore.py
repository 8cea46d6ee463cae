"""The base of all datastores."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aml_magics.kinds.datastores._base import DATASTORES
from aml_magics.services.data.store import datastore as datastores
from aml_magics.services.data.store.datastore import credentials_of

if TYPE_CHECKING:
    from aml_magics.records.data.datastore import DatastoreRecord
    from aml_magics.sdk.workspace.workspace import Workspace


class AbstractDatastore:
    """A named place for data in a workspace.

    Settings are attributes with Azure's names. Credentials are read from this user's private file on
    access and never shown.
    """

    def __init__(self, workspace: Workspace, record: DatastoreRecord) -> None:
        self._workspace = workspace
        self._record = record

    @property
    def name(self) -> str:
        """The registered name."""
        return self._record.name

    @property
    def datastore_type(self) -> str:
        """Azure's name of its kind, such as ``AzureBlob``."""
        return DATASTORES.load(self._record.kind).type

    @property
    def workspace(self) -> Workspace:
        """The workspace that it belongs to."""
        return self._workspace

    @property
    def description(self) -> str:
        """The description from its registration."""
        return self._record.description

    def set_as_default(self) -> None:
        """Make it the workspace's default datastore.

        Raises:
            DatastoreNotFoundError: it is no longer registered.
        """
        datastores.set_default(self._workspace.store, self.name)

    def unregister(self) -> None:
        """Remove it and its credentials from the workspace; the data stays.

        Raises:
            DatastoreNotFoundError: it is no longer registered.
            InvalidArgumentError: it is a built-in datastore.
        """
        datastores.unregister(self._workspace.store, self.name)

    def _setting(self, name: str, usual: Any = None) -> Any:  # noqa: ANN401 -- plain JSON
        return self._record.settings.get(name, usual)

    def _text(self, name: str) -> str | None:
        found: str | None = self._setting(name)
        return found

    def _credential(self, name: str) -> str | None:
        found: str | None = credentials_of(self._workspace.store, self.name).get(name)
        return found

    def __repr__(self) -> str:
        """Name and settings as JSON, as Azure shows them; no credentials."""
        settings = {name: value for name, value in self._record.settings.items() if value}
        return json.dumps({"name": self.name, **settings}, indent=2, ensure_ascii=False)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, AbstractDatastore)
            and self.name == other.name
            and self._workspace == other._workspace
        )

    def __hash__(self) -> int:
        return hash((self.name, self._workspace))


class ServicePrincipal(AbstractDatastore):
    """A datastore's service principal, as it was given."""

    @property
    def tenant_id(self) -> str | None:
        """The directory of the service principal."""
        return self._text("tenant_id")

    @property
    def client_id(self) -> str | None:
        """The application id of the service principal."""
        return self._text("client_id")

    @property
    def client_secret(self) -> str | None:
        """Its secret, if it was given on this machine."""
        return self._credential("client_secret")
