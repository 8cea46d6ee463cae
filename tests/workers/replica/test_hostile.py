"""Clients that want to use up memory, connections or time, and what an answer must not tell."""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import selectors
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, cast

import httpx
import pytest

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterable

    from tests.workers.replica.conftest import Replica

_ECHO = "def init(): pass\ndef run(data): return len(data)\n"
_CHUNKED = b"POST /score HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
_MEGABYTE = 1_000_000
_FLAT = 20 * _MEGABYTE


@pytest.fixture(scope="module")
def usual(replicas: Callable[..., Replica]) -> Replica:
    """A replica with the limits that a service has."""
    return replicas(_ECHO)


@pytest.fixture(scope="module")
def strict(replicas: Callable[..., Replica]) -> Replica:
    """A replica that takes 2 MB, within 1 s."""
    return replicas(_ECHO, limits={"body": 2 * _MEGABYTE, "receive": 1.0})


def _peak(replica: Replica) -> int:
    """The most memory that its process ever had, in bytes."""
    status = Path(f"/proc/{replica.process.pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) * 1024


def _answer(client: socket.socket) -> bytes:
    received = b""
    with contextlib.suppress(ConnectionError):  # it is over for who sends on
        while part := client.recv(65536):
            received += part
    return received


def _answered(clients: Iterable[socket.socket]) -> set[socket.socket]:
    """Those that can read an answer."""
    with selectors.DefaultSelector() as selector:
        for client in clients:
            selector.register(client, selectors.EVENT_READ)
        return {cast("socket.socket", key.fileobj) for key, _ in selector.select(0)}


def _pour(client: socket.socket, piece: bytes, most: int) -> int:
    """Send a piece again and again until there is an answer; how many bytes were sent."""
    sent = 0
    with contextlib.suppress(ConnectionError):
        while sent < most and not _answered([client]):
            client.sendall(piece)
            sent += len(piece)
    return sent


def test_300_megabytes_are_refused_before_they_come_and_take_no_memory(usual: Replica) -> None:
    before = _peak(usual)
    with usual.connect() as client:
        client.sendall(b"POST /score HTTP/1.1\r\nHost: a\r\nContent-Length: 300000000\r\n\r\n")
        answer = client.recv(65536)
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert b"larger than the 100,000,000 bytes that this service takes" in answer
        with contextlib.suppress(ConnectionError):
            for _ in range(300):
                client.sendall(bytes(_MEGABYTE))
    assert _peak(usual) - before < _FLAT
    assert usual.post(b"abc").json() == 3


@pytest.mark.parametrize(
    ("begun", "piece", "status"),
    [
        (_CHUNKED, b"F4240\r\n" + bytes(_MEGABYTE) + b"\r\n", b"413"),
        (_CHUNKED + b"1;", b"x" * 65536, b"431"),
        (_CHUNKED + b"1\r\na\r\n0\r\n", b"name: value\r\n" * 5000, b"431"),
        (_CHUNKED + b"1\r\na\r\n0\r\nname: ", b"x" * 65536, b"431"),
        (b"POST /score HTTP/1.1\r\n", b"name: value\r\n" * 5000, b"431"),
        (b"POST /score HTTP/1.1\r\nname: ", b"x" * 65536, b"431"),
        (b"POST /score?", b"x" * 65536, b"431"),
    ],
    ids=["body", "extension", "trailers", "trailer", "headers", "header", "address"],
)
def test_what_never_ends_is_refused_and_takes_no_memory(
    strict: Replica, begun: bytes, piece: bytes, status: bytes
) -> None:
    before = _peak(strict)
    with strict.connect() as client:
        client.sendall(begun)
        sent = _pour(client, piece, 10_000 * _MEGABYTE)
        answer = _answer(client)
    assert sent
    assert answer[:12] == b"HTTP/1.1 " + status
    assert _peak(strict) - before < _FLAT


def test_two_hundred_who_send_a_byte_now_and_then_get_408_and_hold_up_nobody(
    strict: Replica,
) -> None:
    begun = [b"POST /score HTTP/1.1\r\nHost: a", _CHUNKED + b"FFFF\r\n"]
    with contextlib.ExitStack() as clients:
        slow = [clients.enter_context(strict.connect()) for _ in range(200)]
        for number, client in enumerate(slow):
            client.sendall(begun[number % 2])
        answered: set[socket.socket] = set()
        while len(answered) < len(slow):
            assert strict.post(b"abc").json() == 3
            answered = _answered(slow)
            for client in set(slow) - answered:
                with contextlib.suppress(ConnectionError):
                    client.sendall(b"x")
        assert {_answer(client)[:12] for client in slow} == {b"HTTP/1.1 408"}


def test_a_body_that_unpacks_to_300_megabytes_takes_the_memory_of_two(strict: Replica) -> None:
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    bomb = b"".join([*(packer.compress(bytes(_MEGABYTE)) for _ in range(300)), packer.flush()])
    assert len(bomb) < _MEGABYTE
    before = _peak(strict)
    answer = strict.post(bomb, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 413
    assert _peak(strict) - before < _FLAT
    twice = gzip.compress(b"a") + gzip.compress(b"b")
    answer = strict.post(twice, headers={"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["message"]) == (
        400,
        "The body could not be unpacked: bytes follow its end.",
    )


_TELLS = """
import json, sys
from azureml_inference_server_http.api.aml_response import AMLResponse

def init(): pass

class Odd(Exception):
    def __str__(self): raise ValueError("secret")

class Lazy:
    @property
    def tolist(self): raise ValueError("secret")

class Encoded:
    def tolist(self): raise KeyError("secret")

def rows():
    yield 1
    raise ValueError("secret")

def run(data):
    if data == "raise": raise ValueError("secret")
    if data == "exit": sys.exit("secret")
    if data == "odd": raise Odd()
    if data == "group": raise ExceptionGroup("secret", [ValueError("secret")])
    if data == "deep": return run(data)
    if data == "unknown": json.loads("{" + "secret")
    if data == "encode": return "\\ud800secret".encode()
    return {
        "lazy": Lazy(), "encoded": Encoded(), "rows": rows(), "keys": {("secret",): 1},
        "header": AMLResponse("", 200, {"x": "secret\\r\\ny: z"}),
        "status": AMLResponse("", "secret"), "body": AMLResponse("", 200),
    }[data]
"""
_SCORING = {
    "message": "An unexpected error occurred in scoring script. Check the logs for more info."
}
_INTERNAL = {"message": "An unexpected internal error occurred. Check the logs for more info."}


@pytest.fixture(scope="module")
def telling(replicas: Callable[..., Replica]) -> Replica:
    """A script whose errors have a text that nobody may see."""
    return replicas(_TELLS)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        *((one, _SCORING) for one in ("raise", "exit", "odd", "group", "deep", "unknown")),
        *((one, _SCORING) for one in ("encode", "secret of none")),
        *((one, _INTERNAL) for one in ("lazy", "encoded", "rows", "keys", "header", "status")),
    ],
)
def test_the_text_of_an_exception_reaches_the_log_and_no_client(
    telling: Replica, body: str, message: dict[str, str]
) -> None:
    answer = telling.post(body)
    assert (answer.status_code, answer.json()) == (500, message)
    assert "secret" not in str(answer.headers)
    assert telling.post("body").status_code == 200


def test_what_no_client_sees_is_in_the_log(telling: Replica) -> None:
    telling.post("raise")
    while "ValueError: secret" not in telling.log:
        telling.post("body")


@pytest.fixture
def two(replicas: Callable[..., Replica], tmp_path: Path) -> list[Replica]:
    """Two services with keys of their own."""
    started = []
    for name in ("one", "two"):
        keys = tmp_path / name
        secrets = {"primary": f"{name}-1", "secondary": f"{name}-2", "token_secret": f"{name}-s"}
        keys.write_text(json.dumps(secrets), encoding="utf-8")
        started.append(replicas(_ECHO, service=name, authentication="key", keys=str(keys)))
    return started


def test_a_key_of_one_service_does_not_open_another(two: list[Replica]) -> None:
    def statuses(key: str) -> list[int]:
        given = {"Authorization": f"Bearer {key}"}
        return [one.post(b"a", headers=given).status_code for one in two]

    assert [statuses(key) for key in ("one-1", "one-2")] == [[200, 401]] * 2
    assert [statuses(key) for key in ("two-1", "two-2")] == [[401, 200]] * 2
    for key in ("one", "one-1 two-1", "one-1\ttwo-1", "ONE-1", "one-s", "None", "null"):
        assert statuses(key) == [401, 401]
    for line in ("one-1", "Basic one-1", "Bearer", "bearer  one-1x"):
        answer = httpx.post(f"{two[0].url}/score", headers={"Authorization": line})
        assert answer.status_code == 401, line
