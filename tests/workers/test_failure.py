"""The cause of a script's failure, read from the end of its log."""

from __future__ import annotations

import pytest

from aml_magics.workers.failure import error_of

TRACEBACK = """Traceback (most recent call last):
  File "score.py", line 2, in run
    int("x")
ValueError: invalid literal
"""


@pytest.mark.parametrize(
    ("log", "code", "message"),
    [
        (f"begins\n{TRACEBACK}", "ValueError", "invalid literal"),
        (
            f"{TRACEBACK}Mini-batch 0 failed\naml_magics.errors.ParallelRunError: 1 item failed.\nMore.",
            "ParallelRunError",
            "1 item failed.\nMore.",
        ),
        ("aml_magics.errors.PipelineError: it is empty\n", "PipelineError", "it is empty"),
        ("all is well\n", "ExitCode", "The script ended with exit code 1."),
    ],
)
def test_error_is_the_last_that_was_told(tmp_path, log, code, message):
    path = tmp_path / "log.txt"
    path.write_text(log, "utf-8")
    found = error_of(1, path)
    assert (found.code, found.message) == (code, message)


def test_traceback_of_an_error_of_this_package_is_kept_whole(tmp_path):
    log = TRACEBACK.replace("ValueError: ", "aml_magics.errors.PipelineError: ")
    path = tmp_path / "log.txt"
    path.write_text(log, "utf-8")
    found = error_of(1, path)
    assert (found.code, found.message) == ("PipelineError", "invalid literal")
    assert found.traceback == log.rstrip()
