"""Addresses are Azure's paths at this machine, and can be split at ``Id``."""

from __future__ import annotations

import pytest

from aml_magics.services.pipeline.address import workspace_path
from aml_magics.services.workspace import workspace as workspaces


@pytest.mark.parametrize("name", ["w", "IdIdea", "a b%é"])
def test_the_first_id_in_a_path_is_that_of_the_endpoint(name):
    store = workspaces.create(name, resource_group="Id/group")
    try:
        path = workspace_path(store)
    finally:
        workspaces.close(store)

    assert "Id" not in path
    assert path.count("/") == 10
    assert path.startswith("/pipelines/v1.0/subscriptions/")
