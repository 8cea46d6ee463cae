"""A request and its answer: read with bounds, and refused to whom it is not for."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Protocol, cast

from tornado.httputil import HTTPHeaders, HTTPMessageDelegate, ResponseStartLine

from aml_magics.services.workspace.token import is_user_token
from aml_magics.workers.endpoint.answer import Answer, failure
from aml_magics.workers.endpoint.route import Route

if TYPE_CHECKING:
    from tornado.httputil import HTTPConnection, RequestStartLine

    from aml_magics.store.store import Store

LONGEST_BODY: Final = 1 << 20
BODY_SECONDS: Final = 30.0
_HEADER: Final = "take a header from InteractiveLoginAuthentication().get_authentication_header()"


class Answering(Protocol):
    """The server of an exchange."""

    store: Store
    hosts: set[str]
    """By which it may be called, against pages of other sites."""

    def begin(self, exchange: Exchange) -> None:
        """Answer a request that was read."""


class Exchange(HTTPMessageDelegate):
    """One request on a connection.

    A request that is refused is read to its end, as its sender would see no answer before.
    """

    route: Route
    host = ""
    path = ""

    def __init__(self, server: Answering, connection: HTTPConnection) -> None:
        self._server, self._connection = server, connection
        self.body = bytearray()
        self._refusal: Answer | None = None
        self._is_over = self._is_head = False
        self._deadline: asyncio.TimerHandle | None = None

    def headers_received(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> None:
        """Look whether the request may be answered."""
        line = cast("RequestStartLine", start_line)
        self.path = line.path
        self.host = headers.get("Host", "")
        self._is_head = line.method == "HEAD"
        self._refusal = self._refused(line.method, headers)
        if self._refusal is not None and "Expect" in headers:  # its body has not been sent
            self.say(self._refusal)
            return
        self._deadline = asyncio.get_running_loop().call_later(BODY_SECONDS, self._be_late)

    def data_received(self, chunk: bytes) -> None:
        """Keep a part of the body."""
        if self._refusal is None and len(self.body) + len(chunk) > LONGEST_BODY:
            self._refusal = _too_large()
        if self._refusal is None:
            self.body += chunk
        else:
            self.body.clear()

    def finish(self) -> None:
        """Answer: the request is there."""
        self._stop_clock()
        if self._refusal is None:
            self._server.begin(self)
        else:
            self.say(self._refusal)

    def on_connection_close(self) -> None:
        """Answer nobody any more."""
        self._is_over = True
        self._stop_clock()

    def say(self, answer: Answer) -> None:
        """Send the answer, unless there was one or nobody listens any more."""
        self._stop_clock()
        if self._is_over:
            return
        self._is_over = True
        body = answer.body
        lines = {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            **answer.headers,
        }
        line = ResponseStartLine("HTTP/1.1", answer.status, HTTPStatus(answer.status).phrase)
        self._connection.write_headers(line, HTTPHeaders(lines), b"" if self._is_head else body)
        self._connection.finish()

    def _be_late(self) -> None:
        self.say(
            failure(
                408, f"The body did not come within {BODY_SECONDS:.0f} seconds; send it at once."
            )
        )

    def _stop_clock(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _refused(self, method: str, headers: HTTPHeaders) -> Answer | None:
        """Why a request is not answered; None if it is. Nobody learns without a token what is there."""
        refusal = self._not_from_here(headers) or _not_from_its_user(headers)
        if refusal is not None:
            return refusal
        workspace = self._server.store.record.name
        route = Route.of_target(self.path, workspace)
        if route is None:
            return failure(
                404,
                f"{self.path:.200} is no address of a pipeline of workspace {workspace!r}; "
                "PublishedPipeline.endpoint and PipelineEndpoint.endpoint give them.",
            )
        self.route = route
        allowed = ("GET", "HEAD") if route.is_swagger else ("POST",)
        if method not in allowed:
            return failure(
                405,
                f"{method:.20} does nothing here; {' or '.join(allowed)} does.",
                Allow=", ".join(allowed),
            )
        length = headers.get("Content-Length", "0")
        return _too_large() if length.isdecimal() and int(length) > LONGEST_BODY else None

    def _not_from_here(self, headers: HTTPHeaders) -> Answer | None:
        if self.host not in self._server.hosts:
            names = " or ".join(sorted(self._server.hosts))
            return failure(
                403, f"The header Host is {self.host!r:.100}, and this is {names}: ask for that."
            )
        origin = headers.get("Origin")
        if origin not in (None, f"http://{self.host}"):
            return failure(
                403, f"Pages of another origin ({origin!r:.100}) may not ask; ask from a program."
            )
        return None


def _not_from_its_user(headers: HTTPHeaders) -> Answer | None:
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        message = f"The request has no token: {_HEADER}."
    elif not is_user_token(token.strip()):
        message = (
            f"The token is of another user, was changed, or is older than an hour: {_HEADER} again."
        )
    else:
        return None
    return failure(401, message, **{"WWW-Authenticate": "Bearer"})


def _too_large() -> Answer:
    return failure(
        413,
        f"The body has more than {LONGEST_BODY:,} bytes; keep data in a datastore and send its path.",
    )
