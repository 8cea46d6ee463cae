"""Every route: who is let in, and how errors look."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from aml_magics.errors import (
    AlreadyExistsError,
    AmlError,
    InvalidFilterError,
    PropertyExistsError,
    RunFinishedError,
    RunNotFoundError,
    StoreUnavailableError,
    UsageError,
)
from aml_magics.server.handler import status_of
from aml_magics.server.route import ROUTES
from aml_magics.services.run import run

if TYPE_CHECKING:
    from aml_magics.store.store import Store
    from tests.fixtures.jupyter_server import JupyterServer, Reply

VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "WS"]
PATHS = [
    re.sub(r"\(\[\^/\]\+\)|\(\.\*\)", "x", route[0]).replace("workspaces/x", "workspaces/test")
    for route in ROUTES
]
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def signed_in_cookie(server: JupyterServer) -> tuple[str, str]:
    """The cookies of a browser that signed in, and the value against forgery among them."""
    jar: dict[str, str] = {}
    for path in ("/login", f"/login?token={server.token}"):
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        connection.request("GET", path)
        reply = connection.getresponse()
        reply.read()
        for name, value in reply.getheaders():
            if name == "Set-Cookie":
                key, _, rest = value.partition("=")
                jar[key] = rest.partition(";")[0]
        connection.close()
    return "; ".join(f"{key}={value}" for key, value in jar.items()), jar["_xsrf"]


def ask(server: JupyterServer, path: str, verb: str, **more: object) -> Reply:
    if verb == "WS":
        more["headers"] = {**UPGRADE, **more.get("headers", {})}
        return server.ask(path, **more)
    return server.ask(path, verb, **more)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("path", PATHS)
def test_nobody_is_let_in_without_signing_in(
    jupyter_server: JupyterServer, path: str, verb: str
) -> None:
    assert ask(jupyter_server, path, verb, signed_in=False).status in (401, 403)


@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
@pytest.mark.parametrize("path", PATHS)
def test_a_route_has_no_other_verbs(jupyter_server: JupyterServer, path: str, verb: str) -> None:
    if verb == ("POST" if "/ask/" in path or "/follow/" in path else "GET"):
        return
    assert ask(jupyter_server, path, verb).status == 405


def test_a_wrong_token_is_none(jupyter_server: JupyterServer) -> None:
    for path in PATHS:
        reply = jupyter_server.ask(path, headers={"Authorization": "token wrong"})
        assert reply.status in (401, 403), path


def test_a_cookie_alone_changes_nothing(shown_store: Store, jupyter_server: JupyterServer) -> None:
    record = run.start(shown_store, "digits")
    cookie, xsrf = signed_in_cookie(jupyter_server)
    path, body = "workspaces/test/ask/cancel", json.dumps({"run": record.id}).encode()
    for headers in ({"Cookie": cookie}, {"Cookie": cookie, "Content-Type": "text/plain"}):
        forged = jupyter_server.ask(path, "POST", headers=headers, body=body, signed_in=False)
        assert forged.status == 403

    assert run.get(shown_store, record.id).status == "Running"
    headers = {"Cookie": cookie, "X-XSRFToken": xsrf}
    reply = jupyter_server.ask(path, "POST", headers=headers, body=body, signed_in=False)
    assert reply.status == 200


def test_a_page_of_another_origin_is_refused(
    shown_store: Store, jupyter_server: JupyterServer
) -> None:
    record = run.start(shown_store, "digits")
    cookie, xsrf = signed_in_cookie(jupyter_server)
    headers = {"Cookie": cookie, "Origin": "https://evil.example", "X-XSRFToken": xsrf}
    body = json.dumps({"run": record.id}).encode()
    for path in [*PATHS, "workspaces/test/ask/cancel"]:
        for verb in ("GET", "POST"):
            reply = jupyter_server.ask(path, verb, headers=headers, body=body, signed_in=False)
            assert reply.status in (403, 404, 405), path
            assert not reply.headers.get("Access-Control-Allow-Origin")
    assert run.get(shown_store, record.id).status == "Running"


def test_a_foreign_host_is_refused(jupyter_server: JupyterServer) -> None:
    for path in PATHS:
        assert jupyter_server.ask(path, headers={"Host": "evil.example"}).status == 403, path


@pytest.mark.parametrize(
    "name",
    [
        "..",
        "%2e%2e",
        "%252e%252e",
        "..%2f..%2fetc",
        "..%5c..",
        "%00",
        "nowhere",
        "%ff",
        "x%0aSet-Cookie:a",
    ],
)
def test_a_workspace_that_is_none_is_an_error_in_words(
    jupyter_server: JupyterServer, name: str
) -> None:
    for rest in ("ask/experiments", "ask/run", "follow/run", "runs/x/files/a"):
        verb = "GET" if "files" in rest else "POST"
        reply = jupyter_server.ask(f"workspaces/{name}/{rest}", verb, body=b'{"run": "x"}')
        assert reply.status in (400, 404), rest
        assert "Traceback" not in reply.body.decode()


def test_an_error_is_a_message_and_never_a_traceback(
    shown_store: Store, jupyter_server: JupyterServer
) -> None:
    for path, question, status, words in [
        ("test/ask/run", {"run": "100%"}, 404, "No run '100%'"),
        ("test/ask/log", {"run": "x"}, 404, "`%aml runs` lists them"),
        ("test/ask/runs", {"query": {"filter": "%s%d"}}, 400, ""),
        ("test/ask/runs", {"query": {"limit": "x"}}, 400, "'limit' is a whole number"),
        ("test/ask/compare", {"runs": ["a"]}, 400, "2 to 1,000 different runs"),
        ("test/ask/cansel", {}, 400, "no question 'cansel'. Did you mean 'cancel'"),
        ("test/ask/__class__", {}, 400, "There is no question"),
        ("test/follow/compare", {"runs": ["a"]}, 400, "2 to 1,000 different runs"),
        ("test/follow/runs", {"query": {"sort": "nothing"}}, 400, ""),
        ("test/follow/log", {"run": "x"}, 400, "'log' cannot be followed"),
        ("test/follow/run", {"rnu": "x"}, 400, "no field 'rnu'. Did you mean 'run'"),
        ("nowhere/ask/runs", {"query": {}}, 404, "AML_MAGICS_HOME is another folder"),
    ]:
        body = json.dumps(question).encode()
        reply = jupyter_server.ask(f"workspaces/{path}", "POST", body=body)
        assert reply.status == status, path
        assert set(reply.json()) == {"message"}
        assert words in reply.json()["message"]


@pytest.mark.parametrize("route", ["ask/runs", "follow/runs"])
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "this body is none"),
        (b"\xff", "this body is none"),
        (b"[" * 100_000, "this body is none"),
        (b"[]", "is an object of JSON, not []"),
        (b'"runs"', "is an object of JSON, not 'runs'"),
        (b'{"query": "' + b"x" * 2_000_000 + b'"}', "and this one has 2,000,013"),
        (b'{"query": {"limit": 1e999}}', "'limit' is a whole number between 1 and 10,000, not inf"),
        (b'{"query": {"limit": ' + b"9" * 5_000 + b"}}", "this body is none"),
        (b"", "'query' is an object"),
    ],
    ids=str,
)
def test_a_body_that_is_no_question_is_refused_in_words(
    shown_store: Store, jupyter_server: JupyterServer, route: str, body: bytes, words: str
) -> None:
    reply = jupyter_server.ask(f"workspaces/test/{route}", "POST", body=body)

    assert reply.status == 400
    assert words in reply.json()["message"]
    assert len(reply.body) < 400


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RunNotFoundError("x"), 404),
        (RunFinishedError("x"), 409),
        (AlreadyExistsError("x"), 409),
        (PropertyExistsError("x"), 409),
        (StoreUnavailableError("x"), 503),
        (UsageError("x"), 400),
        (InvalidFilterError("x"), 400),
        (AmlError("x"), 400),
    ],
)
def test_an_error_has_its_status(error: AmlError, status: int) -> None:
    assert status_of(error) == status


def test_no_answer_may_be_framed_or_kept(jupyter_server: JupyterServer) -> None:
    headers = jupyter_server.ask("workspaces").headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]


def test_a_server_starts_without_what_reads_data() -> None:
    program = (
        "import sys, aml_magics.server.route; "
        "print([name for name in ('sqlalchemy', 'numpy', 'pandas', 'duckdb') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
