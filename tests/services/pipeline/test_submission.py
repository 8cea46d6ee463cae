"""A pipeline is written at once: its run, those of its steps, and what was decided of them."""

from __future__ import annotations

import json

import pytest

from aml_magics.errors import PipelineError
from aml_magics.records.data.data_use import DataFolder, DataOutput, OutputResult
from aml_magics.records.pipeline.definition import (
    FromStep,
    ParameterDefinition,
    StepDefinition,
    StepInput,
    StepOutput,
)
from aml_magics.records.pipeline.pipeline import PIPELINE_RUN, STEP_RUN, StepDecision
from aml_magics.records.status import RunStatus
from aml_magics.services.job.submission import variables_path
from aml_magics.services.pipeline import submission
from aml_magics.services.pipeline.rerun import rerun
from aml_magics.services.pipeline.result import step_result, step_results
from aml_magics.services.pipeline.reuse import explain
from aml_magics.services.pipeline.submission import pipeline_of
from aml_magics.services.run import run as runs
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.ending import end

PATH = "azureml/{run-id}/{output-name}"


def step(id_, script="a.py", **more):
    return StepDefinition(
        id=id_,
        name=f"step {id_}",
        kind="python_script",
        settings={"script_name": script},
        **more,
    )


def output(name, **more):
    return StepOutput(DataOutput(name, "workspaceblobstore", PATH, results=(), **more))


def reads(writer, name):
    return StepInput(DataFolder(name, ""), FromStep(writer, name))


def found(store, pipeline):
    return {one.step.id: one for one in step_results(store, pipeline)}


def done(store, run):
    """Be the worker of a step."""
    end(store, runs.claim(store, run.key).key, RunStatus.COMPLETED)


def test_all_runs_are_there_and_the_first_steps_are_queued(sqlite_store, submit):
    run = submit(
        step("b", run_after=("a",), arguments=("--x", "1")), step("a"), tags={"why": "test"}
    )
    steps = found(sqlite_store, run)
    children = runs.children(sqlite_store, run)

    assert (run.type, run.status, run.tags) == (PIPELINE_RUN, RunStatus.PREPARING, {"why": "test"})
    assert [one.name for one in children] == ["step b", "step a"]
    assert {one.type for one in children} == {STEP_RUN}
    assert steps["a"].run.status is RunStatus.QUEUED
    assert steps["b"].run.status is RunStatus.NOT_STARTED
    assert [steps[id_].kept.decision for id_ in "ab"] == [StepDecision.QUEUED, StepDecision.WAITING]
    assert steps["b"].run.params == {"x": 1}
    assert steps["a"].run.properties["StepType"] == "PythonScriptStep"
    assert steps["a"].run.properties["azureml.pipelinerunid"] == run.id
    with sqlite_store.catalogue.read() as connection:
        assert sqlite_store.sources.of(connection, steps["b"].run.key)
        assert sqlite_store.documents.of(connection, steps["b"].run.key)["source"]
    assert variables_path(sqlite_store, run.id).exists()
    assert variables_path(sqlite_store, steps["a"].run.id).exists()
    assert not variables_path(sqlite_store, steps["b"].run.id).exists()


def test_parameters_are_kept_with_the_run(sqlite_store, submit):
    run = submit(
        step("a", arguments=("$AML_PARAMETER_rate",)),
        parameters=[ParameterDefinition("rate", "float", 0.1)],
    )
    assert pipeline_of(sqlite_store, run).parameters == {"rate": 0.1}
    assert json.loads(run.properties["azureml.parameters"]) == {"rate": 0.1}
    assert run.params == {"rate": "0.1"}


def test_a_waiting_step_holds_no_place_and_is_canceled_at_once(sqlite_store, submit):
    run = submit(step("a"), step("b", run_after=("a",)))
    waiting = found(sqlite_store, run)["b"].run
    with sqlite_store.catalogue.read() as connection:
        host = pipeline_of(sqlite_store, run).host
        queued = [one.run_key for one in sqlite_store.jobs.waiting(connection, host)]
    assert waiting.key not in queued
    assert cancel(sqlite_store, waiting).status is RunStatus.CANCELED


def test_a_pipeline_whose_steps_are_all_reused_has_completed(sqlite_store, submit, monkeypatch):
    first = submit(step("a"))
    assert explain(sqlite_store, found(sqlite_store, first)["a"].run) == (
        "not reused: the step has not completed before"
    )
    done(sqlite_store, found(sqlite_store, first)["a"].run)
    monkeypatch.setattr(submission, "ensure_controller", None)  # it needs none
    again = submit(step("a"))
    one = found(sqlite_store, again)["a"]

    assert again.status is RunStatus.COMPLETED
    assert one.is_reused
    assert one.run.status is RunStatus.COMPLETED
    assert one.run.duration == 0
    assert one.kept.reused_from == found(sqlite_store, first)["a"].run.id
    assert one.run.properties["azureml.isreused"] == "true"
    assert one.run.properties["azureml.reusedrunid"] == one.kept.reused_from
    assert not variables_path(sqlite_store, again.id).exists()


def test_the_original_is_reused_and_not_a_reuse_of_it(sqlite_store, submit):
    first = submit(step("a"))
    original = found(sqlite_store, first)["a"].run
    done(sqlite_store, original)
    submit(step("a"))
    third = submit(step("a"))
    assert found(sqlite_store, third)["a"].kept.reused_from == original.id


def explained(store, submit, folder, change, *, before=None, after=None, **options):
    """What is said of a second submission; ``change`` is done between the two."""
    first = submit(before or step("a"))
    done(store, found(store, first)["a"].run)
    change(folder)
    again = submit(after or before or step("a"), **options)
    one = found(store, again)["a"]
    assert one.run.status is RunStatus.QUEUED
    return one.kept.reuse_note


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: (f / "a.py").write_text("print(1)\nprint(3)\n"), "a.py changed, line 2"),
        (lambda f: (f / "a.py").write_bytes(b"\xff"), "a.py changed"),
        (lambda f: (f / "c.py").write_text(""), "c.py is new"),
        (lambda f: (f / "b.py").unlink(), "b.py is gone"),
    ],
)
def test_changed_code_is_named(sqlite_store, submit, folder, change, said):
    assert explained(sqlite_store, submit, folder, change) == f"not reused: {said}"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"arguments": ("1",)}, "the arguments changed"),
        ({"version": "2"}, "the settings of the step changed"),
        ({"outputs": (output("o"),)}, "the outputs changed"),
        ({"params": {"x": "1"}}, "the settings of the step changed"),
    ],
)
def test_what_else_changed_is_named(sqlite_store, submit, folder, more, said):
    after = step("a", **more)
    note = explained(sqlite_store, submit, folder, lambda _: None, after=after)
    assert note == f"not reused: {said}"


def test_reuse_is_forbidden_by_the_step_or_the_submission(sqlite_store, submit, folder):
    own = step("a", allow_reuse=False)
    assert "allow_reuse=False" in explained(
        sqlite_store, submit, folder, lambda _: None, before=own
    )
    assert "regenerate_outputs" in explained(
        sqlite_store, submit, folder, lambda _: None, regenerate_outputs=True
    )


def test_a_changed_parameter_is_named_with_its_values(sqlite_store, submit):
    given = {"parameters": [ParameterDefinition("rate", "float", 0.1)]}
    one = step("a", arguments=("$AML_PARAMETER_rate",))
    first = submit(one, **given)
    done(sqlite_store, found(sqlite_store, first)["a"].run)
    given["parameters"] = [ParameterDefinition("rate", "float", 0.2)]
    again = submit(one, **given)
    assert found(sqlite_store, again)["a"].kept.reuse_note == (
        "not reused: parameter rate changed from 0.1 to 0.2"
    )


def test_outputs_that_are_gone_are_not_reused(sqlite_store, submit):
    one = step("a", outputs=(output("o"),))
    first = submit(one)
    run = found(sqlite_store, first)["a"].run
    done(sqlite_store, run)
    assert found(sqlite_store, submit(one))["a"].kept.reuse_note == (
        "not reused: the outputs of the earlier run are gone"
    )


def test_a_run_of_another_kind_is_no_pipeline(sqlite_store):
    plain = runs.start(sqlite_store, "e")
    with pytest.raises(PipelineError, match="is no run of a pipeline"):
        pipeline_of(sqlite_store, plain)
    with pytest.raises(PipelineError, match="is no step of a pipeline"):
        step_result(sqlite_store, plain)
    with pytest.raises(PipelineError, match="is no step of a pipeline"):
        explain(sqlite_store, plain)


def test_a_pipeline_runs_again_from_a_step(sqlite_store, submit):
    run = submit(step("a"), step("b", run_after=("a",)), step("c", "b.py"))
    steps = found(sqlite_store, run)
    for id_ in "ac":
        done(sqlite_store, steps[id_].run)
    again = rerun(sqlite_store, run, "b")
    there = found(sqlite_store, again)

    assert pipeline_of(sqlite_store, again).rerun_of == run.id
    assert there["a"].kept.reused_from == steps["a"].run.id
    assert there["c"].is_reused
    assert there["b"].run.status is RunStatus.QUEUED
    assert there["a"].kept.reuse_note.startswith("taken over")
    first = found(sqlite_store, rerun(sqlite_store, run, "a"))
    assert [first[id_].is_reused for id_ in "abc"] == [False, False, True]
    with pytest.raises(PipelineError, match="has no step 'd'"):
        rerun(sqlite_store, run, "d")


def test_results_of_an_output_are_kept_with_the_step(sqlite_store, submit):
    part = DataOutput(
        "made", "workspaceblobstore", PATH, results=(OutputResult(), OutputResult("x"))
    )
    run = submit(step("a", outputs=(StepOutput(part),)))
    assert found(sqlite_store, run)["a"].step.outputs[0].part == part
