"""Submitted scripts in real processes: a scheduler, workers, kills."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from aml_magics import Workspace
from aml_magics.services.data.store import datastore
from aml_magics.services.job import submission
from aml_magics.services.job.submission import Submission
from aml_magics.services.process.mark import JOB_VARIABLE
from aml_magics.services.run import run as runs
from aml_magics.services.run.log import read_log
from aml_magics.services.run.recovery import recover
from aml_magics.services.workspace import workspace as workspaces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

SECONDS = 60.0


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A workspace whose scheduler ends with the test."""
    monkeypatch.setenv("AML_MAGICS_SLOTS", "2")
    yield Workspace.from_config().store
    end_all_here()


@pytest.fixture(params=["sqlite", "postgresql"])
def either_store(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    """The same on each database."""
    monkeypatch.setenv("AML_MAGICS_SLOTS", "2")
    catalogue = ""
    if request.param == "postgresql":
        catalogue = request.getfixturevalue("postgres_server").create_catalogue()
    opened = workspaces.create("either", catalogue=catalogue)
    yield opened
    end_all_here()
    workspaces.close(opened)


def end_all_here() -> None:
    """End what the test left running in its home."""
    for _ in range(3):  # schedulers may be starting workers
        for process in processes_here():
            with contextlib.suppress(psutil.NoSuchProcess):  # a worker ends with its scheduler
                process.kill()
        time.sleep(0.02)


def processes_here() -> list[psutil.Process]:
    """What runs in the test's home beside the test; a PostgreSQL is not of it."""
    return [
        process
        for process in psutil.process_iter()
        if process.pid != os.getpid()
        and home_of(process) == Path(os.environ["AML_MAGICS_HOME"])
        and "postgres" not in process.name()
    ]


def home_of(process: psutil.Process) -> Path:
    """The home that a process works in; an empty path if it has none, or is gone."""
    try:
        return Path(process.environ().get("AML_MAGICS_HOME", ""))
    except psutil.Error:
        return Path()


def schedulers(store: Store) -> list[psutil.Process]:
    """The schedulers of a workspace: a worker is a fork of one, and lets go of its lock."""
    found = []
    lock = str(store.folder / "scheduler.lock")
    for process in psutil.process_iter():
        try:
            line = process.cmdline()
            is_scheduler = "aml_magics.workers.scheduler" in line and str(store.folder) in line
            if is_scheduler and lock in [file.path for file in process.open_files()]:
                found.append(process)
        except psutil.Error:
            continue
    return found


def processes_of(run: RunRecord) -> list[psutil.Process]:
    """The script of a run and all that it started."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(JOB_VARIABLE) == run.id and process.status() != "zombie":
                found.append(process)
        except psutil.Error:
            continue
    return found


@pytest.fixture
def submit_to(tmp_path: Path) -> Callable[..., RunRecord]:
    """Submit a script that is given as text to a store."""
    count = 0

    def submit_(store: Store, code: str, *arguments: str, **wanted: Any) -> RunRecord:
        nonlocal count
        count += 1
        folder = tmp_path / f"source-{count}"
        folder.mkdir()
        (folder / "script.py").write_text(code, encoding="utf-8")
        asked = Submission(folder, script="script.py", arguments=arguments, **wanted)
        return submission.submit(store, "scripts", asked)[0]

    return submit_


@pytest.fixture
def submit(store: Store, submit_to: Callable[..., RunRecord]) -> Callable[..., RunRecord]:
    """Submit a script that is given as text."""
    return partial(submit_to, store)


@pytest.fixture
def silent(store: Store) -> Iterator[threading.Event]:
    """Registers a datastore ``away`` whose server takes connections and never answers; an event of the first."""
    server = socket.create_server(("127.0.0.1", 0))
    address = f"127.0.0.1:{server.getsockname()[1]}"
    asked = threading.Event()

    def hang() -> None:
        with contextlib.ExitStack() as connections:  # kept open, without an answer
            while True:
                try:
                    connections.enter_context(server.accept()[0])
                except OSError:
                    return
                asked.set()

    thread = threading.Thread(target=hang, daemon=True)
    thread.start()
    options = {"endpoint_url": f"http://{address}", "key": "k", "secret": "s"}
    settings = {"url": "s3://bucket/data", "storage_options": options}
    datastore.register(store, "away", "url", settings)
    yield asked
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


def until(condition: Callable[[], Any], seconds: float = SECONDS) -> Any:
    """Wait for a condition; what it gave."""
    patience = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < patience, "it did not come about"
        time.sleep(0.03)
    return found


def now(store: Store, run: RunRecord) -> RunRecord:
    return runs.get(store, run.id)


def ended(store: Store, run: RunRecord) -> RunRecord:
    """The run when it has ended; who waits looks for dead processes more often than others do."""
    looked = time.monotonic()

    def has_ended() -> bool:
        nonlocal looked
        if time.monotonic() - looked > 0.5:
            looked = time.monotonic()
            recover(store)
        return now(store, run).status.is_terminal

    until(has_ended)
    return now(store, run)


def until_printed(store: Store, run: RunRecord, text: str) -> None:
    until(lambda: text in read_log(store, now(store, run)))


def worker_of(store: Store, run: RunRecord) -> psutil.Process:
    """The worker of a run that goes on."""
    with store.catalogue.read() as connection:
        owner = now(store, run).owner
        return psutil.Process(store.owners.get(connection, [owner])[owner].pid)


def kill(process: psutil.Process) -> None:
    os.kill(process.pid, signal.SIGKILL)
