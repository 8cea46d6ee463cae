"""Clients and scripts that misbehave: what they get, and that the replica stays."""

from __future__ import annotations

import contextlib
import gzip
import json
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import psutil
import pytest

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from tests.workers.replica.conftest import Replica

_ECHO = "def init(): pass\ndef run(data): return len(data)\n"
_GATE = """
import os, time
def init(): pass
def run(data):
    while data and not os.path.exists(data): time.sleep(0.01)
    return "through"
"""


@pytest.fixture(scope="module")
def small(replicas: Callable[..., Replica]) -> Replica:
    """A replica that takes 1,000 bytes, within 0.5 s."""
    return replicas(_ECHO, limits={"body": 1000, "receive": 0.5})


def _answer(client: socket.socket) -> bytes:
    received = b""
    while part := client.recv(65536):
        received += part
    return received


def _status(client: socket.socket) -> int:
    return int(_answer(client).split()[1])


def test_a_large_body_is_refused_before_it_comes(small: Replica) -> None:
    with small.connect() as client:
        client.sendall(b"POST /score HTTP/1.1\r\nHost: a\r\nContent-Length: 300000000\r\n\r\n")
        assert _status(client) == 413


def test_who_sends_it_anyway_can_read_why_and_memory_stays_flat(small: Replica) -> None:
    process = psutil.Process(small.process.pid)
    before = process.memory_info().rss
    answer = small.post(b"x" * 50_000_000)
    assert answer.status_code == 413
    assert "1,000 bytes" in answer.json()["message"]
    assert process.memory_info().rss - before < 20_000_000


def test_a_chunked_body_without_a_length_is_refused_at_the_limit(small: Replica) -> None:
    assert small.post(iter([b"x" * 600, b"y" * 600])).status_code == 413
    assert small.post(iter([b"x" * 600, b"y" * 400])).json() == 1000


def test_expect_continue_is_answered_before_the_body(small: Replica) -> None:
    with small.connect() as client:
        head = b"POST /score HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
        client.sendall(head)
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"abc")
        assert _answer(client).endswith(b"\r\n\r\n3")


def test_gzip_is_unpacked_and_a_bomb_is_refused(small: Replica) -> None:
    headers = {"Content-Encoding": "gzip"}
    assert small.post(gzip.compress(b"x" * 900), headers=headers).json() == 900
    assert small.post(gzip.compress(b"x" * 100_000), headers=headers).status_code == 413
    assert small.post(gzip.compress(b"x")[:-4], headers=headers).status_code == 400
    assert small.post(b"x", headers=headers).status_code == 400
    assert small.post(b"x", headers={"Content-Encoding": "br"}).status_code == 415


@pytest.mark.parametrize(
    "begun",
    [
        b"POST /sco",
        b"POST /score HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc",
        b"POST /score HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    ],
)
def test_who_never_ends_a_request_gets_408(small: Replica, begun: bytes) -> None:
    with small.connect() as client:
        client.sendall(begun)
        assert _status(client) == 408


def test_a_head_without_end_is_refused(small: Replica) -> None:
    with small.connect() as client:
        client.sendall(b"GET / HTTP/1.1\r\n" + b"x-more: 1\r\n" * 10_000)
        assert _status(client) == 431


def test_what_is_not_http_gets_400(small: Replica) -> None:
    with small.connect() as client:
        client.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        assert _status(client) == 400


def test_requests_sent_at_once_are_answered_in_order(small: Replica) -> None:
    one = b"POST /score HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%b"
    with small.connect() as client:
        last = b"POST /score HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc"
        client.sendall(one % (1, b"a") + one % (2, b"ab") + last)
        bodies = [part[-1:] for part in _answer(client).split(b"HTTP/1.1 ")[1:]]
        assert bodies == [b"1", b"2", b"3"]


def test_health_answers_while_all_wait_and_more_are_refused(
    replicas: Callable[..., Replica], tmp_path: Path
) -> None:
    replica = replicas(_GATE, limits={"queue": 5, "concurrent": 1})
    gate = tmp_path / "gate"
    answers: list[httpx.Response] = []
    threads = [
        threading.Thread(target=lambda: answers.append(replica.post(str(gate)))) for _ in range(20)
    ]
    for one in threads:
        one.start()
    while len(answers) < 14:
        assert httpx.get(replica.url, verify=False).text == "Healthy"
    assert {one.status_code for one in answers} == {429}
    assert answers[0].headers["retry-after"] == "1"
    assert replica.numbers.counts()[:2] == (1, 5)
    assert replica.numbers.in_run() > 0
    gate.touch()
    for one in threads:
        one.join()
    assert sorted(one.status_code for one in answers) == [200] * 6 + [429] * 14
    assert replica.numbers.counts() == (0, 0, 20, 0)


def test_who_waits_too_long_gets_503(replicas: Callable[..., Replica], tmp_path: Path) -> None:
    replica = replicas(_GATE, limits={"wait": 0.2})
    gate = tmp_path / "gate"
    answers: list[httpx.Response] = []
    first = threading.Thread(target=lambda: answers.append(replica.post(str(gate))))
    first.start()
    while replica.numbers.counts()[0] == 0:
        pass
    assert replica.post("").status_code == 503
    gate.touch()
    first.join()
    assert answers[0].json() == "through"


def test_a_run_that_does_not_end_is_504_and_the_replica_is_replaced(
    replicas: Callable[..., Replica],
) -> None:
    replica = replicas(_GATE, limits={"scoring": 0.3})
    with httpx.Client(base_url=replica.url, timeout=60) as client:
        answer = client.post("/score", content="/never")
        assert answer.status_code == 504
        assert answer.json() == {"message": "Scoring timeout after 300 ms"}
    replica.wait_for("stuck")
    replica.wait_for("gone")
    assert replica.process.wait(timeout=60) == 0
    assert "while data and not os.path.exists(data)" in replica.log


def test_two_score_at_once_where_two_may(replicas: Callable[..., Replica], tmp_path: Path) -> None:
    replica = replicas(_GATE, limits={"concurrent": 2})
    gate = tmp_path / "gate"
    first = threading.Thread(target=replica.post, args=(str(gate),))
    first.start()
    assert replica.post("").json() == "through"
    gate.touch()
    first.join()


def test_drain_answers_what_has_begun_and_gives_idle_connections_back(
    replicas: Callable[..., Replica], tmp_path: Path
) -> None:
    replica = replicas(_GATE)
    gate = tmp_path / "gate"
    post = b"POST /score HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%b"
    with replica.connect() as idle, replica.connect() as busy:
        idle.sendall(post % (0, b""))
        assert b"through" in idle.recv(65536)
        busy.sendall(post % (len(str(gate)), str(gate).encode()))
        while replica.numbers.slot(1) == 0:
            pass
        replica.channel.send({"do": "drain"})
        assert replica.wait_for("released")["slot"] == 0
        gate.touch()
        assert b"through" in busy.recv(65536)
        replica.wait_for("released", count=2)
        assert replica.process.wait(timeout=60) == 0
        idle.sendall(b"still there")
        assert replica.connections[0].recv(100) == b"still there"


def test_request_of_a_connection_that_comes_just_before_a_drain_is_answered_or_given_back_unread(
    replicas: Callable[..., Replica],
) -> None:
    replica = replicas(_ECHO)
    replica.process.send_signal(
        signal.SIGSTOP
    )  # connections, requests and the drain are there at once
    with contextlib.ExitStack() as clients:
        asked = [clients.enter_context(replica.connect()) for _ in range(8)]
        for client in asked:
            client.sendall(b"POST /score HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n7")
        while len(replica.connections) < len(asked):
            time.sleep(0.01)
        replica.channel.send({"do": "drain"})
        replica.process.send_signal(signal.SIGCONT)
        assert replica.process.wait(timeout=60) == 0
        replica.wait_for("gone")

        for slot, client in enumerate(asked):
            unread, answer = replica.connections[slot], b""
            unread.setblocking(False)
            client.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                answer = client.recv(65536)
            assert answer.startswith(b"HTTP/1.1 200") or unread.recv(4) == b"POST"


def test_a_process_that_dies_leaves_the_request_with_its_supervisor(
    replicas: Callable[..., Replica],
) -> None:
    replica = replicas("import os\ndef init(): pass\ndef run(data): os._exit(7)\n")
    with replica.connect() as client:
        client.sendall(b"POST /score HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
        replica.wait_for("gone")
        assert replica.numbers.slot(0) == 1
        replica.connections[0].sendall(b"HTTP/1.1 500 it died\r\n\r\n")
        assert client.recv(100) == b"HTTP/1.1 500 it died\r\n\r\n"


def test_traffic_adds_up(replicas: Callable[..., Replica]) -> None:
    replica = replicas(_ECHO)
    for _ in range(3):
        replica.post("abc")
    replica.post(b"\xff")
    replica.channel.send({"do": "drain"})
    replica.wait_for("gone")
    (file,) = Path(replica.orders["traffic"]).iterdir()
    lines: list[dict[str, Any]] = [json.loads(one) for one in file.read_text().splitlines()]
    assert sum(one["codes"].get("200", 0) for one in lines) == 3
    assert sum(one["codes"].get("400", 0) for one in lines) == 1
    assert sum(sum(one["latency"].values()) for one in lines) == 4
    assert sum(sum(one["scoring"].values()) for one in lines) == 3
    assert sum(one["in"] for one in lines) == 10
    assert {(one["revision"], one["version"]) for one in lines} == {(3, "")}
