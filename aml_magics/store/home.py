"""The folder with all workspaces of a user, and the description file of each."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aml_magics.errors import (
    StoreCorruptError,
    StoreFullError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from aml_magics.records.workspace import WorkspaceRecord
from aml_magics.store.files.filesystem import free_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

HOME_VARIABLE: Final = "AML_MAGICS_HOME"
DESCRIPTION: Final = "workspace.json"


def home() -> Path:
    """The folder of all workspaces: ``AML_MAGICS_HOME``, else the user's data directory."""
    chosen = os.environ.get(HOME_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_data_dir("aml_magics", appauthor=False))


def workspace_folder(name: str) -> Path:
    """The folder of a workspace, which need not exist."""
    return home() / "workspaces" / name


def workspaces() -> Iterator[Path]:
    """Folders of all workspaces, sorted by name."""
    for description in sorted((home() / "workspaces").glob(f"*/{DESCRIPTION}")):
        yield description.parent


def read_description(folder: Path) -> WorkspaceRecord | None:
    """The workspace in a folder, or None.

    Raises:
        StoreCorruptError: the description is not readable JSON.
        StoreUnavailableError: the folder may not be entered.
    """
    path = folder / DESCRIPTION
    try:
        text = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StoreUnavailableError(
            f"The workspace in {folder} cannot be read: {error.strerror}. Check its permissions."
        ) from error
    known = {field.name for field in fields(WorkspaceRecord)}
    try:
        found = json.loads(text)
        return WorkspaceRecord(**{name: value for name, value in found.items() if name in known})
    except (ValueError, TypeError, AttributeError) as error:
        raise StoreCorruptError(
            f"{path} does not describe a workspace ({error}). Put back its JSON with at least id and name; the runs beside it are whole."
        ) from error


def write_description(folder: Path, record: WorkspaceRecord) -> None:
    """Write the description of a workspace atomically."""
    make_private(folder)
    write_whole(folder / DESCRIPTION, json.dumps(asdict(record), indent=2).encode())


def write_whole(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Write a private file atomically: under a temporary name, synced to the device, then renamed.

    Args:
        durable: whether it must survive a power loss; what is made again anyway need not.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise _explained(path.parent, error) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _explained(path.parent, error) from error


def make_private(folder: Path) -> None:
    """Create a folder and its missing parents with access for the owner only."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        for place in reversed(missing):
            place.mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise _explained(folder, error) from error


def _explained(folder: Path, error: OSError) -> Exception:
    if error.errno in (28, 122):
        return StoreFullError(
            f"No room left to write in {folder}: {free_bytes(folder):,} bytes are free. Free some space and try again."
        )
    return StoreReadOnlyError(
        f"{folder} cannot be written ({error.strerror}). Make it writable, or set {HOME_VARIABLE} to a folder that is."
    )
