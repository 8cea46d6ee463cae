"""What the designer asks: a document as it is, what can be put in, code, and runs."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from aml_magics.errors import NotFoundError, PipelineError
from aml_magics.services.pipeline.document.reading import read
from aml_magics.services.pipeline.document.tree import PipelineDocumentError
from aml_magics.services.run import run as runs
from aml_magics.views.screen.registry import QUESTIONS, answer

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.store.store import Store

STEP = "pipeline:\n  name: adds\n  steps:\n    a:\n      type: CommandStep\n      command: [echo, hello]\n"


def asked(store: Store, kind: str, **question: object) -> Any:
    return json.loads(json.dumps(answer(store, kind, question), allow_nan=False))


def test_a_document_is_told_with_its_problems(sqlite_store: Store) -> None:
    view = asked(
        sqlite_store, "design", text=STEP + "    b: {type: CommandStep, inputs: {x: {}}}\n"
    )

    assert view["tree"]["pipeline"]["steps"]["a"]["command"] == ["echo", "hello"]
    assert (view["error"], view["line"]) == ("", None)
    assert [(one["step"], one["text"]) for one in view["problems"]] == [
        ("b", "Input 'x' of step 'b' has no data; connect it, or take it away."),
        ("b", "Step 'b': a CommandStep needs command (Command line); give it."),
    ]


def test_a_cycle_is_shown_on_a_step_of_it(sqlite_store: Store) -> None:
    text = (
        "pipeline:\n  steps:\n"
        "    a: {type: CommandStep, command: [x], run_after: [b]}\n"
        "    b: {type: CommandStep, command: [x], run_after: [a]}\n"
    )
    (problem,) = asked(sqlite_store, "design", text=text)["problems"]

    assert problem["step"] in ("a", "b")
    assert "cycle" in problem["text"]


def test_nonsense_is_told_with_its_line(sqlite_store: Store) -> None:
    view = asked(sqlite_store, "design", text="pipeline:\n  nam: x\n")

    assert (view["tree"], view["line"], view["problems"]) == (None, 2, [])
    assert view["error"].startswith("Line 2: ")


def test_an_empty_pipeline_has_no_problem_yet(sqlite_store: Store) -> None:
    assert asked(sqlite_store, "design", text="pipeline: {steps: {}}")["problems"] == []


def test_the_palette_has_what_runs_here_first(sqlite_store: Store) -> None:
    view = asked(sqlite_store, "design_palette")
    clouds = [bool(one["cloud"]) for one in view["kinds"]]
    (script,) = [one for one in view["kinds"] if one["type"] == "PythonScriptStep"]

    assert clouds == sorted(clouds)
    assert script["settings"][0] == {
        "name": "script_name",
        "type": "file",
        "title": "Script",
        "default": None,
        "is_required": True,
    }
    assert view["computes"] == ["local"]
    assert "workspaceblobstore" in view["datastores"]


def test_a_document_becomes_code(sqlite_store: Store) -> None:
    code = asked(sqlite_store, "design_code", text=STEP)

    assert code["name"] == "adds"
    assert "CommandStep(" in code["text"]
    with pytest.raises(PipelineDocumentError, match="Line 1"):
        asked(sqlite_store, "design_code", text="x")


def test_a_document_runs_and_its_run_is_a_document(sqlite_store: Store, tmp_path: Path) -> None:
    store = sqlite_store
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "go.py").write_text("print('gone')")
    text = "pipeline: {parameters: {n: {type: int, default: 1}}, steps: {go: {type: PythonScriptStep, source_directory: src, script_name: go.py, arguments: ['parameter:n'], runconfig: go.runconfig}}}"
    (tmp_path / "go.runconfig").write_text(
        "environment: {environmentVariables: {GREETING: hello}}\n"
    )
    run = asked(
        store,
        "submit_design",
        text=text,
        folder=str(tmp_path),
        experiment="drawn",
        parameters={"n": 3},
    )["run"]

    until = time.monotonic() + 120
    while not (record := runs.get(store, run)).status.is_terminal:
        assert time.monotonic() < until
        time.sleep(0.1)
    assert (record.status, record.experiment) == ("Completed", "drawn")
    again = asked(store, "design_of_run", run=run)
    assert read(again["text"]).definition.steps[0].id == "go"
    assert QUESTIONS.get("submit_design").changes


def test_a_document_that_cannot_run_is_refused(sqlite_store: Store, tmp_path: Path) -> None:
    def submit(text: str) -> None:
        asked(sqlite_store, "submit_design", text=text, folder=str(tmp_path), experiment="e")

    with pytest.raises(PipelineError, match="at least one step"):
        submit("pipeline: {steps: {}}")
    with pytest.raises(
        PipelineError,
        match=r"Line 5: There is no file '.*a.runconfig', the runconfig of step 'a'",
    ):
        submit(STEP + "      runconfig: a.runconfig\n")
    with pytest.raises(NotFoundError, match="nowhere"):
        asked(sqlite_store, "design_of_run", run="nowhere")
