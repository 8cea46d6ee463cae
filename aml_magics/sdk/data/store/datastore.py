"""Datastores by name, and how they are registered, as Azure ML SDK v1 names it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from aml_magics.sdk.data.store.abstract_datastore import AbstractDatastore
from aml_magics.sdk.data.store.file_registration import FileRegistration
from aml_magics.sdk.data.store.handle import of_record
from aml_magics.sdk.data.store.sql_registration import SqlRegistration
from aml_magics.sdk.workspace.argument import store_of
from aml_magics.services.data.store import datastore as datastores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aml_magics.sdk.workspace.workspace import Workspace

__all__ = ["Datastore", "Datastores", "of_record"]


class Datastore(FileRegistration, SqlRegistration, AbstractDatastore):
    """``Datastore(workspace, name)`` is the datastore of that name, the default one without a name.

    ``register_…`` keeps where data is and how it is reached, and asks nothing of anybody. Credentials
    go to a private file of this user on this machine. The same datastore may be registered again;
    another one under its name needs ``overwrite=True``.
    """

    def __new__(  # type: ignore[misc]  # noqa: D102 -- that of the class
        cls, workspace: Workspace, name: str | None = None
    ) -> AbstractDatastore:
        return cls.get_default(workspace) if name is None else cls.get(workspace, name)

    @staticmethod
    def get(workspace: Workspace, datastore_name: str) -> AbstractDatastore:
        """The datastore of a name.

        Raises:
            DatastoreNotFoundError: there is none; the message says what is near.
        """
        store = store_of(workspace, "Datastore.get(workspace, datastore_name)")
        return of_record(workspace, datastores.get(store, datastore_name))

    @staticmethod
    def get_default(workspace: Workspace) -> AbstractDatastore:
        """The datastore that is used where none is named."""
        store = store_of(workspace, "Datastore.get_default(workspace)")
        return of_record(workspace, datastores.default(store))


class Datastores(Mapping[str, AbstractDatastore]):
    """The datastores of a workspace, looked up afresh each time."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def __getitem__(self, name: str) -> AbstractDatastore:
        """The datastore of a name."""
        return Datastore.get(self._workspace, name)

    def __iter__(self) -> Iterator[str]:
        """Their names: the workspace's own, then those that are registered."""
        found = datastores.list_datastores(self._workspace.store)
        return iter([record.name for record in found])

    def __len__(self) -> int:
        """How many there are."""
        return len(datastores.list_datastores(self._workspace.store))

    def __repr__(self) -> str:
        """Like a dict."""
        return repr(dict(self))
