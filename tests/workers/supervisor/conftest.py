"""One workspace for the services of a module: they are real processes, and a start takes a second."""

from __future__ import annotations

import asyncio
import io
import json
import os
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from aml_magics.records.job import SourceFile
from aml_magics.records.service import Deployment, ServiceKind, ServiceRecord, ServiceState
from aml_magics.services.service import deployment as deployments
from aml_magics.services.service import lock, process, registry, waiting
from aml_magics.services.workspace import workspace as workspaces
from aml_magics.workers.supervisor.supervisor import Supervisor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aml_magics.store.store import Store

SCORE = """
import json, os, signal, time

def init():
    global kept
    kept = []

def run(raw_data):
    request = json.loads(raw_data)
    if "exit" in request:
        os._exit(request["exit"])
    if "take" in request:
        kept.append(bytearray(request["take"]))
        time.sleep(60)
    time.sleep(request.get("sleep", 0))
    return {"pid": os.getpid(), "revision": REVISION}
"""


class Hosting:
    """A workspace with services that end with the module."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def deployment(self, text: str = SCORE, revision: int = 1, **values: Any) -> Deployment:
        """A deployment of a script."""
        digest, size = self.store.blobs.put(io.BytesIO(f"REVISION = {revision}\n{text}".encode()))
        return Deployment("score.py", (SourceFile("score.py", digest, size, 0o644),), **values)

    def deploy(self, name: str, text: str = SCORE, **values: Any) -> ServiceRecord:
        """A healthy service."""
        deployments.deploy(self.store, name, ServiceKind.ACI, self.deployment(text, **values))
        return waiting.wait(self.store, name, timeout=120)

    def get(self, name: str) -> ServiceRecord:
        """The service now."""
        return registry.get(self.store, name)

    def call(self, name: str, **request: Any) -> tuple[int, Any]:
        """Status and body of a request."""
        url = f"http://127.0.0.1:{self.get(name).port}/score"
        return post(url, request)

    def answered(self, name: str, **request: Any) -> Any:
        """The body of a request that is repeated until the service answers it."""
        found: list[Any] = []

        def is_answered() -> bool:
            status, body = self.call(name, **request)
            found[:] = [body]
            return status == 200

        eventually(is_answered)
        return found[0]

    def is_as_deployed(self, name: str) -> bool:
        """Whether it is healthy, has its first script and options, and lost no replica."""
        if self.get(name).state is not ServiceState.HEALTHY:
            return False
        newest = registry.revisions(self.store, name)[0].deployment
        is_quiet = all(one["restarts"] == 0 for one in self.replicas(name))
        return is_quiet and newest == self.deployment()

    def replicas(self, name: str) -> list[dict[str, Any]]:
        """What its supervisor says of its replicas."""
        found: list[dict[str, Any]] = process.read_status(self.store, self.get(name))["replicas"]
        return found


def post(url: str, request: object) -> tuple[int, Any]:
    """Status and body of a POST."""
    data = json.dumps(request).encode()
    asked = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(asked, timeout=120) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def eventually(fact: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something is so; the deadline is far, only the outcome counts."""
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline, "it did not become so"
        time.sleep(0.05)


def is_gone(pid: int) -> bool:
    """Whether a process has ended."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The home of the module's workspace."""
    return str(tmp_path_factory.mktemp("services") / "home")


@pytest.fixture(autouse=True)
def _home_of_module(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AML_MAGICS_HOME", home)


@pytest.fixture(scope="module")
def hosting(home: str) -> Iterator[Hosting]:
    """A workspace on SQLite; its services end with the module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AML_MAGICS_HOME", home)
        store = workspaces.create("hosting")
        made = Hosting(store)
        yield made
        for one in registry.services(store):
            deployments.delete(store, one.name)
        workspaces.close(store)


@pytest.fixture(scope="module")
def _deployed(hosting: Hosting, home: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AML_MAGICS_HOME", home)
        return hosting.deploy("shared").name


@pytest.fixture
def shared(hosting: Hosting, _deployed: str) -> str:
    """A service that many tests call and update; as it was deployed, whatever the test before left."""
    if not hosting.is_as_deployed(_deployed):
        process.up(hosting.store, _deployed)
        deployments.update(hosting.store, _deployed, hosting.deployment())
        waiting.wait(hosting.store, _deployed, timeout=120)
    return _deployed


@pytest.fixture
def own(hosting: Hosting) -> Iterator[str]:
    """The name of a service that ends with the test."""
    yield "own"
    if any(one.name == "own" for one in registry.services(hosting.store)):
        deployments.delete(hosting.store, "own")


@pytest.fixture
def supervised(hosting: Hosting, own: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Deploys a service and supervises it in this process, whose constants a test may shorten."""

    def supervise(scenario: Callable[[], object], text: str = SCORE, **values: Any) -> None:
        monkeypatch.setattr(process, "ensure", lambda *_: None)
        wanted = hosting.deployment(text, **values)
        record = deployments.deploy(hosting.store, own, ServiceKind.ACI, wanted)
        handle = lock.acquire(hosting.store, record)
        assert handle is not None

        async def serve() -> None:
            supervisor = Supervisor(hosting.store, own, handle)
            serving = asyncio.create_task(supervisor.serve())
            try:
                await asyncio.to_thread(waiting.wait, hosting.store, own, timeout=120)
                await asyncio.to_thread(scenario)
            finally:
                supervisor._stop()
                await serving

        try:
            asyncio.run(serve())
        finally:
            os.close(handle)  # or the service's deletion would signal this process

    return supervise
