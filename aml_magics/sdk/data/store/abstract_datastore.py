"""What all datastores have, as Azure ML SDK v1 names it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aml_magics.services.data.store import datastore as datastores

if TYPE_CHECKING:
    from aml_magics.records.datastore import DatastoreRecord
    from aml_magics.sdk.workspace.workspace import Workspace


class AbstractDatastore:
    """A place for data that has a name in a workspace.

    Settings are attributes with Azure's names. Credentials are read from this user's private file when
    they are asked for, and are in no representation.
    """

    def __init__(self, workspace: Workspace, record: DatastoreRecord) -> None:
        self._workspace = workspace
        self._record = record

    @property
    def name(self) -> str:
        """The name."""
        return self._record.name

    @property
    def datastore_type(self) -> str:
        """What Azure calls its kind, such as ``AzureBlob``."""
        from aml_magics.kinds.datastores._base import DATASTORES

        return DATASTORES.load(self._record.kind).type

    @property
    def workspace(self) -> Workspace:
        """The workspace in which it has its name."""
        return self._workspace

    @property
    def description(self) -> str:
        """What was said of it when it was registered."""
        return self._record.description

    def set_as_default(self) -> None:
        """Use it where none is named.

        Raises:
            DatastoreNotFoundError: it is no longer registered.
        """
        datastores.set_default(self._workspace.store, self.name)

    def unregister(self) -> None:
        """Forget it and its credentials; its data stays where it is.

        Raises:
            DatastoreNotFoundError: it is no longer registered.
            InvalidArgumentError: it is one that every workspace has.
        """
        datastores.unregister(self._workspace.store, self.name)

    def _setting(self, name: str, usual: Any = None) -> Any:  # noqa: ANN401 -- plain JSON
        return self._record.settings.get(name, usual)

    def _credential(self, name: str) -> Any:  # noqa: ANN401 -- plain JSON
        return datastores.credentials_of(self._workspace.store, self.name).get(name)

    def __repr__(self) -> str:
        """Name and settings as JSON, as Azure shows them; no credential."""
        settings = {name: value for name, value in self._record.settings.items() if value}
        return json.dumps({"name": self.name, **settings}, indent=2, ensure_ascii=False)

    def __eq__(self, other: object) -> bool:
        """Whether both are one datastore of one workspace."""
        return (
            isinstance(other, AbstractDatastore)
            and self.name == other.name
            and self._workspace == other._workspace
        )

    def __hash__(self) -> int:
        """By name and workspace."""
        return hash((self.name, self._workspace))
