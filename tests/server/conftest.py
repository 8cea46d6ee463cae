"""A workspace on the server of the tests, and programs that use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aml_magics.services.workspace import workspace as workspaces
from tests.services.conftest import scripts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aml_magics.store.store import Store
    from tests.fixtures.jupyter_server import JupyterServer

__all__ = ["scripts", "shown_store"]


@pytest.fixture
def shown_store(jupyter_server: JupyterServer) -> Iterator[Store]:
    """The workspace ``test`` in the server's home, emptied after the test."""
    opened = workspaces.create("test", exist_ok=True)
    yield opened
    with opened.catalogue.read() as connection:
        keys = opened.runs.keys_where(connection)
    opened.catalogue.transact(lambda connection: opened.runs.delete(connection, keys))
    workspaces.close(opened)
