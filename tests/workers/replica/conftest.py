"""A replica as its supervisor sees it: a real process, connections of TCP handed to it."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from aml_magics.workers.replica.channel import Channel, ChannelClosedError, Numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_COMPAT = Path(__file__).parents[3] / "aml_magics" / "compat"


class Replica:
    """Starts a replica and hands it every connection that comes, until it is closed."""

    def __init__(
        self, folder: Path, script: str, *, packages: Path | None = None, **orders: Any
    ) -> None:
        self.folder = folder
        app = folder / "app"
        app.mkdir(parents=True, exist_ok=True)
        (app / "score.py").write_text(script)
        (folder / "model").mkdir(exist_ok=True)
        self.orders: dict[str, Any] = {
            "service": "digits",
            "revision": 3,
            "workspace": "lab",
            "app": str(app),
            "entry_script": "score.py",
            "model_dir": str(folder / "model"),
            "log": str(folder / "log.txt"),
            "keys": str(folder / "keys.json"),
            "traffic": str(folder / "traffic"),
            **orders,
        }
        (folder / "replica.json").write_text(json.dumps(self.orders))
        self.channel, theirs = Channel.pair()
        self.numbers = Numbers.create()
        self.messages: list[dict[str, Any]] = []
        self.connections: dict[int, socket.socket] = {}
        self.news = threading.Condition()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "aml_magics.workers.replica"),
                *(str(folder / "replica.json"), str(theirs.fileno()), str(self.numbers.descriptor)),
            ],
            pass_fds=(theirs.fileno(), self.numbers.descriptor),
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(map(str, filter(None, (_COMPAT, packages)))),
            },
            start_new_session=True,
        )
        theirs.close()
        self._woken, self._wake = os.pipe()
        self._thread = threading.Thread(target=self._supervise)
        self._thread.start()

    def _supervise(self) -> None:
        slot = 0
        with selectors.DefaultSelector() as selector:  # select() refuses descriptors above 1,023
            for source in (self.listener, self.channel, self._woken):
                selector.register(source, selectors.EVENT_READ)
            while True:
                found = {key.fileobj for key, _ in selector.select()}
                if self._woken in found:
                    return
                if self.listener in found:
                    end, _ = self.listener.accept()
                    self.connections[slot] = end
                    with contextlib.suppress(ChannelClosedError):
                        self.channel.send({"do": "connection", "slot": slot}, end.fileno())
                    slot += 1
                if self.channel in found:
                    try:
                        while received := self.channel.receive():
                            self._hear(received[0])
                    except ChannelClosedError:
                        selector.unregister(self.channel)
                        self._hear({"is": "gone"})

    def _hear(self, message: dict[str, Any]) -> None:
        if message["is"] == "closed":
            self.connections.pop(message["slot"]).close()
        with self.news:
            self.messages.append(message)
            self.news.notify_all()

    def wait_for(self, kind: str, count: int = 1) -> dict[str, Any]:
        """The last message of a kind, once there are ``count``."""
        with self.news:
            assert self.news.wait_for(lambda: len(self.of(kind)) >= count, timeout=60), self.log
            return self.of(kind)[-1]

    def of(self, kind: str) -> list[dict[str, Any]]:
        """What it said of a kind so far."""
        return [one for one in self.messages if one["is"] == kind]

    def connect(self) -> socket.socket:
        """A client's connection."""
        return socket.create_connection(self.listener.getsockname(), timeout=60)

    def post(self, content: Any = b"", **more: Any) -> httpx.Response:
        """Score."""
        # without TLS, certificates need not be loaded: that takes longer than most answers
        return httpx.post(f"{self.url}/score", content=content, timeout=60, verify=False, **more)

    @property
    def log(self) -> str:
        """What is in the log."""
        path = self.folder / "log.txt"
        return path.read_text() if path.exists() else ""

    def close(self) -> None:
        """Kill it, and close all."""
        os.write(self._wake, b"x")
        self._thread.join()
        self.process.kill()
        self.process.wait()
        for one in (self.listener, *self.connections.values()):
            one.close()
        self.channel.close()
        self.numbers.close()
        os.close(self._woken)
        os.close(self._wake)


@pytest.fixture(scope="module")
def replicas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Replica]]:
    """Start replicas; all are killed at the end of the file."""
    started: list[Replica] = []

    def start(script: str, *, is_ready: bool = True, **orders: Any) -> Replica:
        replica = Replica(tmp_path_factory.mktemp("service"), script, **orders)
        started.append(replica)
        if is_ready:
            replica.wait_for("ready")
        return replica

    yield start
    for one in started:
        one.close()
