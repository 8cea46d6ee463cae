"""The command line of the driver."""

from __future__ import annotations

import os

import pytest

from aml_magics.errors import ParallelRunError
from aml_magics.workers.parallel_run.options import Input, read

FIXED = ("--entry_script", "score.py", "--input", "a", "/data", "--output", "/out")


def test_what_is_not_said_has_azures_defaults():
    found = read(FIXED)
    assert (found.inputs, found.output) == ((Input("a", "/data"),), "/out")
    assert (found.error_threshold, found.timeout, found.tries) == (-1, 60, 3)
    assert (found.row_file, found.logging_level, found.is_appended) == (
        "parallel_run_step.txt",
        "INFO",
        True,
    )
    assert found.processes == len(os.sched_getaffinity(0))


def test_all_that_follows_the_dashes_is_the_scripts():
    found = read((*FIXED, "--", "--input", "x", "--", "-v"))
    assert found.arguments == ("--input", "x", "--", "-v")


def test_processes_are_those_of_all_nodes():
    words = ("--node_count", "3", "--process_count_per_node", "2")
    assert read((*FIXED, *words)).processes == 6
    assert read((*FIXED, "--node_count", "64")).processes == 64


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--run_max_try", "0"), "run_max_try is a whole number of at least 1, not str"),
        (("--mini_batch_size", "many"), "mini_batch_size is a number of files such as 10"),
        (("--colour", "red"), "unrecognized arguments: --colour red"),
        (("--error_threshold", "$AML_PARAMETER_x"), "has no value for the parameter 'x'"),
        (("--partition_key", "a", "--mini_batch_size", "3"), "give one of the two"),
    ],
)
def test_a_value_out_of_its_rule_is_refused(words, said):
    with pytest.raises(ParallelRunError, match=said):
        read((*FIXED, *words))


def test_rows_need_an_output():
    with pytest.raises(ParallelRunError, match="'append_row' needs an output"):
        read(FIXED[:-2])
    assert read((*FIXED[:-2], "--output_action", "summary_only")).output is None
