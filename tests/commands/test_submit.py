from __future__ import annotations

import pytest

from aml_magics.commands._base import COMMANDS
from aml_magics.errors import (
    ComputeTargetError,
    EnvironmentNotFoundError,
    SubmissionError,
    UsageError,
)
from aml_magics.services.compute import registry


@pytest.fixture
def submit(workspace, monkeypatch):
    """Runs are queued and nobody begins them."""
    monkeypatch.setattr("aml_magics.services.process.queue.ensure_scheduler", lambda store: None)
    command = COMMANDS.load("submit")()

    def submit_(*words: str):
        options = command.parser("%aml submit").parse_args(list(words))
        return command.answer(workspace, options)

    return submit_


def test_a_script_is_queued_with_its_own_words(submit, workspace, tmp_path):
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "train.py").write_text("")
    answer = submit(
        "code/train.py", "--experiment", "e", "--name", "first", "--tag", "a=b", "c=d=e",
        "--max-seconds", "9", "--args", "--experiment", "x y", "--help",
    )  # fmt: skip
    run = answer.value

    assert run.get_status() == "Queued"
    assert (run.display_name, run.experiment.name) == ("first", "e")
    assert run.tags == {"a": "b", "c": "d=e"}
    details = run.get_details()["runDefinition"]
    assert details["arguments"] == ["--experiment", "x y", "--help"]
    assert (details["script"], details["maxRunDurationSeconds"]) == ("train.py", 9.0)
    assert answer.text.startswith("Run 'first' (")
    assert answer.text.endswith("is Queued.")


def test_the_script_gives_the_experiment_its_name(submit, tmp_path):
    (tmp_path / "train.py").write_text("")

    assert submit("train.py").value.experiment.name == "train"


def test_a_script_that_is_not_there_is_refused(submit):
    with pytest.raises(SubmissionError, match=r"There is no script 'train.py'"):
        submit("train.py")


def test_a_script_is_sent_to_a_compute_target(submit, workspace, tmp_path):
    (tmp_path / "train.py").write_text("")
    registry.create(workspace.store, "cpu", "aml_compute", {})

    assert submit("train.py", "--compute", "cpu").value.get_details()["target"] == "cpu"
    with pytest.raises(ComputeTargetError, match=r"no compute target 'cpx'\. Did you mean 'cpu'"):
        submit("train.py", "--compute", "cpx")


def test_an_environment_that_is_not_there_is_refused(submit, tmp_path):
    (tmp_path / "train.py").write_text("")
    with pytest.raises(EnvironmentNotFoundError, match="nothing-like-it"):
        submit("train.py", "--environment", "nothing-like-it")


def test_a_tag_without_a_value_is_refused(submit, tmp_path):
    (tmp_path / "train.py").write_text("")
    with pytest.raises(UsageError, match="--tag takes NAME=VALUE, not 'final'"):
        submit("train.py", "--tag", "final")
