"""The contract of a datastore kind: how its settings become an address.

A kind is one file with one public class; the file's name is what is kept in the catalogue
(``azure_blob``). It reaches nothing itself: it says which settings it takes, which of them are
credentials, and under which fsspec URL or SQLAlchemy URL its data is found. A file kind derives from
:class:`FileDatastore`, a database from :class:`SqlDatastore`. Every kind passes the conformance tests
of ``tests/kinds/datastores``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from aml_magics._registry import Registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa


@dataclass(frozen=True)
class Address:
    """An fsspec URL, the options to open its file system, and the pip extra that provides it.

    ``options`` may hold credentials and is never shown.
    """

    url: str
    options: dict[str, Any] = field(default_factory=dict, repr=False)
    extra: str = ""
    """The extra of aml-magics that installs the file system, such as ``azure``."""


class DatastoreKind(ABC):
    """A kind of datastore."""

    type: ClassVar[str]
    """Azure's name of the kind, such as ``AzureBlob``."""

    required: ClassVar[tuple[str, ...]] = ()
    """Required settings."""

    optional: ClassVar[tuple[str, ...]] = ()
    """Optional settings."""

    credentials: ClassVar[tuple[str, ...]] = ()
    """Settings stored in a private file, and never shown."""

    def split_secrets(
        self, settings: dict[str, Any], credentials: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Move secrets among the settings to the credentials; returns both."""
        return settings, credentials


class FileDatastore(DatastoreKind):
    """Files and folders."""

    @abstractmethod
    def address(self, settings: Mapping[str, Any], credentials: Mapping[str, Any]) -> Address:
        """The root's address.

        Raises:
            InvalidArgumentError: invalid settings.
            DataAccessError: settings that can be stored but not used on this machine.
        """


class SqlDatastore(DatastoreKind):
    """A database."""

    @abstractmethod
    def url(self, settings: Mapping[str, Any], credentials: Mapping[str, Any]) -> sa.URL:
        """The SQLAlchemy URL; same arguments and errors as :meth:`FileDatastore.address`."""


DATASTORES = Registry("aml_magics.kinds.datastores", DatastoreKind, "kind of datastore")
