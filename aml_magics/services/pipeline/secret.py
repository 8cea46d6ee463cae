"""Secrets in a pipeline: kept while it may still run, and forgotten when its run has ended."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from aml_magics.errors import PipelineError
from aml_magics.records.job import JobRecord
from aml_magics.records.pipeline.pipeline import PipelineGraph
from aml_magics.records.secret import MASK, shown_arguments, without_secrets
from aml_magics.services.process.job_secret import without_job_secrets

if TYPE_CHECKING:
    import sqlalchemy as sa

    from aml_magics.records.pipeline.definition import StepDefinition
    from aml_magics.store.store import Store


def forget_secrets(store: Store, connection: sa.Connection, key: int) -> None:
    """Mask the secrets in what the run of a pipeline was asked for, within a transaction."""
    asked = store.pipeline_runs.get(connection, key)
    if asked is not None and (masked := without_graph_secrets(asked.graph)) != asked.graph:
        store.pipeline_runs.set_graph(connection, replace(asked, graph=masked))


def without_graph_secrets(graph: PipelineGraph) -> PipelineGraph:
    """A graph whose secrets are masked; it can be shown, and not run."""
    steps = tuple(_without_secrets(one) for one in graph.definition.steps)
    templates = {
        id_: replace(one, job=_masked_job(one.job)) for id_, one in graph.templates.items()
    }
    return PipelineGraph(replace(graph.definition, steps=steps), templates)


def check_whole(graph: PipelineGraph) -> None:
    """Refuse a graph whose secrets were masked.

    Raises:
        PipelineError: a step lacks one.
    """
    names = {one.id: one.name for one in graph.definition.steps}
    for id_, template in graph.templates.items():
        words = [*template.job["arguments"], *template.job["command"]]
        values = [*template.job["variables"].values(), *words]
        if any(MASK in str(one) for one in values):
            raise PipelineError(
                f"Step {names[id_]!r} was given a secret, and secrets are forgotten when a pipeline has ended: submit the "
                "pipeline again from where it is written, or keep the secret in ws.get_default_keyvault()."
            )


def _masked_job(job: dict[str, Any]) -> dict[str, Any]:
    found = JobRecord.of_dict(json.loads(json.dumps(job)))
    return json.loads(json.dumps(asdict(without_job_secrets(found))))  # type: ignore[no-any-return]


def _without_secrets(step: StepDefinition) -> StepDefinition:
    run = replace(
        step.run,
        variables=without_secrets(step.run.variables),
        environment=without_secrets(step.run.environment),
        definition=without_secrets(step.run.definition),
    )
    return replace(
        step,
        run=run,
        arguments=tuple(shown_arguments(step.arguments)),
        settings=without_secrets(step.settings),
        params=without_secrets(step.params),
    )
