"""The HTTP server of the process: who may ask, how much, and how long it stays.

tornado's HTTP server, below its web framework: ipykernel brings it, so it is there wherever aml_magics is. It bounds
the time of headers and bodies, which the server of the standard library cannot.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerConnectionDelegate

from aml_magics.errors import StoreError, StoreGoneError
from aml_magics.services.process.rest import HOST, lock_path, revive_rest
from aml_magics.store.files.lock import is_in_place
from aml_magics.workers.endpoint.answer import answer, failure
from aml_magics.workers.endpoint.exchange import BODY_SECONDS, Exchange

if TYPE_CHECKING:
    import socket

    from tornado.httputil import HTTPConnection
    from tornado.iostream import IOStream

    from aml_magics.store.store import Store

MOST_CONNECTIONS: Final = 100
MOST_WAITING: Final = 64
"""Requests that wait for their answer at once."""

LONGEST_HEADERS: Final = 32 << 10
IDLE_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 5.0
_QUIET_SECONDS: Final = 60.0
_LEAVE_SECONDS: Final = 10.0
_DRAINED: Final = 1 << 30
"""A body that is refused is read to its end, as far as this, and dropped: its sender reads no answer before."""

_THREADS: Final = 4
_BUSY: Final = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\nConnection: close\r\n\r\n"


class Server(HTTPServerConnectionDelegate):
    """Answers the requests that come to a socket.

    Args:
        listener: listens already.
        lock: the held lock of the process.
    """

    def __init__(self, store: Store, listener: socket.socket, lock: int) -> None:
        self.store = store
        self._listener, self._lock = listener, lock
        port = listener.getsockname()[1]
        self.hosts = {f"{HOST}:{port}", f"localhost:{port}"}
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="aml_magics-rest")
        self._waiting: set[asyncio.Task[None]] = set()
        self._last = time.monotonic()

    async def work(self) -> None:
        """Serve until the process is told to end, or nothing needs it."""
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopped.set)
        http = _BoundedServer(
            self,
            idle_connection_timeout=IDLE_SECONDS,
            body_timeout=BODY_SECONDS + _LOOK_SECONDS,  # a request answers 408 before
            max_body_size=_DRAINED,
            max_header_size=LONGEST_HEADERS,
        )
        self._listener.setblocking(False)
        http.add_sockets([self._listener])
        while not stopped.is_set():
            try:
                await asyncio.wait_for(stopped.wait(), _LOOK_SECONDS)
            except TimeoutError:
                if not await asyncio.to_thread(self._is_needed):
                    break
        http.stop()
        if self._waiting:
            await asyncio.wait(self._waiting, timeout=_LEAVE_SECONDS)
        await http.close_all_connections()
        self._threads.shutdown()
        self._leave()

    def start_request(
        self,
        server_conn: object,  # noqa: ARG002 -- tornado's
        request_conn: HTTPConnection,
    ) -> Exchange:
        """The reader of a new request."""
        return Exchange(self, request_conn)

    def begin(self, exchange: Exchange) -> None:
        """Answer a request that was read and may be answered."""
        self._last = time.monotonic()
        if len(self._waiting) >= MOST_WAITING:
            exchange.say(
                failure(
                    503,
                    f"{MOST_WAITING} requests are waiting, which is the most; ask again.",
                    **{"Retry-After": "1"},
                )
            )
            return
        task = asyncio.get_running_loop().create_task(self._answer(exchange))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def _answer(self, exchange: Exchange) -> None:
        asked = (self.store, exchange.route, bytes(exchange.body), exchange.host, exchange.path)
        loop = asyncio.get_running_loop()
        exchange.say(await loop.run_in_executor(self._threads, answer, *asked))

    def _is_needed(self) -> bool:
        if not is_in_place(self._lock, lock_path(self.store)):
            return False
        if time.monotonic() - self._last < _QUIET_SECONDS:
            return True
        try:
            with self.store.catalogue.read() as connection:
                return self.store.pipelines.is_any_active(connection)
        except StoreGoneError:
            return False
        except StoreError:
            return True  # it may answer again

    def _leave(self) -> None:
        """Let go of the lock; who published something meanwhile has seen it held, so look once more."""
        if not is_in_place(self._lock, lock_path(self.store)):
            return
        os.close(self._lock)
        revive_rest(self.store)


class _BoundedServer(HTTPServer):
    """Has no more than so many connections; another one is told to come again."""

    _open = 0

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        """Serve a connection, or refuse it."""
        if self._open >= MOST_CONNECTIONS:
            stream.write(_BUSY).add_done_callback(lambda _done: stream.close())
            return
        self._open += 1
        super().handle_stream(stream, address)

    def on_close(self, server_conn: object) -> None:
        """Note that a connection has ended."""
        self._open -= 1
        super().on_close(server_conn)
