"""A client of a process of its own, quicker than the servers: plain sockets on an event loop, answers barely parsed.

``python _load.py PORT PATH CLIENTS SECONDS BODY``: each client asks again when it is answered. At the end of SECONDS,
or of standard input if SECONDS is 0, it prints how many requests a second there were, percentiles in milliseconds, and
how many requests were lost: without an answer, or with one that is not 200. Standard library only.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from typing import Any


class Client(asyncio.Protocol):
    """One connection, kept alive; a new one where the server closes it.

    Args:
        request: all bytes of a request.
        told: where latencies go, in seconds.
        wrong: counts what was no 200.
    """

    def __init__(self, request: bytes, told: list[float], wrong: Counter[str]) -> None:
        self._request, self._told, self._wrong = request, told, wrong
        self._buffer = b""
        self._begin = 0.0
        self._is_waiting = False
        self.is_over = False
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        if self.is_over:
            self._transport.close()
            return
        self._begin, self._is_waiting = time.perf_counter(), True
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        lowered = head.lower()
        at = lowered.find(b"content-length:")
        if at < 0:
            raise ValueError(f"an answer without a length: {head!r}")
        length = int(lowered[at + 15 :].split(b"\r\n", 1)[0])
        if len(body) < length:
            return
        self._told.append(time.perf_counter() - self._begin)
        self._buffer, self._is_waiting = b"", False
        if b" 200 " not in head[:16]:
            self._wrong[head[:40].decode("latin-1")] += 1
        if b"connection: close" in lowered:
            self._transport.close()
        else:
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._is_waiting:
            self._wrong[f"closed without an answer ({exc})"] += 1
        if not self.ended.done():
            self.ended.set_result(None)


async def one_client(
    port: int, request: bytes, told: list[float], wrong: Counter[str], over: asyncio.Event
) -> None:
    """Ask until it is over."""
    loop = asyncio.get_running_loop()
    stop = loop.create_task(over.wait())
    while not over.is_set():
        _, client = await loop.create_connection(
            lambda: Client(request, told, wrong), "127.0.0.1", port
        )
        either: set[asyncio.Future[Any]] = {client.ended, stop}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        client.is_over = True
        await client.ended


async def load(
    port: int, path: str, clients: int, seconds: float, body: bytes
) -> dict[str, object]:
    """Put load on a server, and tell what came of it."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
    request = head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body
    told: list[float] = []
    wrong: Counter[str] = Counter()
    over = asyncio.Event()
    begin = time.perf_counter()
    running = [
        asyncio.create_task(one_client(port, request, told, wrong, over)) for _ in range(clients)
    ]
    if seconds:
        await asyncio.sleep(seconds)
    else:
        await asyncio.to_thread(sys.stdin.read)
    over.set()
    await asyncio.gather(*running)
    lasted = time.perf_counter() - begin
    told.sort()
    return {
        "rate": len(told) / lasted,
        "p50": 1e3 * told[len(told) // 2],
        "p99": 1e3 * told[min(len(told) - 1, len(told) * 99 // 100)],
        "requests": len(told),
        "lost": wrong.total(),
        "wrong": dict(wrong),
    }


if __name__ == "__main__":
    port_, path_, clients_, seconds_, body_ = sys.argv[1:]
    found = asyncio.run(load(int(port_), path_, int(clients_), float(seconds_), body_.encode()))
    print(json.dumps(found))
