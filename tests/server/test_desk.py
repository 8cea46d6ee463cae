"""The threads in which workspaces are asked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from aml_magics.errors import WorkspaceNotFoundError
from aml_magics.server import desk
from aml_magics.server.desk import desk_of
from aml_magics.services.workspace import workspace as workspaces

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _no_desks() -> Iterator[None]:
    desk._desks.clear()
    yield
    desk._desks.clear()


def test_of_a_workspace_that_is_none_no_desk_is_kept() -> None:
    for name in ("nowhere", "..", "a/b"):
        with pytest.raises(Exception, match=r"workspace"):
            asyncio.run(desk_of(name).ask(lambda store: store))

    assert desk._desks == {}


def test_a_workspace_that_was_deleted_leaves_no_desk() -> None:
    store = workspaces.create("mine")
    assert asyncio.run(desk_of("mine").ask(lambda store: store.record.name)) == "mine"
    assert list(desk._desks) == ["mine"]
    workspaces.close(store)
    (store.folder / "workspace.json").unlink()

    with pytest.raises(WorkspaceNotFoundError, match=r"No workspace 'mine'"):
        asyncio.run(desk_of("mine").ask(lambda store: store))
    assert desk._desks == {}


def test_the_desk_that_was_not_used_for_longest_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "MOST_DESKS", 2)
    one = desk_of("one")
    desk_of("two")
    assert desk_of("one") is one
    desk_of("three")

    assert list(desk._desks) == ["one", "three"]
