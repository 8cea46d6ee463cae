"""What a Dask worker is told of a run: where its workspace is, and which run it is. The rest lies in the stores.

One thing does not: the key to the variables that a cell takes along.
"""

from __future__ import annotations

import platform
import socket
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aml_magics._version import VERSION
from aml_magics.errors import ComputeTargetError
from aml_magics.records.workspace import WorkspaceRecord
from aml_magics.services.job.attachment import seal_of
from aml_magics.store.files.filesystem import filesystem_type, is_network
from aml_magics.store.home import home, read_description, write_description

if TYPE_CHECKING:
    from aml_magics.store.store import Store

_REMEDY: Final = (
    "Give the workspace a catalogue in PostgreSQL and artifacts in an object store, both with addresses that this machine "
    "reaches (Workspace.create(…, catalogue='postgresql://…', artifacts='s3://…')), or use a cluster on the workspace's own machine."
)


@dataclass(frozen=True, slots=True)
class Order:
    """A run to execute, and where its workspace lies for the machine that sent it.

    It is sent as a plain dict: a worker of another version must still be able to read that it is one. ``seal`` opens
    the run's attachment in the stores; it is empty where there is none.
    """

    key: int
    run_id: str
    record: dict[str, Any]
    folder: str
    home: str
    host: str
    version: str
    python: str
    seal: str = field(default="", repr=False)

    @classmethod
    def of(cls, store: Store, key: int, run_id: str) -> Order:
        """The order for a run of this machine's queue."""
        return cls(
            key=key,
            run_id=run_id,
            record=asdict(store.record),
            folder=str(store.folder),
            home=str(home()),
            host=socket.gethostname(),
            version=VERSION,
            python=python_version(),
            seal=seal_of(store, run_id),
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a worker opens a workspace; ``is_away`` if its folder is not the one of the submitting machine."""

    folder: Path
    home: Path
    is_away: bool


def python_version() -> str:
    """Python's version without its last part, as 3.11: what compiled packages and pickles depend on."""
    return ".".join(platform.python_version_tuple()[:2])


def mismatch(version: str, python: str, worker: dict[str, Any]) -> str:
    """Why a worker cannot take runs of this version; empty if it can."""
    found = []
    if worker.get("version") != version:
        found.append(f"aml_magics {worker.get('version')}, and {version} sent the run")
    if worker.get("python") != python:
        found.append(f"Python {worker.get('python')}, and {python} sent the run")
    if not found:
        return ""
    return (
        f"{worker.get('host')} has {'; it has '.join(found)}. Jobs and pickles are read by the same versions alone: "
        "install the same on both."
    )


def about_this() -> dict[str, Any]:
    """What a worker says of itself."""
    return {"version": VERSION, "python": python_version(), "host": socket.gethostname()}


def locate(order: Order) -> Place:
    """Where this machine opens the order's workspace.

    A machine that sees the workspace's own folder works in it. Another one has a folder for its journals and
    work, and shares catalogue and artifacts.

    Raises:
        ComputeTargetError: this machine cannot reach them.
    """
    record, folder = WorkspaceRecord(**order.record), Path(order.folder)
    here = socket.gethostname()
    is_embedded = not record.catalogue or record.catalogue.startswith("sqlite")
    seen = read_description(folder)
    if seen is not None and seen.id == record.id:
        if is_embedded and here != order.host and is_network(filesystem_type(folder)):
            raise ComputeTargetError(
                f"Worker {here} sees {folder} through a network file system, where the SQLite catalogue of workspace "
                f"{record.name!r} must not be written by two machines. {_REMEDY}"
            )
        return Place(folder, Path(order.home), is_away=False)
    namesake = ", another machine of the same name" if here == order.host else ""
    if is_embedded:
        raise ComputeTargetError(
            f"Worker {here} does not see {folder} of {order.host}{namesake}, in which workspace {record.name!r} has its "
            f"catalogue (SQLite). {_REMEDY}"
        )
    if "://" not in record.artifacts or record.artifacts.startswith(("file:", "local:")):
        raise ComputeTargetError(
            f"Worker {here} does not see the artifacts of workspace {record.name!r}, which lie in "
            f"{record.artifacts or folder / 'artifacts'} of {order.host}{namesake}. {_REMEDY}"
        )
    if namesake:
        raise ComputeTargetError(
            f"Each machine of a workspace has a host name of its own, by which runs find their queue; worker {here} does not see "
            f"{folder} and so is another machine than the one that sent the run, which is called {order.host}, too. Give it another "
            "name (hostname NAME, docker run --hostname NAME) and start its Dask worker again."
        )
    # not among this user's own workspaces: one of them may have the same name
    own = home() / "clusters" / record.id
    folder = own / "workspaces" / record.name
    if read_description(folder) != record:
        write_description(folder, record)
    return Place(folder, own, is_away=True)
