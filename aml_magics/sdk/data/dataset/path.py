"""Convert path arguments of the factories to locations of a definition."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from aml_magics.errors import InvalidDatasetError, described
from aml_magics.records.data.dataset import Location
from aml_magics.sdk.data.store.abstract_datastore import AbstractDatastore
from aml_magics.sdk.data.store.transfer import DatastoreTransfer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.sdk.workspace.workspace import Workspace

_FORMS = (
    "(datastore, 'folder/*.csv'), a URL, a path of this machine, a DataPath, or a list of these"
)


def locations_of(path: object) -> tuple[tuple[Location, ...], Workspace | None]:
    """The locations of a path, and the workspace of its datastores if it has any.

    Args:
        path: a text (a URL, or a local path), a tuple of a datastore and one path or a list of them,
            a DataPath, a DataReference, a datastore (all of it), or a list of any of these.

    Raises:
        InvalidDatasetError: another form, an empty list, or datastores of two workspaces.
    """
    found = list(_each(path))
    if not found:
        raise InvalidDatasetError(f"No path was given; a dataset is read from {_FORMS}.")
    workspaces = [workspace for _, workspace in found if workspace is not None]
    if any(one.store is not workspaces[0].store for one in workspaces):
        raise InvalidDatasetError(
            "The datastores of one dataset are of one workspace; here they are of "
            f"{', '.join(sorted({one.name for one in workspaces}))}. Make a dataset in each."
        )
    return tuple(location for location, _ in found), workspaces[0] if workspaces else None


def _each(path: object) -> Iterable[tuple[Location, Workspace | None]]:
    if isinstance(path, AbstractDatastore):
        yield _of_datastore(path, "")
    elif isinstance(path, tuple) and len(path) == 2 and isinstance(path[0], AbstractDatastore):
        below = path[1] if isinstance(path[1], list | tuple) else [path[1]]
        for one in below:
            yield _of_datastore(path[0], one)
    elif isinstance(path, list | tuple):
        if isinstance(path, tuple):
            _check_is_no_pair(path)
        for one in path:
            yield from _each(one)
    elif isinstance(path, str | os.PathLike):
        yield _of_text(os.fspath(path)), None
    else:
        yield _of_reference(path)


def _check_is_no_pair(path: tuple[object, ...]) -> None:
    """Refuse a pair in the wrong order, or with a datastore's name instead of the datastore."""
    if len(path) != 2 or not isinstance(path[0], str):
        return
    if isinstance(path[1], AbstractDatastore):
        raise InvalidDatasetError(
            f"A pair is a datastore and a path on it, in that order: ({path[1].name}, {path[0]!r:.60})."
        )
    is_here = "://" in path[0] or os.path.lexists(Path(path[0]).expanduser())
    if isinstance(path[1], str | list) and not is_here and not {*"/*."} & {*path[0]}:
        raise InvalidDatasetError(
            f"A pair begins with the datastore itself, not with its name: (ws.datastores[{path[0]!r:.60}], "
            f"{path[1]!r:.60})."
        )


def _of_datastore(datastore: AbstractDatastore, below: object) -> tuple[Location, Workspace]:
    if not isinstance(below, str | os.PathLike):
        raise InvalidDatasetError(
            f"The path in datastore {datastore.name!r} is a text such as 'folder/*.csv', "
            f"not {described(below)}."
        )
    text = str(os.fspath(below)).removeprefix("./").lstrip("/")
    return Location(text, datastore.name), datastore.workspace


def _of_reference(path: object) -> tuple[Location, Workspace]:
    """The location of a DataPath or DataReference."""
    datastore = getattr(path, "datastore", None)
    if not isinstance(datastore, AbstractDatastore):
        raise InvalidDatasetError(f"A dataset is read from {_FORMS}, not from {described(path)}.")
    return _of_datastore(datastore, getattr(path, "path_on_datastore", None) or "")


def _of_text(text: str) -> Location:
    if not text.strip():
        raise InvalidDatasetError(f"The path of a dataset is empty; it is read from {_FORMS}.")
    if text.startswith("file:"):
        text = unquote(urlsplit(text).path)
    elif "://" in text:
        return Location(text)
    return Location(os.path.abspath(Path(text).expanduser()))  # noqa: PTH100 -- resolves `..`, not links


def target_of(target: object, example: str) -> tuple[DatastoreTransfer, str]:
    """Where data is written: a datastore and a folder on it, without slashes at its ends.

    Args:
        target: a datastore, ``(datastore, folder)``, a DataPath or a DataReference.
        example: the call, for the message.

    Raises:
        InvalidDatasetError: another form, or a datastore that is a database.
    """
    datastore: object
    folder: object
    if isinstance(target, AbstractDatastore):
        datastore, folder = target, ""
    elif isinstance(target, tuple | list) and len(target) == 2:
        datastore, folder = target
    else:
        datastore = getattr(target, "datastore", None)
        folder = getattr(target, "path_on_datastore", None) or ""
    if not isinstance(datastore, DatastoreTransfer) or not isinstance(folder, str):
        raise InvalidDatasetError(
            f"{example} writes to a datastore of files: give it one, or (datastore, 'folder'), "
            f"not {described(target)}."
        )
    return datastore, folder.removeprefix("./").strip("/")
