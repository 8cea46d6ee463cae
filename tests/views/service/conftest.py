"""A workspace for services."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aml_magics.sdk.workspace.workspace import Workspace

if TYPE_CHECKING:
    from aml_magics.store.store import Store


@pytest.fixture
def store() -> Store:
    return Workspace.create("lab").store
