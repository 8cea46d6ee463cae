"""Published pipelines and drafts are read back as they were written, and hold the bytes of their files."""

from __future__ import annotations

from dataclasses import replace

from aml_magics.records.job import SourceFile
from aml_magics.records.pipeline.definition import PipelineDefinition, StepDefinition
from aml_magics.records.pipeline.pipeline import (
    PipelineGraph,
    PipelineRecord,
    PipelineStatus,
    StepTemplate,
)

GRAPH = PipelineGraph(
    PipelineDefinition(name="p", steps=(StepDefinition("s", "s", "command_line"),)),
    {
        "s": StepTemplate(
            {"script": None}, {"type": "t"}, "x", (SourceFile("a.py", "d1", 2, 0o644),)
        )
    },
)


def record(id_="p1", **fields):
    values = {
        "key": 0,
        "id": id_,
        "kind": "published",
        "name": "train",
        "version": None,
        "description": "",
        "status": PipelineStatus.ACTIVE,
        "created": 1.0,
        "graph": GRAPH,
        "details": {"run_id": None, "continue_on_step_failure": True},
    }
    return PipelineRecord(**{**values, **fields})


def add(store, *records):
    return [
        replace(
            one,
            key=store.catalogue.transact(
                lambda connection, one=one: store.pipelines.add(connection, one)
            ),
        )
        for one in records
    ]


def test_a_pipeline_is_read_back(store):
    [kept] = add(store, record(version="1.0"))

    with store.catalogue.read() as connection:
        assert store.pipelines.get(connection, "p1") == kept
        assert store.pipelines.get(connection, "p1", "draft") is None
        assert store.pipelines.get(connection, "p2") is None


def test_pipelines_are_listed_by_kind_and_status_the_newest_first(store):
    add(
        store,
        record("a"),
        record("b", created=2.0),
        record("c", created=3.0, status=PipelineStatus.DISABLED),
        record("d", kind="draft"),
    )

    with store.catalogue.read() as connection:
        assert [one.id for one in store.pipelines.all(connection)] == ["c", "b", "a"]
        active = store.pipelines.all(connection, active_only=True)
        assert [one.id for one in active] == ["b", "a"]
        assert [one.id for one in store.pipelines.all(connection, "draft")] == ["d"]
        assert ("a", "train") in store.pipelines.names(connection)


def test_whether_a_published_pipeline_is_active_is_known(store):
    add(store, record("a", status=PipelineStatus.DISABLED), record("d", kind="draft"))

    def is_any():
        with store.catalogue.read() as connection:
            return store.pipelines.is_any_active(connection)

    assert not is_any()
    store.catalogue.transact(
        lambda connection: store.pipelines.change(connection, "a", {"status": "Active"})
    )
    assert is_any()


def test_the_graph_of_a_draft_changes(store):
    add(store, record(kind="draft"))
    other = replace(GRAPH, definition=replace(GRAPH.definition, name="other"))
    with store.catalogue.read() as connection:
        store.pipelines.get(connection, "p1", "draft")

    def change(connection):
        return store.pipelines.change(connection, "p1", {"graph": other, "details": {"a": 1}})

    assert store.catalogue.transact(change)
    with store.catalogue.read() as connection:
        found = store.pipelines.get(connection, "p1", "draft")
    assert (found.graph, found.details) == (other, {"a": 1})


def test_more_pipelines_than_are_remembered_are_all_read(store):
    add(store, *(record(f"p{number}") for number in range(70)))

    with store.catalogue.read() as connection:
        found = store.pipelines.all(connection)
        assert [one.graph for one in found] == [GRAPH] * 70
        assert store.pipelines.get(connection, "p0").graph == GRAPH


def test_what_a_template_needs_is_not_unused(store):
    def hold(digests):
        store.catalogue.transact(
            lambda connection: store.template_files.hold(connection, "p1", digests)
        )

    def unused():
        with store.catalogue.read() as connection:
            return store.artifacts.unused(connection, ["d1", "d2"])

    hold(["d1", "d2", "d1"])
    assert unused() == []
    hold(["d2"])
    assert unused() == ["d1"]
    released = store.catalogue.transact(
        lambda connection: store.template_files.release(connection, "p1")
    )
    assert (released, unused()) == (["d2"], ["d1", "d2"])
