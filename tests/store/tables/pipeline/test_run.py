"""Runs of pipelines and their steps, as they are kept on each database."""

from __future__ import annotations

import time
from dataclasses import replace

from aml_magics.records.pipeline.definition import PipelineDefinition
from aml_magics.records.pipeline.pipeline import (
    PipelineGraph,
    PipelineRunRecord,
    StepDecision,
    StepRunRecord,
)
from aml_magics.records.run import RunRecord
from aml_magics.records.status import RunStatus
from aml_magics.services.run.run import insert_run

GRAPH = PipelineGraph(PipelineDefinition(name="p"))


def add_run(store, id_, status="Queued", name=""):
    new = RunRecord(0, id_, "e", 0, name, RunStatus(status), time.time())
    return store.catalogue.transact(lambda c: insert_run(store, c, new, None)[0].key)


def add(store, **more):
    """A pipeline's run with two steps; the keys of the three."""
    keys = [add_run(store, f"{more.get('host', 'h')}-{n}", name="s") for n in range(3)]
    steps = [
        StepRunRecord(key, keys[0], f"s{n}", n, reuse_key="k", reuse_parts={"code": {"a": "b"}})
        for n, key in enumerate(keys[1:])
    ]
    record = PipelineRunRecord(keys[0], more.pop("host", "h"), GRAPH, {"rate": 0.1}, **more)
    store.catalogue.transact(lambda c: store.pipeline_runs.add(c, record, steps[::-1]))
    return record, steps


def test_what_was_asked_for_and_the_steps_are_kept(store):
    record, steps = add(store, pipeline_id="p", schedule_id="s", endpoint_id="e")
    table = store.pipeline_runs
    with store.catalogue.read() as connection:
        assert table.get(connection, record.run_key) == record
        assert table.get(connection, steps[0].run_key) is None
        assert table.steps(connection, record.run_key) == steps
        assert table.step(connection, steps[1].run_key) == steps[1]
        assert table.step(connection, record.run_key) is None
        assert table.of_pipeline(connection, "p") == table.of_schedule(connection, "s")
        assert table.of_pipeline(connection, "s") == []


def test_open_runs_of_a_machine_are_found(store):
    here, _ = add(store)
    there, _ = add(store, host="other")
    with store.catalogue.read() as connection:
        assert store.pipeline_runs.open_here(connection, "h") == ["h-0"]
        keys = [here.run_key, there.run_key]
        assert store.pipeline_runs.among(connection, keys, "h") == {here.run_key}
    end(store, here.run_key)
    with store.catalogue.read() as connection:
        assert store.pipeline_runs.open_here(connection, "h") == []


def end(store, key):
    values = {"ended": time.time()}
    store.catalogue.transact(lambda c: store.runs.move(c, key, RunStatus.COMPLETED, values))


def test_only_completed_steps_that_really_ran_are_reusable(store):
    _, [first, second] = add(store)
    table = store.pipeline_runs
    done = replace(first, decision=StepDecision.QUEUED, written={"o": 2}, tries=1)
    reused = replace(second, decision=StepDecision.REUSED, reused_from="h-1")

    def decide(connection):
        for one in (done, reused):
            table.set_step(connection, one)

    store.catalogue.transact(decide)
    for expected in ([], [done]):
        with store.catalogue.read() as connection:
            assert table.reusable(connection, "k") == expected
            assert table.earlier(connection, "s", limit=5) == expected
            assert table.reusable(connection, "other") == []
        end(store, first.run_key)
        end(store, second.run_key)


def test_a_graph_is_replaced(store):
    record, _ = add(store)
    other = replace(record, graph=PipelineGraph(PipelineDefinition(name="q")))
    store.catalogue.transact(lambda c: store.pipeline_runs.set_graph(c, other))
    with store.catalogue.read() as connection:
        assert store.pipeline_runs.get(connection, record.run_key) == other
