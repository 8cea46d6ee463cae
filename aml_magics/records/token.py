"""Tokens of a web service, signed with its secret.

Who gives one out and the replica that checks it import this file; it needs the standard library alone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json


def sign(secret: str, service: str, expires: float) -> str:
    """A token for one service, good until ``expires`` (seconds since the epoch)."""
    claims = json.dumps({"service": service, "exp": int(expires)}, separators=(",", ":"))
    body = base64.urlsafe_b64encode(claims.encode()).rstrip(b"=")
    return f"{body.decode()}.{_signature(secret, body)}"


def service_of(secret: str, token: str, now: float) -> str | None:
    """The service that a token is for; None if it is not ours, was changed or is over."""
    body, _, signature = token.partition(".")
    content = body.encode("utf-8", "surrogateescape")
    if not hmac.compare_digest(
        _signature(secret, content).encode(), signature.encode("utf-8", "surrogateescape")
    ):
        return None
    claims = json.loads(base64.urlsafe_b64decode(content + b"=" * (-len(content) % 4)))
    return claims["service"] if now < claims["exp"] else None


def _signature(secret: str, body: bytes) -> str:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
