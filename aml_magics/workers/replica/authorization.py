"""Who may call a service: keys, tokens, and which pages of other origins."""

from __future__ import annotations

import hmac
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

from aml_magics.records import token
from aml_magics.workers.replica.message import Answer, Request, error

if TYPE_CHECKING:
    from aml_magics.workers.replica.orders import Orders

_ASKS = b"WWW-Authenticate: Bearer\r\n"


class Authorization:
    """The keys of a service. They are read again when the supervisor says so."""

    def __init__(self, orders: Orders) -> None:
        self._kind = orders.authentication
        self._service = orders.service
        self._path = Path(orders.keys)
        self._keys: list[bytes] = []
        self._secret = ""
        self.read()

    def read(self) -> None:
        """Read the keys again: a regenerated one works at once, the old one no longer."""
        if self._kind == "none":
            return
        keys: dict[str, str] = json.loads(self._path.read_text(encoding="utf-8"))
        self._keys = [keys[name].encode() for name in ("primary", "secondary") if keys.get(name)]
        self._secret = keys.get("token_secret", "")

    def refusal(self, request: Request) -> Answer | None:
        """Why a request may not be served; None if it may. Takes the same time for every wrong key."""
        if self._kind == "none":
            return None
        scheme, _, given = (request.header(b"authorization") or b"").partition(b" ")
        given = given.strip()
        if scheme.lower() != b"bearer" or not given:
            return error(
                401,
                f"This service needs a {self._kind}: send the header 'Authorization: Bearer <{self._kind}>'.",
                headers=_ASKS,
            )
        if self._kind == "key":
            found = [hmac.compare_digest(given, key) for key in self._keys]
            return None if any(found) else error(401, "key_auth_access_denied", headers=_ASKS)
        service = self._secret and token.service_of(
            self._secret, given.decode("latin-1"), time.time()
        )
        if not service:
            return error(
                401,
                "token_auth_access_denied: the token is not valid or has expired",
                headers=_ASKS,
            )
        if service != self._service:
            return error(403, "token_auth_access_denied: the token is for another service")
        return None


class Origins:
    """Cross-origin requests, as flask-cors answers them for Azure's server."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self._allowed = {one.strip() for one in allowed}

    def __bool__(self) -> bool:
        return bool(self._allowed)

    def headers(self, request: Request) -> bytes:
        """Header lines for an answer to this request."""
        origin = request.header(b"origin")
        if "*" in self._allowed:
            lines = b"Access-Control-Allow-Origin: *\r\n"
        elif origin is None and len(self._allowed) == 1:
            (one,) = self._allowed
            lines = f"Access-Control-Allow-Origin: {one}\r\n".encode("latin-1")
        elif origin is not None and origin.decode("latin-1") in self._allowed:
            lines = b"Access-Control-Allow-Origin: %b\r\n" % origin
            if len(self._allowed) > 1:
                lines += b"Vary: Origin\r\n"
        else:
            return b""
        if self.is_preflight(request):
            if asked := request.header(b"access-control-request-headers"):
                lines += b"Access-Control-Allow-Headers: %b\r\n" % asked
            lines += b"Access-Control-Allow-Methods: GET, POST\r\n"
        return lines

    def is_preflight(self, request: Request) -> bool:
        """Whether a browser asks if it may ask; it sends no key with that."""
        return (
            bool(self._allowed)
            and request.method == "OPTIONS"
            and request.header(b"access-control-request-method") is not None
        )
