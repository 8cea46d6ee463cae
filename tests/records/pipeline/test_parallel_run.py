"""The settings of a step over mini-batches."""

from __future__ import annotations

import pytest

from aml_magics.errors import ParallelRunError
from aml_magics.records.pipeline.parallel_run import (
    NAMES,
    bytes_of,
    check_together,
    checked_setting,
    files_of,
)


@pytest.mark.parametrize(
    ("size", "number"),
    [("10", 10), (10, 10), ("1KB", 1024), ("10 mb", 10 * 2**20), ("1GB", 2**30), (" 7B ", 7)],
)
def test_a_size_is_a_number_with_a_unit(size, number):
    assert bytes_of(size) == number


@pytest.mark.parametrize(
    "size", ["", "0", 0, -1, "1.5MB", "MB", "1TB", True, None, 2.5, [1], "9" * 99]
)
def test_anything_else_is_no_size(size):
    with pytest.raises(ParallelRunError, match=r"mini_batch_size is a number of files .*'1KB'"):
        bytes_of(size)


def test_a_mini_batch_of_files_is_counted():
    assert files_of("12") == 12
    with pytest.raises(ParallelRunError, match="a size is for tabular datasets"):
        files_of("1KB")


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("error_threshold", -1, -1),
        ("error_threshold", "10", 10),
        ("run_max_try", 5, 5),
        ("allowed_failed_percent", "2.5", 2.5),
        ("mini_batch_size", 5, "5"),
        ("output_action", "Append_Row", "append_row"),
        ("logging_level", "debug", "DEBUG"),
        ("partition_keys", ("a", "b"), ["a", "b"]),
        ("append_row_file_name", "out.txt", "out.txt"),
        ("node_count", "$AML_PARAMETER_nodes", "$AML_PARAMETER_nodes"),
        ("run_invocation_timeout", 259_200, 259_200),
    ],
)
def test_a_value_that_keeps_to_its_rule_is_kept(name, value, kept):
    assert checked_setting(name, value) == kept


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("error_threshold", -2, "a whole number of at least -1"),
        ("error_threshold", 1.5, "a whole number of at least -1"),
        ("node_count", 0, "a whole number of at least 1"),
        ("process_count_per_node", True, "a whole number of at least 1"),
        ("run_invocation_timeout", 259_201, "at most 259,200"),
        ("run_max_try", "three", "a whole number of at least 1"),
        ("allowed_failed_percent", 101, "a number from 0 to 100"),
        ("allowed_failed_percent", "nan", "a number from 0 to 100"),
        ("output_action", "append", "one of append_row, summary_only"),
        ("logging_level", "LOUD", "one of WARNING, INFO, DEBUG"),
        ("partition_keys", "city", "a list of names of columns"),
        ("partition_keys", [], "a list of names of columns"),
        ("append_row_file_name", "a/b.txt", "a file's name without a folder"),
        ("append_row_file_name", "..", "a file's name without a folder"),
        ("entry_script", "", "the path of a script below source_directory"),
        ("entry_script", "$AML_PARAMETER_x\0", "the path of a script below source_directory"),
    ],
)
def test_a_value_that_breaks_its_rule_is_refused_with_the_rule(name, value, said):
    with pytest.raises(ParallelRunError, match=f"{name} is .*{said}.*, not "):
        checked_setting(name, value)


@pytest.mark.parametrize("name", NAMES)
def test_what_was_not_given_is_not_checked(name):
    assert checked_setting(name, None) is None


def test_settings_that_contradict_each_other_are_refused():
    with pytest.raises(ParallelRunError, match="give one of the two"):
        check_together({"partition_keys": ["a"], "mini_batch_size": "5"})
    with pytest.raises(ParallelRunError, match="with 'summary_only' there is none"):
        check_together({"append_row_file_name": "a.txt", "output_action": "summary_only"})
