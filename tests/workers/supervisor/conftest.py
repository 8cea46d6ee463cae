"""One workspace for the services of a module: they are real processes, and a start takes a second."""

from __future__ import annotations

import io
import json
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from aml_magics.records.job import SourceFile
from aml_magics.records.service import Deployment, ServiceKind, ServiceRecord, ServiceState
from aml_magics.services.service import deployment as deployments
from aml_magics.services.service import process, registry, waiting
from aml_magics.services.workspace import workspace as workspaces

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
    """A service that many tests call and update; healthy, whatever the test before left."""
    if hosting.get(_deployed).state is not ServiceState.HEALTHY:
        deployments.update(hosting.store, _deployed, hosting.deployment())
        waiting.wait(hosting.store, _deployed, timeout=120)
    return _deployed
