from __future__ import annotations


def test_experiments_are_listed_newest_first_with_their_runs(ask, trained):
    answer = ask(trained, "experiments")

    frame = answer.value.set_index("name")
    assert list(frame.index) == ["iris", "digits"]
    assert frame.loc["digits", ["runs", "Completed", "Failed"]].tolist() == [2, 1, 1]
    assert frame.loc["iris", ["runs", "Completed", "Failed"]].tolist() == [1, 1, 0]
    assert "digits" in answer.text
    assert "digits" in answer.html


def test_no_experiments_give_an_empty_frame(ask, workspace):
    frame = ask(workspace, "experiments").value

    assert list(frame.columns) == ["name", "created", "archived", "runs"]
    assert len(frame) == 0
