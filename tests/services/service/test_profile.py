"""Profiles: the load that is put on a service, and what is made of it."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from aml_magics.errors import (
    InvalidArgumentError,
    InvalidNameError,
    NotFoundError,
    ServiceFailedError,
)
from aml_magics.records.service import Authentication, Deployment, Limits
from aml_magics.services.service import profile


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(body)
        self.send_response(500 if body == b"bad" else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        """Nothing."""


@contextmanager
def _server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    server.daemon_threads = True
    server.bodies = []
    with ThreadPoolExecutor(1) as pool:
        pool.submit(server.serve_forever, 0.01)
        try:
            yield server
        finally:
            server.shutdown()
            server.server_close()


@pytest.fixture
def hosted(monkeypatch, service):
    """A service that this process serves itself."""
    with _server() as server:
        record = replace(service, port=server.server_address[1])
        server.deployed, server.deleted = [], []

        def deploy(store, name, kind, deployment):
            server.deployed.append((name, deployment))

        monkeypatch.setattr(profile, "deploy", deploy)
        monkeypatch.setattr(profile, "wait", lambda store, name: record)
        monkeypatch.setattr(profile, "delete", lambda store, name: server.deleted.append(name))
        status = {"replicas": [{"pid": os.getpid()}, {"pid": 1 << 22}]}
        monkeypatch.setattr(profile.process, "read_status", lambda store, record: status)
        yield server


DEPLOYMENT = Deployment("score.py", models=("m:1",), authentication=Authentication.KEY)


def test_a_profile_is_measured_at_rising_load_and_kept(store, hosted):
    said = []
    made = profile.measure(
        store,
        "p-1",
        DEPLOYMENT,
        [b"a", b"b"],
        description="d",
        memory_in_gb=2,
        say=said.append,
        seconds=0.05,
    )

    assert made == profile.get(store, "p-1")
    assert (made.state, made.error, made.models) == ("Succeeded", "", ("m:1",))
    assert [one.clients for one in made.steps] == [1, 2, 4, 8]
    for one in made.steps:
        assert one.requests >= one.clients
        assert one.errors == 0
        assert 0 < one.p50 <= one.p90 <= one.p95 <= one.p99
        assert one.memory > 1_000_000
    assert made.recommended_memory_in_gb >= 0.1
    assert made.recommended_cpu >= 0.1
    assert {b"a", b"b"} == set(hosted.bodies)
    ((name, deployed),) = hosted.deployed
    assert hosted.deleted == [name]
    assert deployed.authentication is Authentication.NONE
    assert deployed.limits == Limits(memory=2 << 30)
    assert said[0] == "Deploying a temporary service"
    assert said[-1] == "8 clients"


def test_a_service_that_answers_with_errors_fails_the_profile(store, hosted):
    made = profile.measure(store, "p", DEPLOYMENT, [b"bad"], seconds=0)
    assert made.state == "Failed"
    assert "requests of 1 clients failed" in made.error
    assert len(hosted.deleted) == 1


def test_a_service_that_does_not_start_fails_the_profile_and_is_deleted(store, hosted, monkeypatch):
    def wait(store, name):
        raise ServiceFailedError("init raised ValueError")

    monkeypatch.setattr(profile, "wait", wait)
    made = profile.measure(store, "p", DEPLOYMENT, [b"x"])

    assert (made.state, made.error) == ("Failed", "init raised ValueError")
    assert len(hosted.deleted) == 1


def test_names_and_input_are_checked(store):
    for name in ("", "a/b", "..", "x" * 101, "é"):
        with pytest.raises(InvalidNameError):
            profile.get(store, name)
    with pytest.raises(NotFoundError, match="no profile 'none'"):
        profile.get(store, "none")
    with pytest.raises(InvalidArgumentError, match="at least one request"):
        profile.measure(store, "p", DEPLOYMENT, [])


def test_a_client_whose_server_is_gone_counts_errors():
    with _server() as server:
        port = server.server_address[1]
    found, errors, _ = profile.put_load(port, [b"x"], 2, 0.0, 5.0)
    assert (len(found), errors) == (2, 2)
