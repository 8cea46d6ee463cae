"""What the supervisor answers itself, where no replica can."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import Final

_REASONS: Final = {
    500: (
        "Internal Server Error",
        "The process that answered this request ended; the service's log says more.",
    ),
    503: ("Service Unavailable", "The service is not ready; try again in a moment."),
    504: (
        "Gateway Timeout",
        "The scoring script did not answer in time; the service's log says more.",
    ),
}
_FIRST_BYTE: Final = 10.0
_LINGER: Final = 1.0
_PIECE: Final = 65536


def answer_bytes(status: int) -> bytes:
    """A whole answer, after which the connection closes."""
    reason, text = _REASONS[status]
    body = text.encode()
    retry = "Retry-After: 1\r\n" if status == 503 else ""
    head = (
        f"HTTP/1.1 {status} {reason}\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\n{retry}Connection: close\r\n\r\n"
    )
    return head.encode() + body


async def answer(connection: socket.socket, status: int, *, is_begun: bool) -> None:
    """Answer the request of a connection and close it.

    Args:
        is_begun: whether a request was received; else its first bytes are waited for.
    """
    loop = asyncio.get_running_loop()
    with contextlib.closing(connection), contextlib.suppress(OSError, TimeoutError):
        if not is_begun:
            async with asyncio.timeout(_FIRST_BYTE):
                if not await loop.sock_recv(connection, _PIECE):
                    return
        async with asyncio.timeout(_FIRST_BYTE):
            await loop.sock_sendall(connection, answer_bytes(status))
        connection.shutdown(socket.SHUT_WR)
        # Bytes that are left unread would make the system reset the connection, and the answer with it.
        async with asyncio.timeout(_LINGER):
            while await loop.sock_recv(connection, _PIECE):
                pass
