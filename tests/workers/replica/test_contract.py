"""The same request gets the same answer as from Azure's inference server, but where a reason is given."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.workers.replica import inference_schema
from tests.workers.replica.contract import RECORDED, REQUESTS, SCRIPTS, Case, ask

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.workers.replica.conftest import Replica

EXPLAINED = {
    "/swagger.json": "the sentences of the document are ours, its paths and schemas are Azure's; `schemes` is http",
}


@pytest.fixture(scope="module")
def services(
    replicas: Callable[..., Replica], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Replica]:
    packages = tmp_path_factory.mktemp("packages")
    inference_schema.write(packages)
    started = {
        name: replicas(script, is_ready=False, packages=packages, cors=["http://a.example"])
        for name, script in SCRIPTS.items()
    }
    for one in started.values():
        one.wait_for("ready")
    return started


RECORDS: list[dict[str, Any]] = json.loads(RECORDED.read_text())


@pytest.mark.parametrize(
    ("case", "recorded"),
    list(zip(REQUESTS, RECORDS, strict=True)),
    ids=lambda one: f"{one[0]} {one[1]} {one[2]} {one[4][:20]!r}" if isinstance(one, tuple) else "",
)
def test_it_answers_as_azures_server(
    services: dict[str, Replica], case: Case, recorded: dict[str, Any]
) -> None:
    answer = ask(services[case[0]].listener.getsockname()[1], case)
    assert answer["status"] == recorded["status"]
    assert _comparable(answer["headers"]) == _comparable(recorded["headers"])
    if answer["status"] == 200 and any(case[2].startswith(path) for path in EXPLAINED):
        ours, theirs = json.loads(answer["body"]), json.loads(recorded["body"])
        for document in (ours, theirs):
            document.pop("schemes", None)
        assert _without_sentences(ours) == _without_sentences(theirs)
    else:
        assert answer["body"] == recorded["body"]


def _comparable(headers: list[list[str]]) -> list[list[str]]:
    """Headers; a server names itself by its own name."""
    return [[name, "" if name == "x-ms-server-version" else value] for name, value in headers]


def _without_sentences(document: Any) -> Any:
    if isinstance(document, dict):
        return {k: _without_sentences(v) for k, v in document.items() if k != "description"}
    if isinstance(document, list):
        return [_without_sentences(one) for one in document]
    return document
