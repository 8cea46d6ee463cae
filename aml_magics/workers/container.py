"""``python -m aml_magics.workers.container replica.json --port 5001``: a service in a container, without a workspace.

It is the supervisor of one replica, with the standard library alone: it listens, hands connections over, prints what
the replica logs, and ends when the replica does. Whoever runs the container starts it again.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aml_magics.workers.supervisor.answer import answer
from aml_magics.workers.supervisor.listener import Listener, allow_many_connections
from aml_magics.workers.supervisor.replica import GONE, READY, Launch, Replica

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

_PATHS: Final = ("app", "model_dir", "traffic", "collected")
_LOOK: Final = 0.1


class Container:
    """One replica behind one port, until it ends or SIGTERM comes."""

    def __init__(self, orders: Path, own: Path) -> None:
        self._log = own / "log.txt"
        self._log.touch(mode=0o600)
        self._ended = asyncio.Event()
        self._waiting: set[asyncio.Task[None]] = set()
        self._shown = 0
        self._replica = Replica(_launch(orders, own), 0, self._log, self._changed, self._take)

    async def serve(self, host: str, port: int) -> int:
        """Serve; returns the exit code of the replica."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._replica.drain)
        with contextlib.closing(Listener([port], self._take, _say, host)):
            while not self._ended.is_set():
                self._show()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._ended.wait(), _LOOK)
        self._show()
        failure = self._replica.failure
        if failure is not None:
            _say(f"{failure.get('code')}: {failure.get('message')}")
        return self._replica.code or 0

    def _take(self, connection: socket.socket) -> None:
        if not self._replica.take(connection):
            task = asyncio.get_running_loop().create_task(answer(connection, 503, is_begun=False))
            self._waiting.add(task)
            task.add_done_callback(self._waiting.discard)

    def _changed(self, replica: Replica) -> None:
        if replica.state == GONE:
            self._ended.set()
        elif replica.state != READY:  # a script that hangs; the container starts anew
            replica.kill("stuck", 504)

    def _show(self) -> None:
        """Print what was logged since the last time."""
        with self._log.open("rb") as file:
            file.seek(self._shown)
            said = file.read()
        self._shown += len(said)
        while said:
            said = said[os.write(1, said) :]


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201 -- the log of a container


def _launch(orders: Path, own: Path) -> Launch:
    """The orders with whole paths: those in the file are relative to its folder."""
    folder = orders.resolve().parent
    content = json.loads(orders.read_text(encoding="utf-8"))
    for name in _PATHS:
        content[name] = str(folder / content[name])
    for model in content["models"]:
        model["path"] = str(folder / model["path"])
    keys = own / "keys.json"
    keys.write_text("{}", encoding="utf-8")
    content |= {"log": str(own / "log.txt"), "keys": str(keys)}
    whole = own / "replica.json"
    whole.write_text(json.dumps(content), encoding="utf-8")
    return Launch(sys.executable, whole, Path(content["app"]), dict(os.environ))


def main(words: Sequence[str] | None = None) -> int:
    """Serve as the command line says."""
    parser = argparse.ArgumentParser("python -m aml_magics.workers.container", description=__doc__)
    parser.add_argument("orders", type=Path, help="the file replica.json of a build context")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5001)
    options = parser.parse_args(words)
    allow_many_connections()

    async def serve(own: str) -> int:
        return await Container(options.orders, Path(own)).serve(options.host, options.port)

    with tempfile.TemporaryDirectory(prefix="aml-container-") as own:
        return asyncio.run(serve(own))


if __name__ == "__main__":
    sys.exit(main())
