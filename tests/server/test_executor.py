"""The threads in which workspaces are asked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from aml_magics.errors import WorkspaceNotFoundError
from aml_magics.server import executor
from aml_magics.server.executor import executor_of
from aml_magics.services.workspace import workspace as workspaces

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _no_executors() -> Iterator[None]:
    executor._executors.clear()
    yield
    executor._executors.clear()


def test_of_a_workspace_that_is_none_no_executor_is_kept() -> None:
    for name in ("nowhere", "..", "a/b"):
        with pytest.raises(Exception, match=r"workspace"):
            asyncio.run(executor_of(name).run(lambda store: store))

    assert executor._executors == {}


def test_a_workspace_that_was_deleted_leaves_no_executor() -> None:
    store = workspaces.create("mine")
    assert asyncio.run(executor_of("mine").run(lambda store: store.record.name)) == "mine"
    assert list(executor._executors) == ["mine"]
    workspaces.forget(store)
    (store.folder / "workspace.json").unlink()

    with pytest.raises(WorkspaceNotFoundError, match=r"No workspace 'mine'"):
        asyncio.run(executor_of("mine").run(lambda store: store))
    assert executor._executors == {}


def test_the_executor_that_was_not_used_for_longest_gives_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(executor, "MOST_EXECUTORS", 2)
    one = executor_of("one")
    executor_of("two")
    assert executor_of("one") is one
    executor_of("three")

    assert list(executor._executors) == ["one", "three"]
