from __future__ import annotations

import re


def test_sweeps_are_listed_with_their_best(ask, workspace, swept):
    answer = ask(workspace, "sweeps")
    assert answer.value[["id", "metric", "trials", "total", "best"]].values.tolist() == [
        [swept.id, "acc", 3, 3, 0.9]
    ]
    assert len(ask(workspace, "sweeps", "--experiment", "sweeps").value) == 1
    assert re.search(rf"Completed +3/3 +highest acc +0\.9 +sweeps +{swept.id[:11]}", answer.text)
    assert swept.id[:11] in answer.html


def test_a_workspace_without_sweeps_says_what_makes_one(ask, workspace):
    assert "No sweeps. %%aml_sweep" in ask(workspace, "sweeps").text
