"""Published pipelines: compiled once, and run from anywhere, as often as somebody asks."""

from __future__ import annotations

import time
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aml_magics.errors import PipelineDisabledError, PipelineNotFoundError, did_you_mean
from aml_magics.records.name import PIPELINE, check_name
from aml_magics.records.pipeline.pipeline import PipelineRecord, PipelineStatus
from aml_magics.records.value import plain_text
from aml_magics.services.pipeline import submission
from aml_magics.services.process.rest import revive_rest
from aml_magics.store.store import retried
from aml_magics.store.tables.pipeline.published import PUBLISHED

if TYPE_CHECKING:
    import sqlalchemy as sa

    from aml_magics.records.pipeline.pipeline import PipelineGraph
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


def publish(
    store: Store,
    graph: PipelineGraph,
    *,
    name: str | None = None,
    description: str | None = None,
    version: str | None = None,
    continue_on_step_failure: bool | None = None,
    run_id: str | None = None,
) -> PipelineRecord:
    """Keep a compiled pipeline under an id of its own; it is active at once.

    Args:
        name: the pipeline's own if None.
        description: the pipeline's own if None.
        version: any text.
        continue_on_step_failure: as the pipeline says if None.
        run_id: the run that it came from.

    Raises:
        InvalidNameError: the name breaks its rule.
    """
    new = new_record(
        graph,
        PUBLISHED,
        name=name,
        description=description,
        version=version,
        details={
            "continue_on_step_failure": graph.definition.continue_on_step_failure
            if continue_on_step_failure is None
            else bool(continue_on_step_failure),
            "run_id": run_id,
        },
    )

    def work(connection: sa.Connection) -> PipelineRecord:
        return insert(store, connection, new)

    made = store.catalogue.transact(work, durable=True)
    revive_rest(store)  # somebody may know the address
    return made


def new_record(
    graph: PipelineGraph,
    kind: str,
    *,
    name: str | None,
    description: str | None,
    version: str | None = None,
    details: dict[str, Any],
) -> PipelineRecord:
    """A pipeline that is not kept yet; raises InvalidNameError."""
    own = graph.definition
    now = time.time()
    fallback = own.name or f"Pipeline {time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(now))}"
    return PipelineRecord(
        key=0,
        id=str(uuid.uuid4()),
        kind=kind,
        name=check_name(fallback if name is None else name, PIPELINE),
        version=None if version is None else plain_text(version),
        description=plain_text(own.description if description is None else description),
        status=PipelineStatus.ACTIVE,
        created=now,
        graph=graph,
        details=details,
    )


def insert(store: Store, connection: sa.Connection, new: PipelineRecord) -> PipelineRecord:
    """Keep a new pipeline and hold its files within a transaction."""
    store.template_files.hold(connection, new.id, digests_of(new.graph))
    return replace(new, key=store.pipelines.add(connection, new))


def digests_of(graph: PipelineGraph) -> set[str]:
    """The digests of the files that its steps need."""
    return {file.digest for one in graph.templates.values() for file in one.files}


@retried
def get(store: Store, id_: str) -> PipelineRecord:
    """A published pipeline; raises PipelineNotFoundError."""
    wanted = plain_text(id_).strip()
    with store.catalogue.read() as connection:
        found = store.pipelines.get(connection, wanted)
        if found is not None:
            return found
        known = store.pipelines.names(connection)
    by_name = [id_ for id_, name in known if name == wanted]
    hint = (
        f" A pipeline of that name has the id {by_name[0]}."
        if by_name
        else did_you_mean(wanted, [id_ for id_, _ in known])
    )
    raise PipelineNotFoundError(
        f"No published pipeline {wanted!r:.80} in workspace {store.record.name!r}.{hint} "
        "PublishedPipeline.list(workspace) lists them."
    )


@retried
def published(store: Store, *, active_only: bool = True) -> list[PipelineRecord]:
    """The published pipelines, the newest first."""
    with store.catalogue.read() as connection:
        return store.pipelines.all(connection, active_only=active_only)


def set_status(store: Store, id_: str, status: PipelineStatus) -> PipelineRecord:
    """Let a published pipeline run, or no more; its runs stay. Raises PipelineNotFoundError."""
    store.catalogue.transact(
        lambda connection: store.pipelines.change(connection, id_, {"status": status}), durable=True
    )
    if status is PipelineStatus.ACTIVE:
        revive_rest(store)
    return get(store, id_)


def submit(
    store: Store,
    experiment: str,
    record: PipelineRecord,
    *,
    continue_on_step_failure: bool | None = None,
    **wanted: Any,  # noqa: ANN401 -- those of the submission
) -> RunRecord:
    """Run a published pipeline; the run and those of its steps are there on return.

    Args:
        continue_on_step_failure: as it was published if None.
        wanted: as :func:`aml_magics.services.pipeline.submission.submit` takes it.

    Raises:
        PipelineDisabledError: it is not active.
        PipelineError: a parameter is unknown or of the wrong type.
    """
    check_active(record)
    go_on = record.details["continue_on_step_failure"]
    return submission.submit(
        store,
        experiment,
        record.graph,
        pipeline_id=record.id,
        continue_on_step_failure=go_on
        if continue_on_step_failure is None
        else continue_on_step_failure,
        **wanted,
    )


def check_active(record: PipelineRecord) -> None:
    """Refuse a pipeline that was disabled; raises PipelineDisabledError."""
    if record.status is not PipelineStatus.ACTIVE:
        raise PipelineDisabledError(
            f"Published pipeline {record.name!r:.80} ({record.id}) is {record.status} and starts no runs; enable() makes it "
            "active again."
        )
