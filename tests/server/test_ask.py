"""The route of questions: who may ask what, and what happens when the host goes away in mid-answer."""

from __future__ import annotations

import asyncio
import json
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine
from tornado.web import Application, Finish, HTTPError

from aml_magics.errors import RunNotFoundError, StoreUnavailableError
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.server import executor
from aml_magics.server.ask import AskHandler
from aml_magics.server.executor import executor_of
from aml_magics.services.data import dataset
from aml_magics.services.data.profile.profile import ensure, kept
from aml_magics.services.run import run
from aml_magics.services.workspace import workspace as workspaces

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aml_magics.store.store import Store


class Reader:
    """Allows its user to read alone."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def is_authorized(self, _handler: object, _user: object, action: str, resource: str) -> bool:
        assert resource == "aml_magics"
        self.asked.append(action)
        return action == "read"


def handler(question: object, authorizer: Reader) -> AskHandler:
    """The route of one request, without a connection."""
    connection: Any = SimpleNamespace(set_close_callback=lambda _call: None)
    request = HTTPServerRequest(
        start_line=RequestStartLine("POST", "/", "HTTP/1.1"),
        headers=HTTPHeaders({"Host": "localhost"}),
        body=json.dumps(question).encode(),
        connection=connection,
    )
    found = AskHandler(Application(authorizer=authorizer, log_function=print), request)
    found.current_user = "ada"
    found.finish_json = lambda text: setattr(found, "answered", json.loads(text))  # type: ignore[method-assign]
    return found


@pytest.fixture
def home_store() -> Iterator[Store]:
    store = workspaces.create("test")
    yield store
    workspaces.close(store)
    executor._executors.clear()


def test_who_may_read_asks_and_changes_nothing(home_store: Store) -> None:
    record = run.start(home_store, "digits")
    authorizer = Reader()
    asked = handler({"run": record.id}, authorizer)
    asyncio.run(asked.post("test", "run"))
    assert asked.answered["id"] == record.id  # type: ignore[attr-defined]
    with pytest.raises(HTTPError, match="You may not write here") as refused:
        asyncio.run(handler({"run": record.id}, authorizer).post("test", "cancel"))

    assert refused.value.status_code == 403
    assert authorizer.asked == ["read", "write"]
    assert run.get(home_store, record.id).status == "Running"


def test_who_may_read_gets_a_profile_that_is_not_kept(home_store: Store, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("age\n41\n20\n")
    people = dataset.save(home_store, Definition("tabular", (Location(str(path)),), "delimited"))
    for columns in (None, ["age"]):
        asked = handler({"dataset": people.id, "columns": columns}, Reader())
        asyncio.run(asked.post("test", "dataset_profile"))
        found = asked.answered  # type: ignore[attr-defined]

        assert (found["rows"], found["columns"][0]["high"]) == (2, 41)
        assert found["notices"] == [
            "The figures are not kept: you may only read in this workspace."
        ]
        assert kept(home_store, people) is None
    kept_one = ensure(home_store, people)
    asked = handler({"dataset": people.id}, Reader())
    asyncio.run(asked.post("test", "dataset_profile"))

    assert asked.answered["notices"] == list(kept_one.notices)  # type: ignore[attr-defined]


def test_work_that_waits_is_dropped_when_the_host_goes_away(home_store: Store) -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()
    done: list[str] = []

    def work(name: str) -> None:
        begun.release()
        go_on.wait(60)
        done.append(name)

    async def ask() -> None:
        desk = executor_of("test")
        busy = [asyncio.ensure_future(desk.run(lambda _: work("busy"))) for _ in range(4)]
        for _ in busy:
            await asyncio.to_thread(begun.acquire)
        asked = handler({}, Reader())
        waiting = asyncio.ensure_future(asked.ask("test", lambda _: work("waiting")))
        await asyncio.sleep(0)
        asked.on_connection_close()
        with pytest.raises(Finish):
            await waiting
        go_on.set()
        await asyncio.gather(*busy)
        await desk.run(lambda _: None)

    asyncio.run(ask())
    assert done == ["busy"] * 4


@pytest.mark.parametrize(
    ("error", "status"), [(RunNotFoundError("no"), 404), (StoreUnavailableError("away"), 503)]
)
def test_an_error_of_the_work_has_its_status(
    home_store: Store, error: Exception, status: int
) -> None:
    def work(_store: Store) -> None:
        raise error

    with pytest.raises(HTTPError, match=str(error)) as caught:
        asyncio.run(handler({}, Reader()).ask("test", work))
    assert caught.value.status_code == status
