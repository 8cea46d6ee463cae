"""One HTTP connection: bytes to requests, answers to bytes.

It stands on httptools' parser alone. Uvicorn and starlette would cost a task, an ASGI scope and a dozen awaits a
request, and cannot refuse a body before it has come.
"""

from __future__ import annotations

import asyncio
import http
from collections import deque
from time import monotonic, perf_counter
from typing import TYPE_CHECKING, Protocol, cast
from urllib.parse import unquote

import httptools

from aml_magics.workers.replica.channel import ANSWERING, BEGUN, IDLE
from aml_magics.workers.replica.message import Answer, Request, error, too_large

if TYPE_CHECKING:
    from collections.abc import Callable

_HEAD = 65536
"""Bytes that the head of a request may have."""
_LINGER = 5.0
"""Seconds for which the rest of a refused body is read away, so that the client gets to read the answer."""

_LARGE_HEAD = error(431, f"The head of the request is larger than {_HEAD:,} bytes.")
_STATUS_LINES = {
    one.value: f"HTTP/1.1 {one.value} {one.phrase}\r\n".encode() for one in http.HTTPStatus
}


class Service(Protocol):
    """What a connection needs of the process."""

    body_limit: int
    receive_limit: float
    is_draining: bool
    date: bytes
    connections: dict[int, Connection]
    receiving: dict[Connection, float]

    def refusal(self, request: Request) -> Answer | None:
        """An answer that needs neither the body nor the script."""
        ...

    def handle(self, connection: Connection, request: Request) -> None:
        """Answer, now or later, by ``connection.answer``."""
        ...

    def answered(self, request: Request, answer: Answer) -> None:
        """Count it."""
        ...

    def closed(self, connection: Connection) -> None:
        """The connection is gone, or is given back."""
        ...


class Connection(asyncio.Protocol):
    """A connection that the supervisor handed over; it may carry many requests, one after the other."""

    def __init__(self, service: Service, slot: int, set_slot: Callable[[int, int], None]) -> None:
        self._service = service
        self.slot = slot
        self._set_slot = set_slot
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._url = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._request: Request | None = None  # the one that is being received
        self._body: bytes | bytearray = b""
        self._refusal: Answer | None = None
        self._is_receiving = False
        self._head = self._without_body = 0
        self._has_moved = False
        self._waiting: deque[tuple[Request, Answer | None]] = (
            deque()
        )  # pipelined behind the current
        self._current: Request | None = None  # the one that is being answered
        self._is_discarding = False
        self.idle_since = monotonic()
        self.is_released = False

    # asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Serve the connection from now on."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is not a subclass
        self._service.connections[self.slot] = self

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        del exc
        self._transport = None
        self._service.receiving.pop(self, None)
        self._set_slot(self.slot, IDLE)
        self._service.closed(self)

    def data_received(self, data: bytes) -> None:
        """Parse what came, and refuse what is no HTTP or has a head without end."""
        if self._is_discarding:
            return
        self._has_moved = False
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # asked for, not given: the request is answered as it is
        except httptools.HttpParserError:
            if not self._is_discarding:
                self._refuse(error(400, "The request is not valid HTTP/1.1."))
            return
        if self._is_receiving:
            self._without_body = 0 if self._has_moved else self._without_body + len(data)
            if self._without_body > _HEAD:  # one header without end
                self._refuse(_LARGE_HEAD)
                return
            if self not in self._service.receiving:
                self._service.receiving[self] = monotonic() + self._service.receive_limit

    # httptools' side

    def on_message_begin(self) -> None:
        """Begin a request."""
        if self._is_discarding:
            return
        self._url, self._headers, self._request = b"", [], None
        self._body, self._refusal, self._head = b"", None, 0
        self._is_receiving = self._has_moved = True
        if self._current is None:
            self._set_slot(self.slot, BEGUN)

    def on_url(self, url: bytes) -> None:
        """Add to its address."""
        self._url += url
        self._head += len(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Add a header; those that follow a body are passed over."""
        self._head += len(name) + len(value)
        if self._head > _HEAD:
            self._refuse(_LARGE_HEAD)
        elif self._request is None:
            self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Refuse the request before its body comes, if its head is reason enough."""
        if self._is_discarding:
            return
        path, _, query = self._url.partition(b"?")
        request = Request(
            self._parser.get_method().decode("latin-1"),
            unquote(path.decode("latin-1")) if b"%" in path else path.decode("latin-1"),
            query.decode("latin-1"),
            self._headers,
            self._parser.should_keep_alive(),
            perf_counter(),
        )
        self._request = request
        self._refusal = self._service.refusal(request)
        expects = False
        for name, value in self._headers:
            if name == b"content-length" and int(value) > self._service.body_limit:
                self._refuse(self._refusal or error(413, too_large(self._service.body_limit)))
                return
            expects = expects or (name == b"expect" and value.lower() == b"100-continue")
        if expects and self._refusal is not None:
            self._refuse(self._refusal)
        elif expects and self._transport is not None:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        """Add to its body, up to the limit."""
        self._has_moved = True
        if self._is_discarding or self._refusal is not None:
            return
        if len(self._body) + len(body) > self._service.body_limit:
            self._refuse(error(413, too_large(self._service.body_limit)))
            return
        if not self._body:
            self._body = body
            return
        if isinstance(self._body, bytes):
            self._body = bytearray(self._body)
        self._body += body

    def on_message_complete(self) -> None:
        """Answer it, or let it wait for the one before."""
        request = self._request
        if self._is_discarding or request is None:
            return
        self._is_receiving, self._request = False, None
        self._service.receiving.pop(self, None)
        request.body, self._body = self._body, b""
        if self._current is not None:
            self._waiting.append((request, self._refusal))
            if self._transport is not None:
                self._transport.pause_reading()
            return
        self._begin(request, self._refusal)

    # Answers

    def _begin(self, request: Request, refusal: Answer | None) -> None:
        self._current = request
        if refusal is not None:
            self.answer(request, refusal)
        else:
            self._service.handle(self, request)

    def answer(self, request: Request, answer: Answer) -> None:
        """Send the answer, unless the client has left or was answered already."""
        if self._current is not request:
            return
        self._service.answered(request, answer)
        if self._transport is None:
            return
        self._set_slot(self.slot, ANSWERING)
        keeps = request.keep_alive and not answer.is_last
        self._transport.write(self._bytes(request, answer, keeps=keeps))
        self._set_slot(self.slot, IDLE)
        self._current = None
        if not keeps:
            self._transport.close()
        elif self._waiting:
            self._set_slot(self.slot, BEGUN)
            following, refusal = self._waiting.popleft()
            if not self._waiting:
                self._transport.resume_reading()
            self._begin(following, refusal)
        elif self._is_receiving:
            self._set_slot(self.slot, BEGUN)
        else:
            self.idle_since = monotonic()
            if self._service.is_draining:
                self.release()

    def _bytes(self, request: Request, answer: Answer, *, keeps: bool) -> bytes:
        head = _STATUS_LINES.get(answer.status) or b"HTTP/1.1 %d \r\n" % answer.status
        end = b"\r\n" if keeps else b"Connection: close\r\n\r\n"
        return b"%bDate: %b\r\n%b%bContent-Length: %d\r\n%b%b" % (
            head,
            self._service.date,
            answer.headers,
            request.ids,
            len(answer.body),
            end,
            b"" if request.method == "HEAD" else answer.body,
        )

    def _refuse(self, answer: Answer) -> None:
        """Answer before the request has come whole, and read away what still comes for a while."""
        if self._is_discarding:
            return
        self._is_discarding, self._is_receiving, self._body = True, False, b""
        request = self._request or Request("", "", "", [], keep_alive=False, begun=perf_counter())
        self._request = None
        self._service.answered(request, answer)
        if self._transport is None:
            return
        if self._current is None and not self._waiting:
            self._set_slot(self.slot, ANSWERING)
            self._transport.write(self._bytes(request, answer, keeps=False))
        if self._transport.can_write_eof():
            self._transport.write_eof()
        self._service.receiving.pop(self, None)
        self._service.receiving[self] = monotonic() + min(_LINGER, self._service.receive_limit)

    def overdue(self) -> None:
        """The client took too long to send a request, or to notice that it was refused."""
        self._service.receiving.pop(self, None)
        if self._transport is None:
            return
        if not self._is_discarding:
            self._refuse(
                error(408, f"The request did not come whole in {self._service.receive_limit:g} s.")
            )
            self._service.receiving.pop(self, None)
        self._transport.close()

    # Idle connections

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being received or answered."""
        return self._current is None and not self._is_receiving and not self._is_discarding

    def release(self) -> None:
        """Give the connection back, still open, for another replica; one with a request is kept until that is answered.

        Our descriptor is closed; the supervisor's duplicate keeps the connection. Bytes that have come since are
        still in the kernel.
        """
        if self._transport is not None and self.is_idle and not self.is_released:
            self.is_released = True
            self._transport.pause_reading()
            self._transport.close()

    def close(self) -> None:
        """Close an idle connection."""
        if self._transport is not None:
            self._transport.close()
