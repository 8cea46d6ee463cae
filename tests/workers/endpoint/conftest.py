"""A workspace with a published pipeline, and a real process that answers for it."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from aml_magics.services.pipeline import published
from aml_magics.services.pipeline.address import pipeline_address
from aml_magics.services.workspace.token import user_token
from tests.fixtures.pipelines import graph_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aml_magics.records.pipeline.pipeline import PipelineRecord
    from aml_magics.store.store import Store

Reply = tuple[int, dict[str, Any]]


def header() -> dict[str, str]:
    """What the user's requests have."""
    return {"Authorization": f"Bearer {user_token()}"}


def ask(
    url: str, body: object = None, method: str = "POST", headers: dict[str, str] | None = None
) -> Reply:
    """A request's status and JSON; a body that is no bytes is sent as JSON."""
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    sent = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    try:
        connection.request(method, target, sent, header() if headers is None else headers)
        answer = connection.getresponse()
        text = answer.read()
    finally:
        connection.close()
    return answer.status, json.loads(text) if text else {}


def message(reply: Reply) -> str:
    """What an error says."""
    return str(reply[1]["error"]["message"])


@pytest.fixture
def pipeline(store: Store, tmp_path: Path) -> PipelineRecord:
    """A published pipeline."""
    return published.publish(store, graph_in(store, tmp_path))


@pytest.fixture
def url(store: Store, pipeline: PipelineRecord) -> str:
    """Its address."""
    return pipeline_address(store, pipeline.id)


@pytest.fixture
def post(url: str) -> Callable[..., Reply]:
    """Start it."""
    return lambda body: ask(url, body)
