"""What a call of ``run()`` returned, as rows of text."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aml_magics.workers.parallel_run.script import ScriptError, encoded


@pytest.mark.parametrize(
    ("result", "count", "rows"),
    [
        (["87.csv: 0", "88.csv: 1"], 2, b"87.csv: 0\n88.csv: 1\n"),
        ([], 0, b""),
        (("a", 1, None), 3, b"a\n1\nNone\n"),
        ([["a", 1]], 1, b"['a', 1]\n"),
        (np.array([0.5, 2]), 2, b"0.5\n2.0\n"),
        (pd.Series(["x", "y"]), 2, b"x\ny\n"),
        (pd.DataFrame({"a": [1, 2], "b": ["x y", None]}), 2, b'1 "x y"\n2 \n'),
        (pd.DataFrame({"a": []}), 0, b""),
        (["ü"], 1, "ü\n".encode()),
        (["bad\udcff"], 1, b"bad\xff\n"),
    ],
)
def test_a_result_is_a_line_for_each_item(result, count, rows):
    assert encoded(result) == (count, rows)


@pytest.mark.parametrize("result", ["abc", None, 3, {"a": 1}, (one for one in "ab")])
def test_anything_else_is_refused(result):
    with pytest.raises(ScriptError, match=r"returns a list or a pandas DataFrame.*return \[\]"):
        encoded(result)
