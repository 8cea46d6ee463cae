"""The lists of pipelines: runs, what is published, endpoints and schedules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from aml_magics.errors import PipelineNotFoundError
from aml_magics.services.pipeline import endpoint, published
from aml_magics.views.pipeline.output import PIPELINES
from aml_magics.views.pipeline.pipelines import pipelines_view
from aml_magics.views.screen.registry import answer, output_of, subscribe
from tests.services.pipeline.scheduled import EPOCH, scheduled
from tests.views.pipeline.piped import done, piped

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.store.store import Store


def asked(store: Store, kind: str, /, **question: object) -> Any:
    return json.loads(json.dumps(answer(store, kind, question), default=vars, allow_nan=False))


def test_there_is_nothing_at_first(store: Store) -> None:
    view = pipelines_view(store)
    assert (view.runs, view.published, view.endpoints, view.schedules, view.more) == (
        *((),) * 4,
        False,
    )
    assert "No pipeline has run." in output_of(store, "pipelines", {}).text


def test_runs_are_counted_by_their_steps(store: Store, tmp_path: Path) -> None:
    first = piped(store, tmp_path)
    done(store, first, "prepare")
    done(store, first, "left", error="broken")
    second = piped(store, tmp_path, regenerate_outputs=True)
    rows = pipelines_view(store).runs

    assert [one.id for one in rows] == [second.id, first.id]
    assert [(one.total, one.done, one.reused, one.failed) for one in rows] == [
        (4, 0, 0, 0),
        (4, 2, 0, 1),
    ]


def test_a_schedule_says_when_it_runs_what(store: Store) -> None:
    record = scheduled(store)
    (row,) = pipelines_view(store, now=EPOCH + 61).schedules
    (pipeline,) = pipelines_view(store).published

    assert (row.id, row.target, row.status) == (record.id, "nightly", "Active")
    assert row.when.startswith("Every minute")
    assert row.next is not None
    assert (row.last, row.last_run, row.problem) == ("", None, "")
    assert (pipeline.name, pipeline.steps, pipeline.parameters) == ("nightly", 1, ("rate", "file"))
    made = output_of(store, "pipelines", {})
    assert made.mime == PIPELINES
    for text in ("nightly", "Every minute", "rate, file"):
        assert text in made.html


def test_what_starts_pipelines_is_disabled_and_enabled(sqlite_store: Store) -> None:
    store = sqlite_store
    plan = scheduled(store)
    (pipeline,) = published.published(store)
    place = endpoint.publish(store, name="daily", description="", pipeline=pipeline)
    followed = subscribe(store, "pipelines", {})
    assert followed.next()[0]["view"]["endpoints"][0]["name"] == "daily"
    assert followed.next() == []

    for kind, id_ in (("published", pipeline.id), ("endpoint", place.id), ("schedule", plan.id)):
        for is_active, status in ((False, "Disabled"), (True, "Active")):
            view = asked(store, "pipeline_set_active", kind=kind, id=id_, is_active=is_active)
            rows = view[kind if kind == "published" else f"{kind}s"]
            assert [one["status"] for one in rows] == [status]
    with pytest.raises(PipelineNotFoundError, match="No schedule 'gone'"):
        asked(store, "pipeline_set_active", kind="schedule", id="gone", is_active=True)


def test_a_pipeline_that_was_disabled_is_the_problem_of_its_schedule(sqlite_store: Store) -> None:
    plan = scheduled(sqlite_store)
    assert plan.pipeline_id is not None
    asked(
        sqlite_store, "pipeline_set_active", kind="published", id=plan.pipeline_id, is_active=False
    )
    (row,) = pipelines_view(sqlite_store).schedules
    assert "is Disabled and starts no runs" in row.problem
    assert "is Disabled" in output_of(sqlite_store, "pipelines", {}).html
