"""What the screen of a pipeline's run is told; on either database."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from aml_magics.errors import PipelineError, RunNotFoundError
from aml_magics.records.status import RunStatus
from aml_magics.services.run import run as runs
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.ending import end
from aml_magics.services.run.manage.deletion import delete
from aml_magics.views.pipeline.output import PIPELINE, pipeline_output
from aml_magics.views.pipeline.pipeline import pipeline_view, progress_text
from aml_magics.views.pipeline.static_graph import MOST, graph_html, layout
from aml_magics.views.screen.registry import answer, output_of, subscribe
from tests.views.pipeline.piped import done, piped, steps_of

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.store.store import Store

HOSTILE = "<img src=x onerror=alert(1)>"


def asked(store: Store, kind: str, /, **question: object) -> Any:
    return json.loads(json.dumps(answer(store, kind, question), default=vars, allow_nan=False))


def test_a_pipeline_is_told_with_its_steps_and_what_they_pass_on(
    store: Store, tmp_path: Path
) -> None:
    run = piped(store, tmp_path, parameters={"rate": 0.25})
    view = pipeline_view(store, run)

    assert [(one.id, one.status, one.decision) for one in view.steps] == [
        ("prepare", "Queued", "queued"),
        ("left", "NotStarted", "waiting"),
        ("right", "NotStarted", "waiting"),
        ("report", "NotStarted", "waiting"),
    ]
    assert [(one.source, one.output, one.target, one.input) for one in view.edges] == [
        ("prepare", "clean", "left", "clean"),
        ("prepare", "clean", "right", "clean"),
        ("left", None, "report", None),
        ("right", None, "report", None),
    ]
    assert [(one.name, one.type, one.value, one.default) for one in view.parameters] == [
        ("rate", "float", 0.25, 0.5)
    ]
    assert view.steps[0].reuse == "not reused: the step has not completed before"
    assert (view.total, view.done, view.more, view.origins) == (4, 0, 0, ())
    assert progress_text(view) == "0 of 4 steps have ended"


def test_the_run_of_a_step_leads_to_its_pipeline(sqlite_store: Store, tmp_path: Path) -> None:
    run = piped(sqlite_store, tmp_path)
    step = steps_of(sqlite_store, run)["left"].run
    assert pipeline_view(sqlite_store, step.id).id == run.id


def test_what_is_no_pipeline_says_so(sqlite_store: Store) -> None:
    with pytest.raises(PipelineError, match="is no run of a pipeline"):
        answer(sqlite_store, "pipeline", {"run": runs.start(sqlite_store, "e").id})
    with pytest.raises(RunNotFoundError, match="No run 'nothing'"):
        answer(sqlite_store, "pipeline", {"run": "nothing"})


def test_steps_are_told_again_as_they_change(store: Store, tmp_path: Path) -> None:
    run = piped(store, tmp_path)
    followed = subscribe(store, "pipeline", {"run": run.id})
    (first,) = followed.next()
    assert first["type"] == "view"
    assert followed.next() == []
    done(store, run, "prepare")
    (second,) = followed.next()
    assert second["type"] == "steps"
    assert [one["id"] for one in second["view"]["steps"]] == ["prepare"]
    assert second["view"]["steps"][0]["status"] == "Completed"
    assert (second["view"]["done"], list(second["view"]["edges"])) == (1, [])
    assert len(followed.whole()[0]["view"]["edges"]) == 4

    again = subscribe(store, "pipeline", {"run": run.id}, second["token"])
    assert again.next() == []
    end(store, run.key, RunStatus.FAILED, reason="a step failed")
    *_, last = again.next()
    assert last["type"] == "end"
    assert (again.is_over, again.next()) == (True, [])


def test_a_pipeline_that_is_deleted_is_gone(sqlite_store: Store, tmp_path: Path) -> None:
    run = piped(sqlite_store, tmp_path)
    cancel(sqlite_store, run)
    for one in steps_of(sqlite_store, run).values():
        end(sqlite_store, one.run.key, RunStatus.CANCELED)
    end(sqlite_store, run.key, RunStatus.CANCELED)
    followed = subscribe(sqlite_store, "pipeline", {"run": run.id})
    assert followed.whole() == []
    delete(sqlite_store, [run.id])
    assert followed.next()[0]["type"] == "gone"


def test_failure_and_reuse_are_counted(store: Store, tmp_path: Path) -> None:
    first = piped(store, tmp_path)
    done(store, first, "prepare")
    done(store, first, "left", error="broken")
    view = pipeline_view(store, first)
    assert progress_text(view) == "2 of 4 steps have ended, 1 failed"
    assert view.steps[1].reason == "broken"
    end(store, first.key, RunStatus.FAILED)

    again = asked(store, "pipeline_rerun", run=first.id, step="left")
    assert [(one["id"], one["decision"]) for one in again["steps"]] == [
        ("prepare", "reused"),
        ("left", "queued"),
        ("right", "queued"),
        ("report", "waiting"),
    ]
    assert [(one["kind"], one["name"]) for one in again["origins"]] == [("rerun", first.name)]
    assert again["reused"] == 1
    rest = asked(store, "pipeline_rerun", run=first.id)
    assert rest["steps"][0]["reused_from"] == steps_of(store, first)["prepare"].run.id
    assert "run again from a step of" in output_of(store, "pipeline", {"run": again["id"]}).text


def test_two_runs_stand_side_by_side(sqlite_store: Store, tmp_path: Path) -> None:
    store = sqlite_store
    first = piped(store, tmp_path)
    done(store, first, "prepare")
    (tmp_path / "work.py").write_text("print(1)\nprint(3)\n", encoding="utf-8")
    second = piped(store, tmp_path)
    done(store, second, "prepare")
    found = asked(store, "pipeline_difference", run=second.id, other=first.id)

    assert (found["here"]["id"], found["there"]["id"]) == (second.id, first.id)
    assert [(one["name"], one["change"]) for one in found["steps"]] == [
        ("prepare", "changed"),
        ("left", "unknown"),
        ("right", "unknown"),
        ("report", "unknown"),
    ]
    assert found["steps"][0]["words"] == ["work.py changed, line 2"]
    same = asked(store, "pipeline_difference", run=first.id, other=first.id)
    assert {one["change"] for one in same["steps"]} == {"same"}


def test_the_page_needs_no_script_and_shows_names_as_text(
    sqlite_store: Store, tmp_path: Path
) -> None:
    run = piped(sqlite_store, tmp_path, name=HOSTILE)
    view = pipeline_view(sqlite_store, run)
    hostile = replace(view, steps=(replace(view.steps[0], name=HOSTILE), *view.steps[1:]))
    html = pipeline_output(hostile).html

    assert "<img" not in html
    assert "&lt;img src=x onerror" in html
    assert html.count("<path") == 4
    assert html.count("<rect") == 4
    assert HOSTILE in pipeline_output(hostile).text
    assert graph_html(replace(view, steps=(), edges=())) is None
    assert graph_html(replace(view, steps=view.steps * MOST)) is None
    assert "has no steps" in pipeline_output(replace(view, steps=(), edges=())).text


def test_a_large_pipeline_makes_a_small_snapshot(sqlite_store: Store, tmp_path: Path) -> None:
    view = pipeline_view(sqlite_store, piped(sqlite_store, tmp_path))
    steps = tuple(
        replace(view.steps[0], id=f"s{at}", run=f"run-{at}" * 4, reuse="x" * 3_000)
        for at in range(1_500)
    )
    made = pipeline_output(replace(view, steps=steps, total=1_500))
    shown = made.snapshot["view"]

    assert len(json.dumps(made.payload())) < 25_000
    assert set(made.bundle()) == {PIPELINE, "text/html", "text/plain"}
    assert len(shown["steps"]) + shown["more"] == 1_500
    assert "more steps" in made.text


def test_what_follows_stands_below_and_nothing_covers_another() -> None:
    ids = [f"n{at}" for at in range(30)]
    edges = [(ids[at // 3], ids[at]) for at in range(1, 30)]
    places = layout(ids, edges)

    assert len(set(places.values())) == 30
    assert all(places[below][1] > places[above][1] for above, below in edges)
    assert layout(["one"], []) == {"one": (-94.0, 0)}
