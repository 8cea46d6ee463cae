"""Making, finding and opening workspaces."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
import uuid
import warnings
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import (
    AlreadyExistsError,
    QuarantineWarning,
    StoreCorruptError,
    StoreError,
    StoreGoneError,
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

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

CONFIG_FOLDERS: Final = (".azureml", "aml_config", "")
CONFIG_FILE: Final = "config.json"

_open: dict[tuple[int, Path], Store] = {}
_opening: dict[Path, threading.Lock] = {}
"""Each workspace is opened by one thread at a time; one that does not answer keeps no other shut."""

_lock = threading.Lock()


def open_folder(folder: Path, made: Store | None = None) -> Store:
    """The store of a workspace folder; one handle a process, however often it is asked for.

    Opening finishes what a dead process left: its points are read in, its runs leave Running. A
    workspace that was removed and made anew since is opened anew.

    Args:
        folder: of the workspace.
        made: its store where it was made just now, and another process may have been first.

    Raises:
        WorkspaceNotFoundError: the folder holds no workspace.
    """
    with _lock:
        opening = _opening.setdefault(folder, threading.Lock())
    with opening:
        store = _open.get((os.getpid(), folder))
        if store is not None:
            try:
                store.identity.look_twice()
            except StoreGoneError as error:
                open_runs(store).lose(error)
                forget(store)
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
        _open[os.getpid(), folder] = store
        return store


def open_named(name: str) -> Store:
    """The store of the workspace of a name.

    Raises:
        WorkspaceNotFoundError: there is none; the message lists what is near.
    """
    folder = workspace_folder(check_folder_name(name, WORKSPACE))
    if read_description(folder) is None:
        known = [record.name for record in list_workspaces()]
        raise WorkspaceNotFoundError(
            f"No workspace {name!r} in {home()}.{did_you_mean(name, known)} "
            f"Make it with Workspace.create({name!r}) or `aml-magics workspace --create {name}`."
        )
    return open_folder(folder)


def open_default() -> tuple[Store, bool]:
    """The workspace that needs no configuration, and whether it was made just now."""
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

    Args:
        name: also the name of its folder.
        subscription_id: kept and shown; nothing is asked of Azure.
        resource_group: kept and shown.
        location: kept and shown.
        sku: kept and shown.
        tags: kept and shown, as text by name.
        friendly_name: kept and shown.
        catalogue: ``postgresql://…``, or empty for the embedded SQLite.
        artifacts: any fsspec URL, or empty for the folder of the workspace.
        exist_ok: return the workspace of the name if there is one.

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
    """Make the catalogue, before the description: so a catalogue without tables beside one was emptied.

    A wrong address leaves no workspace behind.
    """
    new = not folder.exists()
    try:
        if record.artifacts:
            BlobStore(record.artifacts).check()
        return Store(record, folder, is_new=True)
    except Exception:  # whatever it was, it is raised again
        if new and (record.catalogue or record.artifacts):
            shutil.rmtree(folder, ignore_errors=True)
        raise


def list_workspaces() -> list[WorkspaceRecord]:
    """All workspaces of this user, by name; of one that cannot be read a warning tells."""
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
        for place in CONFIG_FOLDERS:
            path = folder / place / file_name
            if path.is_file():
                return path
    return None


def read_config(path: Path) -> dict[str, Any]:
    """The contents of a configuration file.

    Raises:
        StoreCorruptError: not JSON, or without ``workspace_name``.
        UntrustedError: it is another user's, or others may write it.
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
    """The workspace that a configuration names, made if it is new, and whether it was.

    Raises:
        UntrustedError: it is not this user's alone, or names addresses that are new to this user.
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
    """Obey a configuration as it is now; returns the addresses that are trusted from now on."""
    return trust.trust(path, _parsed(path, trust.read))


def _refuse_other_catalogue(path: Path, config: dict[str, Any], record: WorkspaceRecord) -> None:
    """A team's configuration must not quietly open a workspace of one's own with the same name."""
    wanted = config.get("catalogue")
    if wanted and (
        not record.catalogue or without_password(str(wanted)) != without_password(record.catalogue)
    ):
        raise AlreadyExistsError(
            f"{path} names workspace {record.name!r} with another catalogue than the workspace of that name in {home()}; "
            "rename one of them, or set AML_MAGICS_HOME to another folder."
        )


def write_config(store: Store, folder: Path, file_name: str = CONFIG_FILE) -> Path:
    """Write Azure's configuration file for a workspace and return its path; no password is written."""
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
    write_whole(path, json.dumps(config, indent=4).encode())
    return path


def forget(store: Store) -> None:
    """Close a workspace in this process; opening it again reads it anew.

    Runs of this process that are open stay so, and are no longer looked after.
    """
    with _lock:
        _open.pop((os.getpid(), store.folder), None)
    stop_heartbeat(store)
    open_runs(store).close()
    store.catalogue.close()
