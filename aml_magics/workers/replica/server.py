"""The event loop's side of a replica: connections, routes, the clock, and what the supervisor says."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import time
import traceback
import uuid
from email.utils import formatdate
from time import monotonic, perf_counter
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from aml_magics.workers.replica.authorization import Authorization, Origins
from aml_magics.workers.replica.channel import Channel, ChannelClosedError, Numbers
from aml_magics.workers.replica.connection import Connection
from aml_magics.workers.replica.message import SUCCEEDED, TEXT, Answer, Request, error
from aml_magics.workers.replica.scorer import Scorer
from aml_magics.workers.replica.swagger import Swagger
from aml_magics.workers.replica.traffic import Traffic

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from aml_magics.workers.replica.log import Log
    from aml_magics.workers.replica.orders import Orders
    from aml_magics.workers.replica.script import Script

_TICK = 0.1
_IDLE = 75.0
"""Seconds for which a connection is kept without a request."""
_ID_LENGTH = 100
_IDS = (b"x-request-id", b"x-ms-request-id", b"x-ms-client-request-id", b"traceid")

_HEALTHY = Answer(200, TEXT, b"Healthy")
_NOT_FOUND = (
    "The requested URL was not found on the server. If you entered the URL manually please check your spelling "
    "and try again."
)
_METHODS = {
    "/": ("GET", "HEAD", "OPTIONS"),
    "/score": ("GET", "HEAD", "OPTIONS", "POST"),
    "/swagger.json": ("GET", "HEAD", "OPTIONS"),
}


class Server:
    """One replica. Everything but :meth:`load` runs in the event loop."""

    def __init__(
        self,
        orders: Orders,
        channel: Channel,
        numbers: Numbers,
        log: Log,
        script: Script,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._orders, self._channel, self._numbers = orders, channel, numbers
        self._log, self._script, self._loop = log, script, loop
        self.body_limit = orders.limits.body
        self.receive_limit = orders.limits.receive
        self.is_draining = False
        self.date = formatdate(usegmt=True).encode()
        self.connections: dict[int, Connection] = {}
        self.receiving: dict[Connection, float] = {}
        self.scorer = Scorer(orders.limits, numbers, loop)
        self._authorization = Authorization(orders)
        self._origins = Origins(orders.cors)
        self._swagger = Swagger(script, orders.app)
        self._traffic = Traffic(orders)
        self._started = monotonic()
        self._is_ready = self._is_stuck = False
        self._second = 0
        self._opening: set[asyncio.Task[Any]] = set()
        version = os.environ.get("HTTP_X_MS_SERVER_VERSION", "aml-magics")
        self._version = f"x-ms-server-version: {version}\r\n".encode("latin-1")
        self.collect: Callable[[Request, Answer, float], None] | None = None

    def start(self) -> None:
        """Begin to listen to the supervisor."""
        self._loop.add_reader(self._channel.fileno(), self._read_channel)
        self._tick()

    # The supervisor

    def ready(self) -> None:
        """The script is loaded."""
        self._is_ready = True
        self._log.info(f"Scoring timeout is set to {self._orders.limits.scoring * 1000:.0f}")
        self._log.info(f"Worker with pid {os.getpid()} ready for serving traffic")
        self._say({"is": "ready"})

    def _say(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(ChannelClosedError):  # seen when the channel is read
            self._channel.send(message)

    def _read_channel(self) -> None:
        try:
            while received := self._channel.receive():
                self._obey(*received)
        except ChannelClosedError:
            self._loop.remove_reader(self._channel.fileno())
            self._log.error("The supervisor of this service is gone; this replica ends.")
            self.drain()

    def _obey(self, message: dict[str, Any], descriptor: int | None) -> None:
        match message["do"]:
            case "connection" if descriptor is None:  # this process has too many files open
                self._say({"is": "refused", "slot": message["slot"]})
            case "connection" if descriptor is not None:
                task = self._loop.create_task(self._open(descriptor, message["slot"]))
                self._opening.add(task)
                task.add_done_callback(self._opening.discard)
            case "drain":
                self.drain()
            case "keys":
                try:
                    self._authorization.read()
                except (OSError, ValueError) as problem:
                    self._log.error(
                        f"{self._orders.keys} could not be read; the old keys stay: {problem}"
                    )
            case "stop":
                self._log.flush()
                self._traffic.turn(now=0)
                os._exit(0)

    async def _open(self, descriptor: int, slot: int) -> None:
        end = socket.socket(fileno=descriptor)
        try:
            end.setblocking(False)
            if end.family in (socket.AF_INET, socket.AF_INET6):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = Connection(self, slot, self._numbers.set_slot)
            await self._loop.connect_accepted_socket(lambda: connection, end)
        except OSError:  # the client has left already
            end.close()
            self._say({"is": "closed", "slot": slot})
            return
        if self.is_draining:
            connection.release()

    def drain(self) -> None:
        """Answer what has begun, give idle connections back, and end when none is left."""
        self.is_draining = True
        for connection in list(self.connections.values()):
            connection.release()
        self._end_if_done()

    def closed(self, connection: Connection) -> None:
        """A connection is gone or given back."""
        self.connections.pop(connection.slot, None)
        self._say(
            {"is": "released" if connection.is_released else "closed", "slot": connection.slot}
        )
        self._end_if_done()

    def _end_if_done(self) -> None:
        if not self.is_draining or self.connections or self._opening:
            return
        if not self._channel.flush_if_open():
            return  # the next tick tries again
        self._log.flush()
        self._traffic.turn(now=0)
        if self._is_stuck or not self._is_ready:
            os._exit(0)  # a thread is in the script and would never end
        self.scorer.stop()
        self._loop.stop()

    # The clock

    def _tick(self) -> None:
        self._numbers.tick()
        if self.scorer.check() and not self._is_stuck:
            self._is_stuck = True
            limit = self._orders.limits.scoring
            self._log.error(
                f"run() did not end within {limit:g} s; this replica is replaced. It was here:"
            )
            self._log.error(_stacks())
            self._say({"is": "stuck"})
            self.drain()
        now = monotonic()
        for connection in [one for one, deadline in self.receiving.items() if now > deadline]:
            connection.overdue()
        if (second := int(time.time())) != self._second:
            self._second = second
            self._each_second(now)
        self._log.flush()
        if not self._is_ready and now - self._started > self._orders.limits.init:
            self._give_up()
        if self.is_draining:
            self._end_if_done()
        with contextlib.suppress(ChannelClosedError):
            self._channel.flush()
        self._loop.call_later(_TICK, self._tick)

    def _each_second(self, now: float) -> None:
        self.date = formatdate(usegmt=True).encode()
        self._traffic.turn()
        self._log.follow_rotation()
        for connection in list(self.connections.values()):
            if connection.is_idle and now - connection.idle_since > _IDLE:
                connection.close()

    def _give_up(self) -> None:
        limit = self._orders.limits.init
        stacks = _stacks()
        message = f"init() of {self._orders.entry_script} did not end within {limit:g} s"
        self._log.error(f"{message}. It was here:")
        self._log.error(stacks)
        self._say({"is": "failed", "code": "InitTimeout", "message": message, "traceback": stacks})
        os._exit(1)

    # Requests

    def refusal(self, request: Request) -> Answer | None:  # noqa: PLR0911 -- one a rule
        """An answer that needs neither the body nor the script."""
        if request.path not in _METHODS:
            return self._unauthorized(request) or error(404, _NOT_FOUND)
        if too_long := self._name_request(request):
            return too_long
        if self._origins and self._origins.is_preflight(request):
            return Answer(200, TEXT + SUCCEEDED, b"")
        is_health = request.path == "/" and request.method in ("GET", "HEAD")
        if not is_health and (refused := self._unauthorized(request)):
            return refused
        allowed = _METHODS[request.path]
        if request.method not in allowed:
            request.ids = b""
            return error(405, "The method is not allowed for the requested URL.")
        if request.method == "OPTIONS" and request.path != "/score":
            return Answer(200, TEXT + f"Allow: {', '.join(allowed)}\r\n".encode(), b"")
        return None

    def _unauthorized(self, request: Request) -> Answer | None:
        return self._authorization.refusal(request)

    def _name_request(self, request: Request) -> Answer | None:
        """Take or make the ids of a request, and the headers that tell them back."""
        given = {name: value for name, value in request.headers if name in _IDS}
        lines = self._version
        if self._origins:
            lines += self._origins.headers(request)
        if not given:
            request.request_id = str(uuid.uuid4())
            own = request.request_id.encode()
            request.ids = b"%bx-request-id: %b\r\nx-ms-request-id: %b\r\n" % (lines, own, own)
            return None
        own = given.get(b"x-request-id") or str(uuid.uuid4()).encode()
        if len(own) > _ID_LENGTH:
            request.ids = lines
            return error(431, f"x-request-id must not exceed {_ID_LENGTH} characters")
        request.request_id = own.decode("latin-1")
        lines += b"x-request-id: %b\r\n" % own
        legacy, client = (
            given.get(b"x-ms-request-id", b""),
            given.get(b"x-ms-client-request-id", b""),
        )
        if legacy:
            client = client or legacy
        else:
            legacy = client or own
        refused = None
        if len(legacy) <= _ID_LENGTH and len(client) <= _ID_LENGTH:
            lines += b"x-ms-request-id: %b\r\n" % legacy
            if client:
                lines += b"x-ms-client-request-id: %b\r\n" % client
        else:
            refused = error(
                431,
                f"x-ms-request-id and x-ms-client-request-id must not exceed {_ID_LENGTH} characters",
            )
        if trace := given.get(b"traceid"):
            lines += b"TraceId: %b\r\n" % trace
        request.ids = lines
        return refused

    def handle(self, connection: Connection, request: Request) -> None:
        """Answer, or let the script do it."""
        if request.path == "/score":
            self.scorer.submit(request, connection.answer)
        elif request.path == "/":
            connection.answer(request, _HEALTHY)
        else:
            version = parse_qs(request.query).get("version", ["2"])[0]
            connection.answer(request, self._swagger.answer(version))

    def answered(self, request: Request, answer: Answer) -> None:
        """Count and log an answer."""
        if request.path == "/":
            return
        seconds = perf_counter() - request.begun
        scorer = self.scorer
        if request.path == "/score":
            scorer.requests += 1
            if answer.status >= 500:
                scorer.errors += 1
            self._traffic.count(request, answer, seconds)
            if self.collect is not None:
                self.collect(request, answer, seconds)
        query = f"?{request.query}" if request.query else ""
        self._log.write_soon(
            "azmlinfsrv",
            "I",
            f"{request.method} {request.path}{query} {answer.status} {seconds * 1000:.3f}ms {len(answer.body)}",
        )


def _stacks() -> str:
    """Where all threads of the script are."""
    ours = os.path.dirname(__file__)  # noqa: PTH120 -- quick to start
    parts: list[str] = []
    for frame in sys._current_frames().values():  # noqa: SLF001 -- the only way to see another thread
        stack = traceback.extract_stack(frame)
        if any(
            "work" in one.name or "load" in one.name
            for one in stack
            if one.filename.startswith(ours)
        ):
            kept = [one for one in stack if not one.filename.startswith((ours, "<frozen"))]
            parts.append(
                "Traceback (most recent call last):\n" + "".join(traceback.format_list(kept))
            )
    return "\n".join(parts)
