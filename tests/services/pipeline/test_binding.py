"""Inputs are bound to what parameters choose, and to what other steps have written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aml_magics.errors import DataNotFoundError, PipelineError
from aml_magics.records.data.data_use import DataFolder, DataInput, DataOutput, OutputResult
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.records.pipeline.definition import (
    FromDataset,
    FromParameter,
    FromStep,
    StepDefinition,
    StepInput,
    StepOutput,
)
from aml_magics.services.data import dataset
from aml_magics.services.data.output import send
from aml_magics.services.pipeline.binding import Maker, chosen_data, made_data
from aml_magics.services.pipeline.release import planned_release
from aml_magics.services.pipeline.result import step_results
from aml_magics.services.pipeline.submission import pipeline_of
from aml_magics.services.run import run as runs

STORE = "workspaceblobstore"
FILES = Definition("file", (Location("in/*.csv", STORE),))


def step(*inputs, outputs=()):
    return StepDefinition(
        id="s", name="s", kind="python_script", inputs=tuple(inputs), outputs=tuple(outputs)
    )


@pytest.fixture
def files(sqlite_store, tmp_path):
    (tmp_path / "a.csv").write_text("x\n1\n")
    send(sqlite_store, STORE, "in", [(tmp_path / "a.csv", "a.csv")], overwrite=False)
    return dataset.register(sqlite_store, FILES, "numbers")


def test_registered_datasets_and_parameters_are_chosen(sqlite_store, files):
    one = step(
        StepInput(DataInput("a"), FromDataset("numbers", 1)),
        StepInput(DataInput("b"), FromParameter("by_id")),
        StepInput(DataInput("c"), FromParameter("by_name")),
        StepInput(DataInput("d", "Mount"), FromParameter("path")),
        StepInput(DataFolder("e", ""), FromParameter("path")),
        StepInput(DataFolder("f", ""), FromParameter("plain")),
    )
    values = {
        "by_id": {"id": files.id},
        "by_name": {"name": "numbers"},
        "path": {"datastore": STORE, "path": "in"},
        "plain": {"path": "in"},
    }
    found = chosen_data(sqlite_store, one, values)

    assert {part.dataset for part in found[:3]} == {files.id}
    assert found[3].dataset not in ("", files.id)
    assert [(part.datastore, part.path) for part in found[4:]] == [(STORE, "in")] * 2


def test_a_folder_takes_no_dataset(sqlite_store, files):
    with pytest.raises(PipelineError, match=r"is a dataset; take it by as_named_input"):
        chosen_data(sqlite_store, step(StepInput(DataFolder("a", ""), FromDataset("numbers"))), {})
    with pytest.raises(PipelineError, match="is a path of a datastore, not"):
        chosen_data(
            sqlite_store,
            step(StepInput(DataFolder("a", ""), FromParameter("p"))),
            {"p": {"id": files.id}},
        )


def maker(store, output):
    run = runs.start(store, "e")
    return Maker(run, step(outputs=[StepOutput(output)]))


def test_rows_are_read_of_what_a_step_has_written(sqlite_store, tmp_path):
    made = maker(sqlite_store, DataOutput("o", STORE, "out/{run-id}", results=()))
    (tmp_path / "a.csv").write_text("x\n1\n")
    place = f"out/{made.run.id}"
    send(sqlite_store, STORE, place, [(tmp_path / "a.csv", "deep/a.csv")], overwrite=False)
    read = Definition("tabular", (Location("**/*.csv"),), "delimited")
    part = DataInput("rows", definition=read)
    [found] = made_data(sqlite_store, step(StepInput(part, FromStep("w", "o"))), {"w": made})
    record = dataset.get_by_id(sqlite_store, found.dataset)

    assert record.definition.locations == (Location(f"{place}/**/*.csv", STORE),)
    assert (record.definition.format, record.files) == ("delimited", 1)


def test_further_datasets_of_an_output_are_its_too(sqlite_store):
    output = DataOutput("o", STORE, "out/{run-id}", results=(OutputResult(), OutputResult()))
    made = maker(sqlite_store, output)
    assert made.output("o") == made.output("o_2") == output


def test_a_dataset_of_nothing_is_refused_by_the_name_of_who_wrote_it(sqlite_store):
    made = maker(sqlite_store, DataOutput("o", STORE, "out/{run-id}", results=()))
    reads = step(StepInput(DataInput("rows", "Mount"), FromStep("w", "o")))
    with pytest.raises(
        DataNotFoundError, match="reads output 'o' of step 's', which wrote no file"
    ):
        made_data(sqlite_store, reads, {"w": made})


def test_a_step_without_its_job_is_not_released(sqlite_store, submit):
    run = submit(replace(step(), settings={"script_name": "a.py"}))
    [one] = step_results(sqlite_store, run)
    asked = pipeline_of(sqlite_store, run)
    other = runs.start(sqlite_store, "e")
    with pytest.raises(PipelineError, match="The job of step 's' is gone"):
        planned_release(sqlite_store, asked, one.step, one.kept, other, {})
