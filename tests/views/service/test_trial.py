"""A request from the box is sent to a server that listens here in place of a service."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest

from aml_magics import Dataset, Workspace
from aml_magics.errors import UsageError, WebserviceError
from aml_magics.records.service import Authentication
from aml_magics.sdk.model.model import Model
from aml_magics.views.screen.registry import answer
from tests.fixtures.services import DIGITS, put_service


class Service(BaseHTTPRequestHandler):
    heard: ClassVar[list[tuple[str, dict[str, str], bytes]]] = []
    says: ClassVar[tuple[int, bytes]] = (200, b"[1, 2]")
    swagger: ClassVar[bytes] = b""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.heard.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        status, text = self.says
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("x-ms-request-id", "abc")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self) -> None:
        self.send_response(200 if self.swagger else 404)
        self.end_headers()
        self.wfile.write(self.swagger)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port(monkeypatch):
    monkeypatch.setattr(Service, "heard", [])
    server = HTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def send(store, body="{}", **fields):
    return answer(store, "service_trial", {"service": "digits", "body": body, **fields})


def test_a_request_is_sent_with_the_key_and_its_answer_laid_out(store, port, monkeypatch):
    monkeypatch.setattr(Service, "says", (200, json.dumps({"rows": list(range(60))}).encode()))
    put_service(store, port=port)

    shown = send(store, '{"data": [[1]]}', version="blue")

    [(path, headers, body)] = Service.heard
    assert (path, body) == ("/score", b'{"data": [[1]]}')
    assert headers["authorization"] == "Bearer first-key"
    assert headers["azureml-model-deployment"] == "blue"
    assert (shown["status"], shown["is_json"], shown["is_cut"]) == (200, True, False)
    assert shown["text"].startswith('{\n  "rows": [\n')
    assert shown["headers"]["x-ms-request-id"] == "abc"
    assert shown["seconds"] > 0
    assert "first-key" not in json.dumps(shown)


def test_an_error_of_the_script_is_shown_as_it_is(store, port, monkeypatch):
    monkeypatch.setattr(Service, "says", (500, b"run() raised: <b>no</b>"))
    put_service(store, "digits", replace(DIGITS, authentication=Authentication.NONE), port=port)

    shown = send(store)

    assert "authorization" not in Service.heard[0][1]
    assert (shown["status"], shown["is_json"]) == (500, False)
    assert shown["text"] == "run() raised: <b>no</b>"


def test_a_long_answer_is_cut(store, port, monkeypatch):
    monkeypatch.setattr(Service, "says", (200, b"x" * 300_000))
    put_service(store, port=port)

    shown = send(store)

    assert (len(shown["text"]), shown["is_cut"], shown["size"]) == (200_000, True, 300_000)


def test_a_body_that_is_too_large_is_not_sent(store):
    put_service(store)

    with pytest.raises(UsageError, match="'body'"):
        send(store, "x" * 1_000_001)
    with pytest.raises(WebserviceError, match="The box takes up to"):
        send(store, "é" * 600_000)


def test_a_service_that_does_not_answer_says_so(store, port):
    put_service(store, port=0)
    put_service(store, "dead", port=1)

    with pytest.raises(WebserviceError, match="'digits' has no address yet"):
        send(store)
    with pytest.raises(WebserviceError, match="'dead' does not answer"):
        answer(store, "service_trial", {"service": "dead", "body": "{}"})


def sample(store):
    return answer(store, "service_sample", {"service": "digits"})


def test_the_example_of_the_swagger_is_the_first_body(store, port, monkeypatch):
    document = {"definitions": {"ServiceInput": {"example": {"data": [[1, 2]]}}}}
    monkeypatch.setattr(Service, "swagger", json.dumps(document).encode())
    put_service(store, port=port)

    assert sample(store) == {"body": '{"data": [[1, 2]]}', "source": "swagger"}


EMPTY = b'{"definitions": {"ServiceInput": {"example": {}}}}'


def test_the_sample_of_the_model_is_the_first_body_where_the_script_names_none(
    store, port, monkeypatch, tmp_path
):
    monkeypatch.setattr(Service, "swagger", EMPTY)
    ws = Workspace._of(store)
    (tmp_path / "rows.csv").write_text("age,bmi\n61,34.5\n22,20.5\n")
    rows = Dataset.Tabular.from_delimited_files(str(tmp_path / "rows.csv"))
    (tmp_path / "m.pkl").write_bytes(b"")
    Model.register(ws, str(tmp_path / "m.pkl"), "digits", sample_input_dataset=rows)
    put_service(store, port=port)

    assert sample(store) == {"body": '{"data": [[61, 34.5], [22, 20.5]]}', "source": "dataset"}


@pytest.mark.parametrize("swagger", [b"", b"[1]", b"{", b'{"definitions": 1}', EMPTY])
def test_without_an_example_there_is_a_form(store, port, monkeypatch, swagger):
    monkeypatch.setattr(Service, "swagger", swagger)
    put_service(store, port=port)

    assert sample(store) == {"body": '{"data": []}', "source": "none"}
