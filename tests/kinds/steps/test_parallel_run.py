"""The command line of a step over mini-batches, and what is refused of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aml_magics.errors import PipelineError
from aml_magics.kinds.steps.parallel_run import ParallelRun
from aml_magics.workers.parallel_run.options import Input, read
from tests.kinds.steps.test_every_step import EXAMPLES, FOLDER

EXAMPLE = EXAMPLES["parallel_run"]


def with_settings(**settings):
    return replace(EXAMPLE, settings={**EXAMPLE.settings, **settings})


def test_the_driver_understands_its_command():
    step = with_settings(
        mini_batch_size="5",
        error_threshold=10,
        node_count=2,
        process_count_per_node=3,
        run_invocation_timeout=600,
        append_row_file_name="rows.txt",
        logging_level="DEBUG",
    )
    words = ParallelRun().command(step).words
    assert words[:3] == ("{python}", "-m", "aml_magics.workers.parallel_run")
    found = read((*words[3:], "--rate", "0.1"))
    assert found.inputs == (Input("data", FOLDER.part.placeholder),)
    assert (found.mini_batch_size, found.error_threshold, found.processes) == ("5", 10, 6)
    assert (found.timeout, found.row_file, found.logging_level) == (600, "rows.txt", "DEBUG")
    assert found.arguments == ("--rate", "0.1")


def test_keys_are_told_one_by_one():
    words = ParallelRun().command(with_settings(partition_keys=["a b", "c"])).words
    assert read(words[3:]).partition_keys == ("a b", "c")


def test_a_side_input_is_not_parted():
    side = replace(FOLDER, part=replace(FOLDER.part, name="side"))
    step = replace(with_settings(side_inputs=["side"]), inputs=(FOLDER, side))
    ParallelRun().check(step)
    assert [one.name for one in read(ParallelRun().command(step).words[3:]).inputs] == ["data"]


@pytest.mark.parametrize("size", ["5", 5, "1KB", "$AML_PARAMETER_size"])
def test_a_size_may_be_a_number_a_text_or_a_parameter(size):
    ParallelRun().check(with_settings(mini_batch_size=size))


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (with_settings(run_max_try=0), "Step 'a': run_max_try is a whole number of at least 1"),
        (with_settings(mini_batch_size="many"), "Step 'a': mini_batch_size is a number of files"),
        (
            with_settings(side_inputs=["b"]),
            "the side input 'b' is none of its inputs; it has: data",
        ),
        (with_settings(side_inputs=["data"]), "needs an input that it can part"),
        (replace(EXAMPLE, inputs=()), "needs an input that it can part"),
        (replace(EXAMPLE, outputs=()), "'append_row' writes what run\\(\\) returns into an output"),
    ],
)
def test_what_cannot_be_is_refused(step, said):
    with pytest.raises(PipelineError, match=said):
        ParallelRun().check(step)


def test_without_rows_it_needs_no_output():
    ParallelRun().check(replace(with_settings(output_action="summary_only"), outputs=()))
