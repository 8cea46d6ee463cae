"""Storage of a datastore or dataset: a file system and a root in it, or a database."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aml_magics._optional import missing_package
from aml_magics.errors import AmlError, DataAccessError, InvalidArgumentError
from aml_magics.kinds.datastores._base import DATASTORES, Address, FileDatastore, SqlDatastore
from aml_magics.services.data.store.datastore import BUILT_IN, credentials_of, get
from aml_magics.services.data.store.failure import explained
from aml_magics.services.data.store.listing import within
from aml_magics.services.data.store.path import check_name, checked_path
from aml_magics.store.home import make_private

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa
    from fsspec import AbstractFileSystem

    from aml_magics.records.data.dataset import Location
    from aml_magics.records.data.datastore import DatastoreRecord
    from aml_magics.store.store import Store

_MAGIC: Final = frozenset("*?[")
_SECRET: Final = re.compile("key|secret|token|pass|connection_string")
_BLOBS: Final = frozenset({"abfs", "abfss", "az"})


@dataclass(frozen=True, slots=True)
class Storage:
    """A file system and a datastore's root in it.

    ``name`` is the datastore's, for messages; ``root`` is in the file system's own form without a closing slash,
    and may be empty; ``folder`` is the root on this machine, None for a remote one. ``is_own`` marks a path that
    the user named without a datastore: there links may lead out.
    """

    name: str
    files: AbstractFileSystem = field(repr=False)
    root: str
    folder: Path | None
    is_own: bool = False

    def real(self, path: Path | str) -> str:
        """Resolve a local path's links; raises InvalidPathError if it leaves a datastore's root."""
        assert self.folder is not None  # noqa: S101 -- for mypy: it is a local folder
        return within("" if self.is_own else os.path.realpath(self.folder), path)

    def at(self, path: str) -> str:
        """A path or pattern below the root, in the file system's own form; empty or ``/`` is the root.

        Raises:
            InvalidPathError: it would leave the root, or is not a valid name there.
        """
        clean = checked_path(path)
        if self.folder is not None:
            check_name(f"{self.root}/{clean}")
        if not self.root:
            return f"{self.files.root_marker}{clean}"
        return f"{self.root}/{clean}" if clean else self.root

    @contextmanager
    def access(self) -> Iterator[None]:
        """Explain errors of reads and writes within the block.

        Raises:
            DataAccessError: it cannot be reached, refuses the credentials, or has no such file.
        """
        with _explaining(self.name, self.files.storage_options):
            yield

    def failed(self, error: Exception) -> DataAccessError:
        """Explain an error without showing the credentials."""
        return explained(error, self.name, _secrets(self.files.storage_options))


def open_storage(store: Store, record: DatastoreRecord) -> Storage:
    """Open a datastore's file system, if possible without a request to its server.

    Raises:
        InvalidArgumentError: the datastore is a database.
        DependencyError: a package is missing; the message has the command.
        DataAccessError: it cannot be used on this machine, or its folder does not exist.
    """
    address = _file_kind(record).address(record.settings, credentials_of(store, record.name))
    folder = _local_folder(address.url)
    if folder is None:
        return _remote(record.name, address)
    if record.name in BUILT_IN:
        make_private(folder)
    return _local(record.name, folder)


def make_container(store: Store, record: DatastoreRecord) -> None:
    """Make the container of an Azure blob datastore if it is missing; raises as :func:`open_storage`."""
    address = _file_kind(record).address(record.settings, credentials_of(store, record.name))
    options = {**address.options, "assume_container_exists": False}
    storage = _remote(record.name, replace(address, options=options))
    with storage.access():
        storage.files.mkdir(storage.root)


def storage_of(store: Store, location: Location) -> tuple[Storage, str]:
    """The storage of a dataset's location, and the path or pattern in it.

    Without a datastore the storage is the URL's folder, or the deepest local folder before the path's first
    wildcard.

    Raises:
        DatastoreNotFoundError: its datastore is not registered.
        DataAccessError, DependencyError, InvalidArgumentError: as :func:`open_storage`.
        InvalidPathError: the path would leave the root.
    """
    if location.datastore is not None:
        storage = open_storage(store, get(store, location.datastore))
        return storage, checked_path(location.path)
    folder = _local_folder(location.path)
    if folder is not None:
        root, path = _fixed_folder(folder)
        return replace(_local(str(root), root), is_own=True), path
    root_url, path = _split_url(location.path)
    kind: Any = DATASTORES.load("url")()
    shown, secrets = kind.split_secrets({"url": root_url}, {})
    return _remote(shown["url"], kind.address(shown, secrets)), checked_path(path)


def sql_engine(store: Store, record: DatastoreRecord) -> sa.Engine:
    """An engine for a database datastore; it connects at first use.

    Raises:
        InvalidArgumentError: the datastore has files.
        DependencyError: the driver is missing; the message has the command.
        DataAccessError: it cannot be used on this machine.
    """
    import sqlalchemy as sa

    kind = DATASTORES.load(record.kind)()
    if not isinstance(kind, SqlDatastore):
        raise InvalidArgumentError(
            f"Datastore {record.name!r} has files ({kind.type}) and is no database; a query needs one of "
            "register_azure_sql_database, register_azure_postgre_sql or register_azure_my_sql."
        )
    url = kind.url(record.settings, credentials_of(store, record.name))
    try:
        return sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True)
    except ImportError as error:
        raise missing_package(f"Datastore {record.name!r}", "", "sql", error) from error


def _file_kind(record: DatastoreRecord) -> FileDatastore:
    kind = DATASTORES.load(record.kind)()
    if not isinstance(kind, FileDatastore):
        raise InvalidArgumentError(
            f"Datastore {record.name!r} is a database ({kind.type}), which has no files; query it with "
            "Dataset.Tabular.from_sql_query((datastore, 'SELECT …'))."
        )
    return kind


def _local(name: str, folder: Path) -> Storage:
    from fsspec.implementations.local import LocalFileSystem

    if not folder.is_dir():
        raise DataAccessError(
            f"The folder {folder} of {name!r} is not there; make it, or mount what it stands for."
        )
    root = folder.as_posix().rstrip("/")
    return Storage(name, LocalFileSystem(auto_mkdir=True), root, folder)


def _remote(name: str, address: Address) -> Storage:
    from fsspec.core import url_to_fs

    with _explaining(name, address.options, address.extra):
        files, root = url_to_fs(address.url, **address.options)
        if address.url.split("://")[0] in _BLOBS:
            from aml_magics.services.data.store.azure_blob import PromptBlobFileSystem  # has adlfs

            files = PromptBlobFileSystem(**files.storage_options)
    files.invalidate_cache()  # the process shares file systems, and others write there
    return Storage(name, files, root.rstrip("/"), None)


@contextmanager
def _explaining(name: str, options: dict[str, Any], extra: str | None = None) -> Iterator[None]:
    """Explain a file system's errors; with an extra, also a missing package."""
    try:
        yield
    except AmlError:
        raise
    except Exception as error:  # each file system raises errors of its own kind
        if extra is not None and isinstance(error, ImportError):
            raise missing_package(f"Datastore {name!r}", "", extra, error) from error
        raise explained(error, name, _secrets(options)) from None  # the cause may hold a credential


def _secrets(options: dict[str, Any]) -> tuple[str, ...]:
    """Values to hide: those with a secret's name, and all texts of nested options."""
    found: list[str] = []
    for name, value in options.items():
        if isinstance(value, dict):
            found += [text for one in value.values() for text in _texts(one)]
        elif isinstance(value, str) and _SECRET.search(name):
            found.append(value)
    return tuple(found)


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    return [value, *value.split()] if isinstance(value, str) else []


def _local_folder(url: str) -> Path | None:
    """A local path, which need not exist; None for a remote URL."""
    path = url.removeprefix("file://")
    if "://" in path:
        return None
    check_name(path)
    return Path(os.path.normpath(Path(path).expanduser().absolute()))


def _fixed_folder(path: Path) -> tuple[Path, str]:
    """The deepest folder before the first wildcard, and the rest; an existing folder has no rest."""
    root = Path(path.anchor)
    parts = path.parts[1:]
    for number, part in enumerate(parts):
        deeper = root / part
        is_last = number == len(parts) - 1
        if not deeper.is_dir() and (is_last or _MAGIC & set(part)):
            return root, "/".join(parts[number:])
        root = deeper
    return root, ""


def _split_url(url: str) -> tuple[str, str]:
    """The folder of a URL, and the rest: its name, or everything from the first wildcard on."""
    scheme, _, rest = url.partition("://")
    rest, mark, query = rest.partition("?") if scheme in {"http", "https"} else (rest, "", "")
    head, *parts = rest.split("/")
    fixed = next((n for n, part in enumerate(parts) if _MAGIC & set(part)), max(len(parts) - 1, 0))
    return "/".join((f"{scheme}://{head}", *parts[:fixed])), "/".join(parts[fixed:]) + mark + query
