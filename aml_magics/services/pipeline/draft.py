"""Drafts of pipelines: compiled and kept as published ones, but edited, and never run by REST."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import PipelineNotFoundError
from aml_magics.records.name import EXPERIMENT, PIPELINE, PROPERTY, TAG, check_name
from aml_magics.records.value import plain_fields, plain_text
from aml_magics.services.pipeline import published, submission
from aml_magics.services.pipeline.parameter import checked_values
from aml_magics.store.store import retried
from aml_magics.store.tables.pipeline.published import DRAFT

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa

    from aml_magics.records.pipeline.definition import PipelineDefinition
    from aml_magics.records.pipeline.pipeline import PipelineGraph, PipelineRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

FALLBACK_EXPERIMENT: Final = "pipeline-drafts"
"""The experiment of a draft that names none."""


def create(
    store: Store,
    graph: PipelineGraph,
    *,
    name: str | None = None,
    description: str | None = None,
    experiment: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    continue_on_step_failure: bool | None = None,
    tags: Mapping[str, Any] | None = None,
    properties: Mapping[str, Any] | None = None,
    origin: Mapping[str, str] | None = None,
) -> PipelineRecord:
    """Keep a draft.

    Args:
        parameters: values in place of the pipeline's defaults, by name.
        origin: what it was made from: ``pipeline_id``, ``draft_id`` or ``run_id``.

    Raises:
        InvalidNameError: a name breaks its rule.
        PipelineError: a parameter is unknown or of the wrong type.
    """
    values = _checked(graph, parameters or {})
    new = published.new_record(
        graph,
        DRAFT,
        name=name,
        description=description,
        details={
            "experiment": check_name(experiment or FALLBACK_EXPERIMENT, EXPERIMENT),
            "parameters": values,
            "continue_on_step_failure": graph.definition.continue_on_step_failure
            if continue_on_step_failure is None
            else bool(continue_on_step_failure),
            "tags": plain_fields(tags or {}, TAG),
            "properties": plain_fields(properties or {}, PROPERTY),
            "origin": dict(origin or {}),
            "last_run_id": None,
        },
    )
    return store.catalogue.transact(
        lambda connection: published.insert(store, connection, new), durable=True
    )


@retried
def get(store: Store, id_: str) -> PipelineRecord:
    """A draft by its id; raises PipelineNotFoundError."""
    wanted = plain_text(id_).strip()
    with store.catalogue.read() as connection:
        found = store.pipelines.get(connection, wanted, DRAFT)
    if found is None:
        raise PipelineNotFoundError(
            f"No draft of a pipeline {wanted!r:.80} in workspace {store.record.name!r}. PipelineDraft.list(workspace) "
            "lists them."
        )
    return found


@retried
def drafts(store: Store, tags: Mapping[str, str | None] | None = None) -> list[PipelineRecord]:
    """The drafts that have all these tags, the newest first; a tag of value None may have any value."""
    with store.catalogue.read() as connection:
        found = store.pipelines.all(connection, DRAFT)
    return [
        one
        for one in found
        if all(
            name in one.details["tags"] and value in (None, one.details["tags"][name])
            for name, value in (tags or {}).items()
        )
    ]


def update(
    store: Store,
    id_: str,
    *,
    graph: PipelineGraph | None = None,
    name: str | None = None,
    description: str | None = None,
    experiment: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    continue_on_step_failure: bool | None = None,
    tags: Mapping[str, Any] | None = None,
) -> PipelineRecord:
    """Change what is given of a draft; raises as :func:`create` and :func:`get`."""
    now = get(store, id_)
    new_graph = now.graph if graph is None else graph
    details = dict(now.details)
    if experiment is not None:
        details["experiment"] = check_name(experiment, EXPERIMENT)
    if parameters is not None:
        details["parameters"] = _checked(new_graph, parameters)
    elif graph is not None:  # those that the new pipeline does not have any more
        known = {one.name for one in graph.definition.parameters}
        details["parameters"] = {
            key: value for key, value in now.details["parameters"].items() if key in known
        }
    if continue_on_step_failure is not None:
        details["continue_on_step_failure"] = bool(continue_on_step_failure)
    if tags is not None:
        details["tags"] = plain_fields(tags, TAG)
    changed = replace(
        now,
        graph=new_graph,
        name=now.name if name is None else check_name(name, PIPELINE),
        description=now.description if description is None else plain_text(description),
        details=details,
    )
    _keep(store, changed)
    return changed


def publish(store: Store, id_: str) -> PipelineRecord:
    """Publish a draft as it is; it stays a draft. Raises PipelineNotFoundError."""
    now = get(store, id_)
    graph = replace(now.graph, definition=_with_defaults(now))
    return published.publish(
        store,
        graph,
        name=now.name,
        description=now.description,
        continue_on_step_failure=now.details["continue_on_step_failure"],
    )


def submit(store: Store, id_: str) -> RunRecord:
    """Run a draft with its own parameters, in its experiment; raises PipelineNotFoundError."""
    now = get(store, id_)
    record = submission.submit(
        store,
        now.details["experiment"],
        now.graph,
        parameters=now.details["parameters"],
        continue_on_step_failure=now.details["continue_on_step_failure"],
        tags=now.details["tags"],
        properties={**now.details["properties"], "azureml.pipelinedraftid": now.id},
    )
    _keep(store, replace(now, details={**now.details, "last_run_id": record.id}))
    return record


def delete(store: Store, id_: str) -> None:
    """Delete a draft; what was published from it stays. Raises PipelineNotFoundError."""
    now = get(store, id_)

    def work(connection: sa.Connection) -> list[str]:
        store.pipelines.remove(connection, now.id)
        # inside the transaction, so that bytes which another process shares meanwhile are kept
        return store.artifacts.unused(connection, store.template_files.release(connection, now.id))

    for digest in store.catalogue.transact(work, durable=True):
        store.blobs.remove(digest)


def _keep(store: Store, changed: PipelineRecord) -> None:
    """Keep a changed draft; files that it needed before stay until it is deleted."""
    values = {name: getattr(changed, name) for name in ("name", "description", "graph", "details")}

    def work(connection: sa.Connection) -> None:
        store.pipelines.change(connection, changed.id, values)
        store.template_files.hold(connection, changed.id, published.digests_of(changed.graph))

    store.catalogue.transact(work, durable=True)


def _checked(graph: PipelineGraph, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are given, of their parameters' types."""
    return {
        name: value
        for name, value in checked_values(graph.definition, given).items()
        if name in given
    }


def _with_defaults(now: PipelineRecord) -> PipelineDefinition:
    """The definition with the draft's values as defaults."""
    values = now.details["parameters"]
    parameters = tuple(
        replace(one, default=values.get(one.name, one.default))
        for one in now.graph.definition.parameters
    )
    return replace(now.graph.definition, parameters=parameters)
