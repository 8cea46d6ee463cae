"""The addresses of published pipelines and endpoints, as Azure's: the same paths at this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from aml_magics.services.process.rest import ensure_rest

if TYPE_CHECKING:
    from aml_magics.store.store import Store

SUBMIT: Final = "PipelineRuns/PipelineSubmit"
ENDPOINT_SUBMIT: Final = "PipelineRuns/PipelineEndpointSubmit"
SWAGGER: Final = "swagger.json"


def pipeline_address(store: Store, pipeline_id: str) -> str:
    """Where a published pipeline is started by POST; starts the process that answers.

    Raises:
        PipelineError: no port is free.
    """
    return f"{ensure_rest(store)}{workspace_path(store)}/{SUBMIT}/{pipeline_id}"


def endpoint_address(store: Store, endpoint_id: str) -> str:
    """Where an endpoint is started by POST, a version of it with ``/VERSION``; raises as above.

    What stands before its first ``Id``, and then ``Name/`` and a name, is its address by name.
    """
    return f"{ensure_rest(store)}{workspace_path(store)}/{ENDPOINT_SUBMIT}/Id/{endpoint_id}"


def workspace_path(store: Store) -> str:
    """The path of the workspace, without a word ``Id``: Azure's samples split addresses there."""
    record = store.record
    parts = (record.subscription_id, record.resource_group, record.name)
    subscription, group, name = (quote(one, safe="").replace("Id", "%49d") for one in parts)
    return (
        f"/pipelines/v1.0/subscriptions/{subscription}/resourceGroups/{group}"
        f"/providers/Microsoft.MachineLearningServices/workspaces/{name}"
    )
