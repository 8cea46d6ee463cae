"""What is wrong with a pipeline is said by the names of its steps."""

from __future__ import annotations

import pytest

from aml_magics.errors import PipelineError
from aml_magics.records.data.data_use import DataFolder, DataOutput
from aml_magics.records.pipeline.definition import (
    FromStep,
    ParameterDefinition,
    PipelineDefinition,
    StepDefinition,
    StepInput,
    StepOutput,
)
from aml_magics.services.pipeline.validation import check, ordered, problems, unconnected


def step(id_, *, reads=(), writes=(), **more):
    return StepDefinition(
        id=id_,
        name=f"step {id_}",
        kind="python_script",
        settings=more.pop("settings", {"script_name": "a.py"}),
        source_directory="there",
        inputs=tuple(
            StepInput(DataFolder(output, ""), FromStep(writer, output)) for writer, output in reads
        ),
        outputs=tuple(StepOutput(DataOutput(name, "s", path)) for name, path in writes),
        **more,
    )


def pipeline(*steps, **more):
    return PipelineDefinition(steps=steps, **more)


def test_steps_are_ordered_by_what_they_wait_for():
    found = ordered(pipeline(step("c", run_after=("b",)), step("a"), step("b", run_after=("a",))))
    assert [one.id for one in found] == ["a", "b", "c"]


def test_a_cycle_is_named():
    cyclic = pipeline(
        step("a", run_after=("c",)), step("b", run_after=("a",)), step("c", run_after=("b",))
    )
    with pytest.raises(PipelineError, match="in a cycle: step a -> step b -> step c -> step a"):
        check(cyclic)
    with pytest.raises(PipelineError, match="wait for each other in a cycle"):
        ordered(cyclic)


def test_a_pipeline_of_a_thousand_steps_is_checked_and_ordered():
    steps = [step(f"s{n}", run_after=(f"s{n - 1}",) if n else ()) for n in range(1000)]
    assert problems(pipeline(*steps)) == []
    assert [one.id for one in ordered(pipeline(*reversed(steps)))] == [one.id for one in steps]


def test_a_pipeline_without_steps_is_refused():
    with pytest.raises(PipelineError, match="at least one step"):
        check(pipeline())


@pytest.mark.parametrize(
    ("broken", "match"),
    [
        ([step("a"), step("a")], "2 steps have the id 'a'"),
        ([step("a", run_after=("b",))], "runs after step 'b', which is not in the pipeline"),
        ([step("a", reads=[("b", "x")])], "comes from step 'b', which is not in the pipeline"),
        (
            [step("a", writes=[("data", "{run-id}")]), step("b", reads=[("a", "date")])],
            "has no such output. Did you mean 'data'",
        ),
        (
            [step("a", writes=[("x", "same")]), step("b", writes=[("y", "same")])],
            "2 steps write to 'same' of datastore 's': step a, step b",
        ),
        (
            [step("a", writes=[("x", "one/{run-id}"), ("x", "two/{run-id}")])],
            "has 2 outputs named 'x'",
        ),
        ([step("a", arguments=("$AML_PARAMETER_rate",))], "uses the parameter 'rate', which"),
        ([step("a", settings={})], "needs script_name"),
    ],
)
def test_what_cannot_run_is_refused(broken, match):
    with pytest.raises(PipelineError, match=match):
        check(pipeline(*broken))


def test_all_errors_are_said_at_once():
    broken = pipeline(step("a", run_after=("b",)), step("c", settings={}))
    with pytest.raises(PipelineError, match=r"has 2 errors:\n- .*\n- "):
        check(broken)


def test_two_parameters_of_one_name_are_refused():
    two = [ParameterDefinition("rate", "float", value) for value in (0.1, 0.2)]
    with pytest.raises(PipelineError, match="2 parameters are named 'rate'"):
        check(pipeline(step("a"), parameters=tuple(two)))


def test_a_step_that_is_connected_to_no_other_is_found():
    assert unconnected(pipeline(step("a"))) == []
    two = pipeline(step("a"), step("b", run_after=("a",)), step("c"))
    assert unconnected(two) == ["step c"]
