"""A body that does not come is waited for, and not for ever."""

from __future__ import annotations

import asyncio

from tornado.httputil import HTTPHeaders, RequestStartLine

from aml_magics.workers.endpoint import exchange
from aml_magics.workers.endpoint.answer import Answer
from tests.workers.endpoint.conftest import header


class Connection:
    """Keeps what is answered."""

    def __init__(self) -> None:
        self.status = 0
        self.finished = asyncio.Event()

    def write_headers(self, line, headers, body) -> None:
        self.status = line.code

    def finish(self) -> None:
        self.finished.set()


class Server:
    """Answers at ``here``, and starts nothing."""

    hosts = {"here"}

    def __init__(self, store) -> None:
        self.store = store


def begun(store):
    connection = Connection()
    made = exchange.Exchange(Server(store), connection)
    made.headers_received(
        RequestStartLine("POST", "/anywhere", "HTTP/1.1"),
        HTTPHeaders({**header(), "Host": "here", "Content-Length": "5"}),
    )
    return made, connection


def test_a_body_that_does_not_come_is_a_timeout(store, monkeypatch):
    monkeypatch.setattr(exchange, "BODY_SECONDS", 0.01)

    async def wait():
        made, connection = begun(store)
        await asyncio.wait_for(connection.finished.wait(), 60)
        made.say(Answer(200, {}))  # nobody listens any more
        return connection.status

    assert asyncio.run(wait()) == 408


def test_who_has_gone_is_answered_nothing(store):
    async def go():
        made, connection = begun(store)
        made.on_connection_close()
        made.finish()
        return connection.status

    assert asyncio.run(go()) == 0
