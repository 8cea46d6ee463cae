"""Creates, finds and opens workspaces."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
import uuid
import warnings
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import (
    AlreadyExistsError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreGoneError,
    StoreReadOnlyError,
    WorkspaceNotFoundError,
    did_you_mean,
)
from aml_magics.records.name import TAG, WORKSPACE, check_folder_name
from aml_magics.records.value import plain_fields, plain_text
from aml_magics.records.workspace import (
    DEFAULT_NAME,
    LOCAL_GROUP,
    LOCAL_LOCATION,
    LOCAL_SUBSCRIPTION,
    WorkspaceRecord,
)
from aml_magics.services.run.heartbeat import stop_heartbeat
from aml_magics.services.run.manage.deletion import purge
from aml_magics.services.run.open_runs import open_runs
from aml_magics.services.run.recovery import recover
from aml_magics.services.workspace import trust
from aml_magics.store.catalogue.catalogue import without_password
from aml_magics.store.files.blob import BlobStore
from aml_magics.store.home import (
    home,
    read_description,
    workspace_folder,
    workspaces,
    write_description,
    write_whole,
)
from aml_magics.store.ownership import check_home, check_workspace
from aml_magics.store.store import Store
from aml_magics.warnings import QuarantineWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

CONFIG_FOLDERS: Final = (".azureml", "aml_config", "")
CONFIG_FILE: Final = "config.json"

_open: dict[tuple[int, Path], Store] = {}
_opening: dict[Path, threading.Lock] = {}
"""One lock a workspace: only one thread opens it, and one that hangs does not block others."""

_lock = threading.Lock()


def open_folder(folder: Path, made: Store | None = None) -> Store:
    """Open the workspace in a folder; one handle a process.

    Opening finishes the work of dead processes: it reads in their points and ends their runs. A workspace that
    was removed and made again is opened again.

    Args:
        made: the store if it was made just now; another process may have been first.

    Raises:
        WorkspaceNotFoundError: the folder holds no workspace.
    """
    with _lock:
        opening = _opening.setdefault(folder, threading.Lock())
    with opening:
        store = _open.get((os.getpid(), folder))
        if store is not None:
            try:
                store.identity.check_fully()
            except StoreGoneError as error:
                open_runs(store).lose(error)
                close(store)
            else:
                return store
        record = read_description(folder)
        if record is None:
            raise WorkspaceNotFoundError(
                f"{folder} holds no workspace.json; create the workspace first."
            )
        check_home(home())
        check_workspace(folder)
        store = Store(record, folder) if made is None or made.record != record else made
        recover(store)
        with suppress(StoreReadOnlyError, StoreFullError):  # nobody waits for it
            purge(store)
        _open[os.getpid(), folder] = store
        return store


def go_on_with(store: Store) -> None:
    """In a forked child: have its parent's workspace open, with all that was remembered of it."""
    _open[os.getpid(), store.folder] = store


def open_named(name: str) -> Store:
    """Open the workspace with a name; raises WorkspaceNotFoundError, which lists similar names."""
    folder = workspace_folder(check_folder_name(name, WORKSPACE))
    if read_description(folder) is None:
        known = [record.name for record in list_workspaces()]
        raise WorkspaceNotFoundError(
            f"No workspace {name!r} in {home()}.{did_you_mean(name, known)} "
            f"Make it with Workspace.create({name!r}) or `aml-magics workspace --create {name}`."
        )
    return open_folder(folder)


def open_default() -> tuple[Store, bool]:
    """The default workspace, and whether it was made just now."""
    folder = workspace_folder(DEFAULT_NAME)
    if read_description(folder) is not None:
        return open_folder(folder), False
    return create(DEFAULT_NAME, exist_ok=True), True


def create(
    name: str,
    *,
    subscription_id: str = LOCAL_SUBSCRIPTION,
    resource_group: str = LOCAL_GROUP,
    location: str = LOCAL_LOCATION,
    sku: str = "basic",
    tags: Mapping[str, Any] | None = None,
    friendly_name: str = "",
    catalogue: str = "",
    artifacts: str = "",
    exist_ok: bool = False,
) -> Store:
    """Make a workspace and open it.

    ``subscription_id``, ``resource_group``, ``location``, ``sku``, ``tags`` and ``friendly_name`` are stored and
    shown; nothing is asked of Azure.

    Args:
        name: also the name of its folder.
        catalogue: ``postgresql://…``, or empty for the embedded SQLite.
        artifacts: any fsspec URL, or empty for the folder of the workspace.
        exist_ok: return an existing workspace of that name.

    Raises:
        AlreadyExistsError: the name is taken and ``exist_ok`` is false.
    """
    folder = workspace_folder(check_folder_name(name, WORKSPACE))
    if read_description(folder) is not None:
        if exist_ok:
            return open_folder(folder)
        raise AlreadyExistsError(
            f"Workspace {name!r} exists in {folder}; pass exist_ok=True to use it, or choose another name."
        )
    record = WorkspaceRecord(
        id=str(uuid.uuid4()),
        name=name.strip(),
        subscription_id=subscription_id,
        resource_group=resource_group,
        location=location,
        created=time.time(),
        catalogue=trust.absolute_catalogue(catalogue),
        artifacts=trust.absolute_artifacts(artifacts),
        sku=plain_text(sku),
        tags=plain_fields(tags or {}, TAG),
        friendly_name=plain_text(friendly_name),
    )
    made = _make(record, folder)
    write_description(folder, made.record)
    opened = open_folder(folder, made)
    if opened is not made:
        made.catalogue.close()
    return opened


def _make(record: WorkspaceRecord, folder: Path) -> Store:
    """Make the catalogue before the description: so a catalogue without tables beside one was emptied.

    A wrong address leaves no workspace behind.
    """
    with ExitStack() as undo:
        if not folder.exists() and (record.catalogue or record.artifacts):
            undo.callback(shutil.rmtree, folder, ignore_errors=True)
        if record.artifacts:
            BlobStore(record.artifacts).check()
        made = Store(record, folder, is_new=True)
        undo.pop_all()
    return made


def list_workspaces() -> list[WorkspaceRecord]:
    """All workspaces of this user by name; warns of unreadable ones."""
    found = []
    for folder in workspaces():
        try:
            record = read_description(folder)
        except StoreError as error:
            warnings.warn(str(error), QuarantineWarning, stacklevel=2)
            continue
        if record is not None:
            found.append(record)
    return found


def find_config(start: Path, file_name: str = CONFIG_FILE) -> Path | None:
    """Azure's configuration file for a folder: in ``.azureml``, ``aml_config`` or itself, then its parents."""
    if start.is_file():
        return start
    for folder in (start, *start.parents):
        for name in CONFIG_FOLDERS:
            path = folder / name / file_name
            if path.is_file():
                return path
    return None


def read_config(path: Path) -> dict[str, Any]:
    """Read a configuration file.

    Raises:
        StoreCorruptError: not JSON, or without ``workspace_name``.
        UntrustedError: it belongs to another user, or others may write it.
    """
    return _parsed(path, trust.read_own)


def _parsed(path: Path, read: Callable[[Path], bytes]) -> dict[str, Any]:
    try:
        found = json.loads(read(path).decode("utf-8-sig"))
        name = found["workspace_name"]
    except (ValueError, KeyError, TypeError, OSError, RecursionError) as error:
        raise StoreCorruptError(
            f"{path} is no workspace configuration ({error}); it is JSON with subscription_id, resource_group and workspace_name."
        ) from error
    check_folder_name(name, WORKSPACE)
    return dict(found)


def open_config(path: Path) -> tuple[Store, bool]:
    """Open or make a configuration's workspace; return it, and whether it is new.

    Raises:
        UntrustedError: others can change the file, or it names addresses that are new to this user.
    """
    config = read_config(path)
    folder = workspace_folder(config["workspace_name"])
    record = read_description(folder)
    if record is not None:
        _refuse_other_catalogue(path, config, record)
        return open_folder(folder), False
    trust.check_addresses(path, config)
    store = create(
        config["workspace_name"],
        subscription_id=str(config.get("subscription_id", LOCAL_SUBSCRIPTION)),
        resource_group=str(config.get("resource_group", LOCAL_GROUP)),
        catalogue=str(config.get("catalogue", "")),
        artifacts=str(config.get("artifacts", "")),
        exist_ok=True,
    )
    return store, True


def trust_config(path: Path) -> list[str]:
    """Trust a configuration's current content; return the newly trusted addresses."""
    return trust.trust(path, _parsed(path, trust.read))


def _refuse_other_catalogue(path: Path, config: dict[str, Any], record: WorkspaceRecord) -> None:
    """A team's configuration must not silently open one's own workspace of the same name."""
    wanted = config.get("catalogue")
    if wanted and (
        not record.catalogue or without_password(str(wanted)) != without_password(record.catalogue)
    ):
        raise AlreadyExistsError(
            f"{path} names workspace {record.name!r} with another catalogue than the workspace of that name in {home()}; "
            "rename one of them, or set AML_MAGICS_HOME to another folder."
        )


def write_config(
    store: Store, folder: Path, file_name: str = CONFIG_FILE, *, durable: bool = True
) -> Path:
    """Write Azure's configuration file for a workspace, without passwords; return its path."""
    record = store.record
    config = {
        "subscription_id": record.subscription_id,
        "resource_group": record.resource_group,
        "workspace_name": record.name,
    }
    if record.catalogue:
        config["catalogue"] = without_password(store.catalogue.url)
    if record.artifacts:
        config["artifacts"] = record.artifacts
    path = folder / ".azureml" / file_name
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(config, indent=4).encode(), durable=durable)
    return path


def close(store: Store) -> None:
    """Close a workspace in this process; opening it again reads it anew.

    Open runs of this process stay open, without a heartbeat.
    """
    with _lock:
        _open.pop((os.getpid(), store.folder), None)
    stop_heartbeat(store)
    open_runs(store).close()
    store.catalogue.close()
