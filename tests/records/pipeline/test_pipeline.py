"""A pipeline is the same after it was kept as JSON."""

from __future__ import annotations

import json

from aml_magics.records.data.data_use import DataFolder, DataInput, DataOutput
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.records.distribution import Distribution
from aml_magics.records.job import SourceFile
from aml_magics.records.pipeline.definition import (
    FromDataset,
    FromParameter,
    FromStep,
    ParameterDefinition,
    PipelineDefinition,
    RunSettings,
    StepDefinition,
    StepInput,
    StepOutput,
)
from aml_magics.records.pipeline.pipeline import PipelineGraph, StepTemplate

ROWS = Definition("tabular", (Location("*.csv"),), "delimited", {"separator": ";"})


def step(id_, **more):
    return StepDefinition(id=id_, name=id_.upper(), kind="python_script", **more)


def test_a_graph_is_the_same_after_it_was_kept():
    definition = PipelineDefinition(
        steps=(
            step("a", outputs=(StepOutput(DataOutput("o", "s", "p", results=()), "out"),)),
            step(
                "b",
                inputs=(
                    StepInput(DataFolder("f", ""), FromStep("a", "o")),
                    StepInput(DataInput("d", definition=ROWS), FromStep("a", "o")),
                    StepInput(DataInput("p"), FromParameter("which")),
                    StepInput(DataInput("n"), FromDataset("numbers", 3)),
                    StepInput(DataInput("x", dataset="some id")),
                ),
                run=RunSettings(distribution=Distribution("mpi", 2, 1)),
                arguments=("x",),
                run_after=("a",),
            ),
        ),
        parameters=(ParameterDefinition("which", "dataset", {"name": "numbers"}),),
        layout={"a": (1.0, 2.0)},
    )
    files = (SourceFile("a.py", "abc", 3, 0o644),)
    templates = {one: StepTemplate({}, {}, "source", files, {"source": "x"}) for one in "ab"}
    graph = PipelineGraph(definition, templates)
    written = json.loads(json.dumps(graph.to_dict()))

    assert PipelineGraph.of_dict(written) == graph
    assert json.dumps(written).count("a.py") == 1


def test_a_step_waits_for_what_it_reads_and_for_what_it_runs_after():
    inputs = (
        StepInput(DataFolder("f", ""), FromStep("a", "o")),
        StepInput(DataInput("x", dataset="some id")),
    )
    assert step("c", inputs=inputs, run_after=("b",)).before == {"a", "b"}
