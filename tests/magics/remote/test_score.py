from __future__ import annotations

import pytest

from aml_magics.errors import UsageError
from aml_magics.magics.remote.score import check_script, score_parser

GOOD = """
import json
from pathlib import Path
LIMIT = 3
def init():
    global model
    model = json
def run(data):
    return model.loads(data)[:LIMIT], Path(__file__).name
"""


def test_a_script_that_stands_alone_is_taken():
    check_script(GOOD, {"model": 1})


def test_init_and_run_must_be_there():
    with pytest.raises(UsageError, match="lacks init and run"):
        check_script("x = 1", {})
    with pytest.raises(UsageError, match=r"lacks run"):
        check_script("def init(): ...", {})


def test_a_variable_of_the_notebook_is_not_seen_by_a_service():
    code = "def init(): ...\ndef run(data): return scaler.transform(data)"

    with pytest.raises(UsageError, match=r"'scaler'.*this notebook has it"):
        check_script(code, {"scaler": 1})
    with pytest.raises(UsageError, match=r"'scaler'.*nothing defines it"):
        check_script(code, {})


def test_what_is_no_python_is_told_as_such():
    with pytest.raises(SyntaxError):
        check_script("def init(:", {})


def test_the_line_has_its_options():
    options = score_parser().parse_args(["digits", "--model", "digits:2", "--auth", "none"])

    assert (options.service, options.model, options.auth) == ("digits", ["digits:2"], "none")
    assert not options.write_only
