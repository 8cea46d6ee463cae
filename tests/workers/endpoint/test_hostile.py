"""Who may not ask is told nothing; what is too much, too slow or nonsense is refused, and others are answered."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
from urllib.parse import quote, urlsplit

import psutil
import pytest

from aml_magics.records.token import sign
from aml_magics.services.pipeline import endpoint
from aml_magics.services.pipeline.address import endpoint_address
from aml_magics.services.process import rest
from tests.services.conftest import eventually
from tests.workers.endpoint.conftest import ask, header, message

VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "BREW")
E = {"ExperimentName": "e"}


def routes(store, pipeline, url):
    both = endpoint_address(store, endpoint.publish(store, "train", pipeline).id)
    named = f"{both.split('Id', 1)[0]}Name/train"
    base = url.partition("/pipelines")[0]
    known = (
        url,
        both,
        f"{both}/0",
        named,
        f"{named}/0",
        f"{named.removesuffix('/train')}?name=train",
    )
    return [*known, *(f"{one}/swagger.json" for one in known[:3]), base, f"{base}/", f"{url}/x"]


def test_no_route_and_no_verb_answers_without_the_users_token(store, pipeline, url):
    stale = sign("another secret", "aml_magics", 1e12)
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket"}
    for one in routes(store, pipeline, url):
        for verb in VERBS:
            for headers in (
                {},
                {"Authorization": f"Bearer {stale}"},
                {"Authorization": "Basic YTpi"},
            ):
                assert ask(one, E, verb, headers)[0] == 401, (one, verb, headers)
        assert ask(one, None, "GET", upgrade)[0] == 401


def test_only_a_post_starts_something_and_only_a_get_describes(store, pipeline, url):
    for one in routes(store, pipeline, url)[:9]:
        good = ("GET", "HEAD") if one.endswith("swagger.json") else ("POST",)
        for verb in set(VERBS) - set(good):
            assert ask(one, E, verb)[0] == 405, (one, verb)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "", "[::1]:80"])
def test_another_host_is_refused(url, host):
    status, found = ask(url, E, headers={**header(), "Host": host})

    assert (status, "header Host" in found["error"]["message"]) == (403, True)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1"])
def test_a_page_of_another_origin_is_refused(url, origin):
    reply = ask(url, E, headers={**header(), "Origin": origin})

    assert (reply[0], "another origin" in message(reply)) == (403, True)


def test_the_process_listens_on_loopback_alone(store, url):
    assert ask(url, E)[0] == 200

    found = psutil.Process(rest.rest_status(store).pid).net_connections()
    assert {one.laddr.ip for one in found if one.status == psutil.CONN_LISTEN} == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "no JSON that can be read"),
        (b"{", "no JSON that can be read"),
        (b"\xff\xfe\x00", "no JSON that can be read"),
        (b'{"ExperimentName": NaN}', "NaN is no JSON"),
        (b"[" * 100_000, "no JSON that can be read"),
        (b"[]", "a JSON object, not an array"),
        (b"null", "a JSON object, not null"),
        (b"1", "a JSON object, not a number"),
        (b"{}", "ExperimentName is the experiment"),
        ({"ExperimentName": 1}, "ExperimentName is a text, not a number (1)"),
        ({"ExperimentNme": "e"}, "Did you mean 'ExperimentName'?"),
        ({**E, "ParameterAssignments": []}, "is an object with a value by name, not an array"),
        ({**E, "ContinueRunOnStepFailure": "yes"}, "is true or false, not a text"),
        ({**E, "DataPathAssignments": {"raw": 1}}, "value of data parameter 'raw' is a path"),
        ({**E, "Tags": {"": "v"}}, "name of a tag is empty"),
    ],
)
def test_a_body_that_is_nonsense_is_refused(url, body, said):
    status, found = ask(url, body)

    assert (status, said in found["error"]["message"]) == (400, True), found


def test_a_body_that_is_too_large_is_refused_with_flat_memory(store, url):
    assert ask(url, E)[0] == 200
    process = psutil.Process(rest.rest_status(store).pid)
    before = process.memory_info().rss

    status, found = ask(url, b"x" * 300_000_000)

    assert (status, "more than 1,048,576 bytes" in found["error"]["message"]) == (413, True)
    assert process.memory_info().rss < before + 30_000_000
    assert ask(url, E)[0] == 200


def test_a_body_in_too_many_chunks_is_refused(url):
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    chunks = (b"x" * 10_000 for _ in range(200))
    connection.request("POST", parts.path, chunks, header(), encode_chunked=True)
    status = connection.getresponse().status
    connection.close()

    assert status == 413


def test_who_waits_for_leave_to_send_is_refused_before_it_sends(url):
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as connection:
        lines = f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n"
        connection.sendall(lines.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 401 ")


def test_a_path_is_decoded_once_and_leads_nowhere(store, pipeline, url):
    base, _, id_ = url.rpartition("/")
    for path in (
        "..%2f..%2fetc%2fpasswd",
        "%252e%252e",
        quote(id_).replace("-", "%252d"),
        "%00",
        "a" * 3000,
    ):
        assert ask(f"{base}/{path}", E)[0] == 404
    assert ask(f"{base}/{id_.replace('-', '%2d')}", E)[0] == 200
    assert ask(url.replace("/workspaces/", "/workspaces/other-"), E)[0] == 404


def test_slow_connections_beyond_the_most_are_told_to_come_again(url):
    parts = urlsplit(url)
    assert ask(url, E)[0] == 200
    held = [socket.create_connection((parts.hostname, parts.port), timeout=60) for _ in range(100)]
    try:
        with socket.create_connection((parts.hostname, parts.port), timeout=60) as late:
            assert late.recv(100).startswith(b"HTTP/1.1 503 ")
    finally:
        for one in held:
            one.close()
    eventually(lambda: ask(url, E)[0] == 200)


def test_garbage_ends_its_own_connection(url):
    parts = urlsplit(url)
    for sent in (
        b"\x16\x03\x01\x02\x00" * 9 + b"\r\n\r\n",
        b"GET / HTTP/9\r\n\r\n",
        b"A: " + b"b" * 99_999,
    ):
        with (
            socket.create_connection((parts.hostname, parts.port), timeout=60) as connection,
            contextlib.suppress(ConnectionResetError),
        ):
            connection.sendall(sent)
            assert not connection.recv(100).startswith(b"HTTP/1.1 2")
    assert ask(url, E)[0] == 200


def test_what_failed_inside_is_told_to_nobody(store, pipeline, url):
    assert ask(url, E)[0] == 200
    written = json.dumps({"definition": {"secret": "s3cret"}})

    def break_it(connection):
        connection.exec_driver_sql("UPDATE pipeline SET details = ?", (written,))

    store.catalogue.transact(break_it)

    status, found = ask(url, E)
    assert status == 500
    assert "s3cret" not in json.dumps(found)
    assert "rest.log" in found["error"]["message"]
    assert "KeyError" in rest.log_path(store).read_text()
