"""What is given in place of a workspace."""

from __future__ import annotations

import pytest

from aml_magics import Workspace
from aml_magics.errors import UsageError
from aml_magics.sdk.data.dataset.dataset import Dataset
from aml_magics.sdk.data.store.datastore import Datastore
from aml_magics.sdk.workspace.argument import store_of


def test_a_workspace_has_a_store():
    workspace = Workspace.create("w")
    assert store_of(workspace, "f(workspace)") is workspace.store


@pytest.mark.parametrize("given", [None, "w", 5])
def test_another_thing_in_its_place_is_told(given):
    with pytest.raises(UsageError, match=r"Dataset\.get_by_name.* takes a Workspace first, not"):
        Dataset.get_by_name(given, "x")
    with pytest.raises(UsageError, match=r"Dataset\.get_by_id.* takes a Workspace first, not"):
        Dataset.get_by_id(given, "x")
    with pytest.raises(UsageError, match=r"Datastore\.get\(.* takes a Workspace first, not"):
        Datastore.get(given, "x")
    with pytest.raises(UsageError, match=r"Datastore\.get_default.* takes a Workspace first, not"):
        Datastore.get_default(given)
    with pytest.raises(UsageError, match=r"Datastore\.register_.* takes a Workspace first, not"):
        Datastore.register_url(given, "x", "/tmp")
