"""Downloads: only what is a run's own, and nothing that a browser would run."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from aml_magics.services.run import artifact, run
from aml_magics.services.run.log import log_path
from tests.fixtures.source import ROOT

if TYPE_CHECKING:
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store
    from tests.fixtures.jupyter_server import JupyterServer, Reply

MARKUP = json.loads((ROOT / "tests/data/hostile_text.json").read_text(encoding="utf-8"))["markup"]


@pytest.fixture
def record(shown_store: Store) -> RunRecord:
    return run.start(shown_store, "digits", run_id="r")


def file(server: JupyterServer, raw: str) -> Reply:
    return server.ask(f"workspaces/test/runs/r/files/{raw}")


@pytest.mark.parametrize("name", ["x.html", "x.svg", "a/b/ü <b>.html", "%41.txt", "a b+c&d=e.txt"])
def test_a_file_is_an_attachment_whatever_is_in_it(
    shown_store: Store, record: RunRecord, jupyter_server: JupyterServer, name: str
) -> None:
    data = "".join(MARKUP).encode()
    artifact.add_file(shown_store, record, name, io.BytesIO(data))
    reply = file(jupyter_server, quote(name))

    assert (reply.status, reply.body) == (200, data)
    assert reply.headers["Content-Type"] == "application/octet-stream"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Content-Security-Policy"].startswith("sandbox")
    assert "allow-scripts" not in reply.headers["Content-Security-Policy"]
    shown = quote(name.rpartition("/")[2], safe="")
    assert reply.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{shown}"


@pytest.mark.parametrize("size", [0, 1, (1 << 18) - 1, 1 << 18, 3_000_000])
def test_files_of_any_size_are_sent_whole(
    shown_store: Store, record: RunRecord, jupyter_server: JupyterServer, size: int
) -> None:
    data = bytes(range(256)) * (size // 256) + bytes(size % 256)
    artifact.add_file(shown_store, record, "x.bin", io.BytesIO(data))
    reply = file(jupyter_server, "x.bin")

    assert reply.body == data
    assert reply.headers["Content-Length"] == str(size)


@pytest.mark.parametrize(
    "raw",
    [
        "../../../../etc/passwd",
        "%2e%2e%2f%2e%2e%2fetc/passwd",
        "%252e%252e%252fetc/passwd",
        "..%5c..%5cetc",
        "/etc/passwd",
        "//proc/self/root/etc/passwd",
        "%2fetc%2fpasswd",
        "C%3a/x",
        "CON",
        "a%00b",
        "a%0d%0aX-Evil: 1".replace(" ", "%20"),
        "-rf",
        "%ff%fe",
        "x" * 2_000,
        "",
        ".",
        "a//b",
    ],
)
def test_a_hostile_path_leads_nowhere(
    record: RunRecord, jupyter_server: JupyterServer, raw: str
) -> None:
    reply = file(jupyter_server, raw)

    assert reply.status in (400, 404)
    assert b"root:" not in reply.body
    assert "X-Evil" not in reply.headers
    assert "message" in reply.json()


def test_a_name_is_decoded_exactly_once(
    shown_store: Store, record: RunRecord, jupyter_server: JupyterServer
) -> None:
    artifact.add_file(shown_store, record, "%2e%2e%2fx", io.BytesIO(b"mine"))

    assert file(jupyter_server, "%252e%252e%252fx").body == b"mine"


def test_the_log_of_a_live_run_can_be_taken(
    shown_store: Store, record: RunRecord, jupyter_server: JupyterServer
) -> None:
    log_path(shown_store, record).write_bytes(b"so far")

    assert file(jupyter_server, "user_logs/std_log.txt").body == b"so far"


def test_bytes_that_are_lost_are_said_to_be(
    shown_store: Store, record: RunRecord, jupyter_server: JupyterServer
) -> None:
    kept = artifact.add_file(shown_store, record, "x", io.BytesIO(b"data"))
    path = shown_store.blobs.local_path(kept.digest)
    assert path is not None
    for damaged in (b"da", b"dada"):
        path.write_bytes(damaged)
        with pytest.raises(Exception, match=r"IncompleteRead|closed|reset"):
            file(jupyter_server, "x")
    path.unlink()
    reply = file(jupyter_server, "x")

    assert reply.status == 404
    assert "no longer" in reply.json()["message"]
