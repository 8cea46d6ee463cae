"""What is done for a request, and what is answered."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import (
    AmlError,
    PipelineDisabledError,
    PipelineError,
    PipelineNotFoundError,
    RunNotFoundError,
    StoreError,
)
from aml_magics.services.pipeline import endpoint, published
from aml_magics.services.run import run as runs
from aml_magics.workers.endpoint.body import SubmitRequest
from aml_magics.workers.endpoint.swagger import swagger

if TYPE_CHECKING:
    from aml_magics.records.pipeline.pipeline import EndpointRecord, PipelineRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store
    from aml_magics.workers.endpoint.route import Route

_CODES: Final = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    408: "RequestTimeout",
    409: "Conflict",
    413: "RequestTooLarge",
    500: "InternalError",
    503: "ServiceUnavailable",
}
_STATUSES: Final[tuple[tuple[type[AmlError], int], ...]] = (
    (PipelineNotFoundError, 404),
    (PipelineDisabledError, 409),
    (StoreError, 503),
    (AmlError, 400),
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; ``content`` is sent as JSON."""

    status: int
    content: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        """The content as it is sent."""
        return json.dumps(self.content).encode()


def failure(status: int, message: str, **headers: str) -> Answer:
    """An error in the form of Azure's; the message has rule, value and remedy."""
    return Answer(status, {"error": {"code": _CODES[status], "message": message}}, headers)


def answer(store: Store, route: Route, body: bytes, host: str, path: str) -> Answer:
    """Start a pipeline, or describe one; what went wrong is answered, too.

    Args:
        body: the request's, of a POST.
        host: by which this process is called.
        path: that was asked for.
    """
    try:
        found = None if route.kind == "pipeline" else _endpoint(store, route)
        pipeline = _pipeline(store, route, found)
        if route.is_swagger:
            return Answer(200, swagger(pipeline, host, path.partition("?")[0].rpartition("/")[0]))
        return _submit(store, pipeline, found, body)
    except AmlError as error:
        return failure(
            next(code for kind, code in _STATUSES if isinstance(error, kind)), str(error)
        )
    except Exception:  # noqa: BLE001 -- the process outlives a request
        # what failed is in the log, for its user alone
        _log.exception("a request failed")
        return failure(
            500,
            "The pipeline could not be started; rest/rest.log in the workspace's folder says why.",
        )


def _endpoint(store: Store, route: Route) -> EndpointRecord:
    if route.by == "id":
        return endpoint.get(store, id_=route.value)
    return endpoint.get(store, name=route.value)


def _pipeline(store: Store, route: Route, found: EndpointRecord | None) -> PipelineRecord:
    if found is None:
        return published.get(store, route.value)
    return endpoint.pipeline_of(store, found, route.version)


def _submit(
    store: Store, pipeline: PipelineRecord, found: EndpointRecord | None, body: bytes
) -> Answer:
    if found is not None:
        endpoint.check_active(found)
    published.check_active(pipeline)
    wanted = SubmitRequest.of_body(body)
    parent = None if wanted.parent is None else _parent(store, wanted.parent)
    record = published.submit(
        store,
        wanted.experiment,
        pipeline,
        parameters=wanted.parameters,
        data_paths=wanted.data,
        endpoint_id=None if found is None else found.id,
        continue_on_step_failure=wanted.continue_on_step_failure,
        tags=wanted.tags,
        properties={"runSource": wanted.source, "runType": "HTTP", **wanted.properties},
        name=wanted.name,
        description=wanted.description,
        parent=parent,
    )
    return Answer(
        200,
        {
            "Id": record.id,
            "Status": record.status,
            "ExperimentName": record.experiment,
            "DisplayName": record.name,
            "PipelineId": pipeline.id,
            "PipelineEndpointId": None if found is None else found.id,
            "RunSource": wanted.source,
        },
    )


def _parent(store: Store, run_id: str) -> RunRecord:
    try:
        return runs.get(store, run_id)
    except RunNotFoundError as error:
        raise PipelineError(f"ParentRunId: {error}") from error
