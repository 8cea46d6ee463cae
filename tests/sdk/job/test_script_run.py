"""Submitted scripts as notebooks see them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aml_magics import Experiment, Run
from aml_magics.errors import RunStateError, SubmissionError
from aml_magics.sdk.environment.environment import Environment
from aml_magics.sdk.job.script_run import ScriptRun
from aml_magics.sdk.job.script_run_config import ScriptRunConfig
from aml_magics.services.run.log import DRIVER_LOG, LOG_NAME
from tests.sdk.conftest import FOREVER, text_of, until

# -- submitting -----------------------------------------------------------------------------------


def test_submit_prints_nothing_and_gives_a_script_run(submit, scripts, capfd):
    run = submit("print('x')", tags={"a": 1})

    assert capfd.readouterr() == ("", "")
    assert type(run) is ScriptRun
    assert run.id.startswith("scripts_")
    assert (run.type, run.name, run.number) == ("azureml.scriptrun", "scripts-1", 1)
    assert (run.experiment.name, run.experiment.workspace) == ("scripts", scripts.workspace)
    assert run.tags == {"a": "1"}
    assert run.get_portal_url() == f"aml-magics run {run.id}"
    run.wait_for_completion()
    assert [type(one) for one in scripts.get_runs()] == [ScriptRun]
    assert [type(one) for one in scripts.get_runs(type="azureml.scriptrun")] == [ScriptRun]
    assert type(Run.get(scripts.workspace, run.id)) is ScriptRun
    assert repr(run) == (
        f"Run(Experiment: scripts,\nId: {run.id},\nType: azureml.scriptrun,\nStatus: Completed)"
    )


def test_only_what_a_user_would_miss_is_said_to_be_left_out(scripts, source, capfd):
    folder = Path(source("print(1)"))
    for name in (".git", ".azureml", "outputs", "logs", ".venv", "__pycache__"):
        (folder / name).mkdir()
        (folder / name / "file").write_text("x")
    scripts.submit(ScriptRunConfig(str(folder), "train.py"))
    assert capfd.readouterr() == ("", "")

    (folder / ".env").write_text("KEY=1")
    run = scripts.submit(ScriptRunConfig(str(folder), "train.py"))
    assert capfd.readouterr() == (
        "", "Not part of the snapshot: .env (may hold secrets).\n",
    )  # fmt: skip
    assert ".git/ (history)" in run.get_snapshot()["warnings"]


@pytest.mark.parametrize("config", [None, "train.py", Environment("e")])
def test_what_is_no_configuration_is_not_submitted(scripts, config):
    with pytest.raises(SubmissionError, match="cannot be submitted; give a ScriptRunConfig, an"):
        scripts.submit(config)
    assert list(scripts.get_runs()) == []


def test_a_missing_script_is_refused_when_it_is_submitted(scripts, source):
    with pytest.raises(SubmissionError, match=r"no script 'trian.py' .* Did you mean 'train.py'"):
        scripts.submit(ScriptRunConfig(source(""), "trian.py"))


def test_a_child_is_submitted_and_found_below_its_parent(scripts, source):
    parent = scripts.start_logging()
    config = ScriptRunConfig(
        source("from azureml.core import Run\nprint(Run.get_context().parent.id)")
    )
    child = parent.submit_child(config, tags={"n": "1"})
    child.wait_for_completion()

    assert child.parent == parent
    assert text_of(child).strip() == parent.id
    assert [(one, type(one)) for one in parent.get_children()] == [(child, ScriptRun)]
    assert list(parent.get_children(tags={"n": "1"}, status="Completed")) == [child]
    parent.complete()


# -- details --------------------------------------------------------------------------------------


def test_details_say_what_was_to_be_run_in_plain_json(submit):
    environment = Environment("asis")
    environment.python.user_managed_dependencies = True
    environment.environment_variables = {"RATE": "1", "API_TOKEN": "hush-hush"}
    run = submit("print(1)", "--C", 0.01, "--max_iter", 400, environment=environment)
    details = run.wait_for_completion()

    assert json.loads(json.dumps(details)) == details
    assert (details["runId"], details["status"], details["target"]) == (
        run.id, "Completed", "local",
    )  # fmt: skip
    assert details["startTimeUtc"] <= details["endTimeUtc"]
    assert details["properties"]["ContentSnapshotId"] == run.get_snapshot_id()
    definition = details["runDefinition"]
    assert definition["arguments"] == ["--C", "0.01", "--max_iter", "400"]
    assert (definition["script"], definition["command"], definition["target"]) == (
        "train.py", "", "local",
    )  # fmt: skip
    assert (definition["framework"], definition["communicator"]) == ("Python", "None")
    assert definition["environment"]["name"] == "asis"
    assert definition["environment"]["version"].startswith("Autosave_")
    assert definition["environment"]["environmentVariables"]["RATE"] == "1"
    assert "hush" not in json.dumps(details)
    assert {"history", "spark", "docker", "mpi", "pyTorch", "tensorflow", "nodeCount"} <= set(
        definition
    )
    assert list(details["logFiles"]) == [DRIVER_LOG, LOG_NAME]
    assert run.get_environment().environment_variables == {"RATE": "1"}  # the run has ended
    assert run.get_environment().name == "asis"


def test_a_run_that_waits_has_not_started(scripts, submit, monkeypatch):
    monkeypatch.setenv("AML_MAGICS_SLOTS", "1")
    first, second = submit(FOREVER), submit("print(1)")
    until(lambda: text_of(first) == "started\n")
    assert second.get_status() == "Queued"
    assert second.get_details()["startTimeUtc"] == ""
    assert first.get_details()["startTimeUtc"] > ""
    second.cancel()
    assert second.get_details()["startTimeUtc"] == ""
    first.cancel()
    first.wait_for_completion(raise_on_error=False)


def test_a_command_is_shown_as_it_would_be_typed(scripts, source):
    config = ScriptRunConfig(source(""), command=["echo", "a b"])
    details = scripts.submit(config).wait_for_completion()

    assert (details["runDefinition"]["command"], details["runDefinition"]["script"]) == (
        "echo 'a b'", None,
    )  # fmt: skip


def test_a_run_without_an_environment_says_what_it_ran_with(submit):
    run = submit("print(1)")
    run.wait_for_completion()

    with pytest.raises(RunStateError, match="has no environment: it ran with the interpreter /"):
        run.get_environment()


def test_a_run_that_was_not_submitted_says_so():
    from aml_magics import Workspace

    run = Experiment(Workspace.create("w"), "e").start_logging()
    for ask in (run.get_environment, run.get_snapshot_id, run.restore_snapshot):
        with pytest.raises(RunStateError, match=r"'e-1' was not submitted, .* submits one"):
            ask()
    assert run.queue_position is None


# -- the folder -----------------------------------------------------------------------------------


def test_the_folder_is_kept_and_restored(scripts, source, tmp_path):
    folder = source("print(1)", **{"data.csv": "a,b"})
    first = scripts.submit(ScriptRunConfig(folder, "train.py"))
    again = scripts.submit(ScriptRunConfig(folder, "train.py"))
    Path(folder, "data.csv").write_text("changed")
    other = scripts.submit(ScriptRunConfig(folder, "train.py"))

    assert first.get_snapshot_id() == again.get_snapshot_id() != other.get_snapshot_id()
    place = Path(first.restore_snapshot(path=tmp_path / "back"))
    assert place == tmp_path / "back" / first.get_snapshot_id()
    assert (place / "data.csv").read_text() == "a,b"
    assert sorted(one.name for one in place.iterdir()) == ["data.csv", "train.py"]
    assert Path(first.restore_snapshot(first.get_snapshot_id())).parent == Path()
    with pytest.raises(RunStateError, match=f"has the snapshot {first.get_snapshot_id()}, not 'x'"):
        first.restore_snapshot("x")


def test_a_script_does_not_touch_the_folder_it_came_from(submit, source):
    run = submit("open('made.txt', 'w'); open('outputs/a.txt', 'w').write('a')")
    run.wait_for_completion()

    assert [one.name for one in Path(source("")).iterdir()] == ["train.py"]
    assert "outputs/a.txt" in run.get_file_names()


# -- logs and files -------------------------------------------------------------------------------


def test_the_logs_of_a_live_run_are_those_so_far(submit, tmp_path):
    run = submit(FOREVER)
    until(lambda: "started" in text_of(run))

    assert run.get_details_with_logs()["logFiles"] == {
        DRIVER_LOG: "started\n",
        LOG_NAME: "started\n",
    }
    assert list(run.get_details()["logFiles"]) == [DRIVER_LOG, LOG_NAME]
    paths = run.get_all_logs(destination=tmp_path / "live")
    assert [Path(one).read_text() for one in paths] == ["started\n"] * 2
    run.cancel()


def test_logs_and_files_are_copied_with_their_folders(submit, tmp_path):
    code = """
import os
print("said")
open("logs/own.log", "w").write("own")
os.makedirs("outputs/deep"); open("outputs/deep/a.txt", "w").write("a")
open("outputs/b.txt", "w").write("b")
"""
    run = submit(code)
    run.wait_for_completion()

    assert run.get_file_names() == [
        DRIVER_LOG, "logs/own.log", "outputs/b.txt", "outputs/deep/a.txt", LOG_NAME,
    ]  # fmt: skip
    paths = run.get_all_logs(destination="all")
    assert paths == [f"all/{DRIVER_LOG}", "all/logs/own.log", f"all/{LOG_NAME}"]
    assert [Path(one).read_text() for one in paths] == ["said\n", "own", "said\n"]
    assert run.get_details_with_logs()["logFiles"] == {
        DRIVER_LOG: "said\n",
        "logs/own.log": "own",
        LOG_NAME: "said\n",
    }
    run.download_files(prefix="outputs", output_directory="downloaded-files")
    found = sorted(
        one.relative_to(tmp_path).as_posix()
        for one in (tmp_path / "downloaded-files").rglob("*.txt")
    )
    assert found == ["downloaded-files/outputs/b.txt", "downloaded-files/outputs/deep/a.txt"]
    run.download_file("outputs/b.txt", output_file_path="b.txt")
    assert Path("b.txt").read_text() == "b"


# -- in the script --------------------------------------------------------------------------------


def test_a_script_finds_its_run_and_all_around_it(submit, scripts):
    scripts.workspace.get_default_keyvault().set_secrets({"api-key": "hush", "other": "x"})
    environment = Environment("asis")
    environment.python.user_managed_dependencies = True
    code = """
import json
from azureml.core import Run, Workspace
from azureml.core.run import _OfflineRun
run = Run.get_context()
assert run == Run.get_context(allow_offline=False) == Run.get_submitted_run()
assert isinstance(run, Run) and not isinstance(run, _OfflineRun)
assert run.experiment.workspace == Workspace.from_config()
run.log("AUC", 0.9)
run.log_list("l", [1, 2]); run.log_row("r", a=1, b=2.0)
print(json.dumps({
    "id": run.id, "experiment": run.experiment.name, "workspace": run.experiment.workspace.name,
    "parent": run.parent, "environment": run.get_environment().name, "status": run.get_status(),
    "arguments": run.get_details()["runDefinition"]["arguments"], "snapshot": run.get_snapshot_id(),
    "given": run.get_secret("api-key"), "secrets": run.get_secrets(["other", "none"]),
}))
run.complete()
"""
    run = submit(code, "--n", 3, environment=environment)
    run.wait_for_completion()

    assert json.loads(text_of(run)) == {
        "id": run.id,
        "experiment": "scripts",
        "workspace": "w",
        "parent": None,
        "environment": "asis",
        "status": "Running",
        "arguments": ["--n", "3"],
        "snapshot": run.get_snapshot_id(),
        "given": "hush",
        "secrets": {"other": "x", "none": None},
    }
    assert run.get_metrics() == {"AUC": 0.9, "l": [1, 2], "r": {"a": 1, "b": 2.0}}
    assert "hush" not in json.dumps(run.get_details())


def test_a_script_registers_what_it_has_just_written(submit, scripts):
    code = """
import os
from azureml.core import Run
run = Run.get_context()
open("outputs/model.pkl", "wb").write(b"not a pickle")
os.makedirs("outputs/folder"); open("outputs/folder/weights", "w").write("w")
open("aside.pkl", "w").write("x")
print(run.register_model("diabetes", "outputs/model.pkl", tags={"from": "script"}).id)
print(run.register_model("folder", "outputs/folder").id)
try: run.register_model("aside", "aside.pkl")
except Exception as error: print(type(error).__name__)
"""
    run = submit(code)
    run.wait_for_completion()

    assert text_of(run).split() == ["diabetes:1", "folder:1", "ArtifactNotFoundError"]
    model = scripts.workspace.models["diabetes"]
    assert (model.tags, model.run_id, model.run) == ({"from": "script"}, run.id, run)
    assert Path(model.download("got")).read_bytes() == b"not a pickle"


def test_outside_of_a_run_there_is_no_submitted_one(scripts):
    with pytest.raises(RunStateError, match="This code is part of no run"):
        Run.get_submitted_run()
