from __future__ import annotations

import json

import pytest

from aml_magics._namespace import OLD_NUMPY
from aml_magics.errors import SubmissionError
from aml_magics.records.status import RunStatus
from aml_magics.services.job import submission
from aml_magics.services.job.submission import Submission, arguments_as_params
from aml_magics.services.run import artifact, metric
from aml_magics.services.run.log import DRIVER_LOG, LOG_NAME, read_log
from aml_magics.views.run.log import log_page_view
from tests.workers.conftest import ended, kill, now, schedulers, until, worker_of


def names(store, run):
    return [one.name for one in artifact.files(store, run)]


def test_a_script_runs_with_its_arguments_as_they_are(store, submit):
    code = "import sys, json; print(json.dumps(sys.argv[1:]))"
    words = ["--text", "a b", "it's", '"q"', "$HOME", "0.1; touch x", "*", "", "-x=1\n2"]
    run = ended(store, submit(code, *words))

    assert run.status is RunStatus.COMPLETED
    assert json.loads(read_log(store, run)) == words


def test_old_names_of_numpy_are_there_unless_the_run_says_no(store, submit):
    code = "import numpy as np\nprint(hasattr(np, 'float'))\nfrom azureml.core import Run\nprint(np.array([1], np.float))"
    run = ended(store, submit(code))
    without = ended(store, submit(code, variables={OLD_NUMPY: "0"}))

    assert run.status is RunStatus.COMPLETED
    assert read_log(store, run).splitlines()[-2:] == ["True", "[1.]"]
    assert read_log(store, run).count("aml_magics gives float") == 1
    assert without.status is RunStatus.FAILED
    assert "has no attribute 'float'" in read_log(store, without)


def test_what_a_script_logs_writes_and_prints_is_kept(store, submit):
    code = """
from azureml.core import Run
run = Run.get_context()
assert type(run).__name__ == "_SubmittedRun"
for i in range(100):
    run.log("loss", 1 / (i + 1))
run.tag("stage", "final")
open("outputs/model.pkl", "w").write("model")
import os; os.makedirs("logs/deep"); open("logs/deep/x.log", "w").write("x")
open("elsewhere.txt", "w").write("x")
run.complete()
print("after complete")
run.log("late", 1)
"""
    run = ended(store, submit(code))

    assert run.status is RunStatus.COMPLETED, read_log(store, run)
    assert names(store, run) == [DRIVER_LOG, "logs/deep/x.log", "outputs/model.pkl", LOG_NAME]
    found = metric.get_metrics(store, run)
    assert len(found["loss"]) == 100
    assert found["late"] == 1
    assert run.tags == {"stage": "final"}
    assert "after complete" in read_log(store, run)
    assert run.duration > 0


def test_a_script_finds_the_workspace_and_the_files_beside_it(store, tmp_path):
    folder = tmp_path / "project"
    (folder / "package").mkdir(parents=True)
    (folder / "package" / "part.py").write_text("NAME = 'part'\n")
    (folder / "main.py").write_text(
        "from package.part import NAME\nfrom aml_magics import Workspace\n"
        "print(NAME, Workspace.from_config().name, __import__('os').environ['AZUREML_RUN_ID'])\n"
    )
    run = submission.submit(store, "project", Submission(folder, script="main.py"))[0]
    run = ended(store, run)

    assert read_log(store, run).split() == ["part", store.record.name, run.id]
    assert run.id.startswith("project_")
    assert run.type == "azureml.scriptrun"


def test_an_exception_of_the_script_is_the_error_of_the_run(store, submit):
    run = ended(store, submit("def f():\n    raise ValueError('bad\\nrate')\nf()\n"))

    assert run.status is RunStatus.FAILED
    assert run.reason == "ValueError: bad"
    assert (run.error.code, run.error.message) == ("ValueError", "bad\nrate")
    assert "line 2, in f" in run.error.traceback


def test_a_syntax_error_is_the_error_of_the_run(store, submit):
    run = ended(store, submit("print('never')\nif x\n"))

    assert (run.status, run.error.code) == (RunStatus.FAILED, "SyntaxError")
    assert "never" not in read_log(store, run)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (
            "import sys; print('no good'); sys.exit(3)",
            "ExitCode: The script ended with exit code 3.",
        ),
        ("import os; os.kill(os.getpid(), 9)", "SIGKILL: The script was ended by SIGKILL."),
        ("import os; os.abort()", "SIGABRT: The script was ended by SIGABRT."),
    ],
)
def test_a_script_that_ends_badly_is_failed_with_the_reason(store, submit, code, reason):
    run = ended(store, submit(code))

    assert run.status is RunStatus.FAILED
    assert run.reason.startswith(reason)


def test_run_fail_in_the_script_fails_the_run_at_its_end(store, submit):
    code = "from aml_magics import Run\nRun.get_context().fail('not good enough', 'Quality')\nprint('goes on')"
    run = ended(store, submit(code))

    assert (run.status, run.reason) == (RunStatus.FAILED, "Quality: not good enough")
    assert "goes on" in read_log(store, run)


def test_a_command_is_executed_without_a_shell(store, tmp_path):
    (tmp_path / "f").mkdir()
    asked = Submission(tmp_path / "f", command=("echo", "$HOME", "&&", "x"), arguments=("y",))
    run = ended(store, submission.submit(store, "c", asked)[0])

    assert read_log(store, run) == "$HOME && x y\n"


def test_a_command_that_is_not_there_is_said(store, tmp_path):
    (tmp_path / "f").mkdir()
    asked = Submission(tmp_path / "f", command=("no-such-program",))
    run = ended(store, submission.submit(store, "c", asked)[0])

    assert run.status is RunStatus.FAILED
    assert run.error.message == "'no-such-program' cannot be executed: No such file or directory"


def test_binary_output_and_a_child_that_is_killed_do_no_harm(store, submit):
    code = """
import subprocess, sys, os
sys.stdout.buffer.write(bytes(range(256)) * 100); sys.stdout.flush()
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
child.kill(); child.wait()
"""
    run = ended(store, submit(code))

    assert run.status is RunStatus.COMPLETED


def test_what_a_script_leaves_running_ends_with_it(store, submit):
    code = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)
print("left")
"""
    from tests.workers.conftest import processes_of

    run = ended(store, submit(code))

    assert run.status is RunStatus.COMPLETED
    assert processes_of(run) == []


def test_outputs_appear_while_the_script_runs(store, submit):
    code = (
        "import time; open('outputs/early.txt', 'w').write('x'); print('written'); time.sleep(600)"
    )
    run = submit(code)
    until(lambda: "outputs/early.txt" in names(store, run))

    assert now(store, run).status is RunStatus.RUNNING
    from aml_magics.services.run.cancel import cancel

    cancel(store, now(store, run))
    assert ended(store, run).status is RunStatus.CANCELED


def test_what_a_script_takes_of_the_machine_is_logged_apart(store, submit):
    code = "import time; x = bytearray(80_000_000); time.sleep(2.5)"
    run = ended(store, submit(code))

    assert metric.get_metrics(store, run) == {}
    memory = metric.get_metrics(store, run, "system/memory_mb")["system/memory_mb"]
    assert max(memory if isinstance(memory, list) else [memory]) > 80


def test_a_run_that_takes_too_long_is_canceled(store, submit):
    run = ended(store, submit("import time; time.sleep(600)", max_seconds=1.0))

    assert run.status is RunStatus.CANCELED
    assert run.reason == "It took longer than max_run_duration_seconds=1."


def test_the_environment_is_that_of_who_submitted_and_leaves_no_file(store, submit, monkeypatch):
    monkeypatch.setenv("MY_TOKEN", "hush-hush")
    run = ended(
        store,
        submit(
            "import os; print(os.environ['MY_TOKEN'] == 'hush-hush', os.environ['OWN'])",
            variables={"OWN": "1"},
        ),
    )

    assert read_log(store, run) == "True 1\n"
    assert list((store.folder / "jobs").iterdir()) == []
    with store.catalogue.read() as connection:
        assert "hush" not in repr(store.jobs.get(connection, run.key))


def test_a_missing_script_is_refused_and_makes_no_run(store, tmp_path):
    (tmp_path / "train.py").write_text("")
    with pytest.raises(
        SubmissionError, match=r"There is no script 'trian.py' .* Did you mean 'train.py'\?"
    ):
        submission.submit(store, "x", Submission(tmp_path, script="trian.py"))
    with pytest.raises(SubmissionError, match="must be a path below source_directory"):
        submission.submit(store, "x", Submission(tmp_path, script="../train.py"))
    with pytest.raises(SubmissionError, match="needs a script or a command"):
        submission.submit(store, "x", Submission(tmp_path))
    assert schedulers(store) == []


def test_a_script_that_is_ignored_is_refused(store, tmp_path):
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "train.py").write_text("")
    (folder / ".amlignore").write_text("train.*\n")
    with pytest.raises(SubmissionError, match=r"script 'train.py' is left out of the snapshot"):
        submission.submit(store, "x", Submission(folder, script="train.py"))


def test_options_of_a_command_line_become_parameters():
    words = (
        "--rate",
        "0.1",
        "--epochs=3",
        "--fast",
        "--name",
        "a b",
        "-C",
        "1e-3",
        "file",
        "--on",
        "True",
    )

    assert arguments_as_params(words) == {
        "rate": 0.1, "epochs": 3, "fast": True, "name": "a b", "C": 1e-3, "on": True,
    }  # fmt: skip


def test_fifty_scripts_take_their_turns(store, submit):
    queued = [submit("print('x')") for _ in range(12)]
    done = [ended(store, run) for run in queued]

    assert {run.status for run in done} == {RunStatus.COMPLETED}
    starts = [run.started for run in done]
    assert max(starts[:2]) < min(starts[8:])


_TWO_LINES = """
import os, sys, time
print(time.time())
while not os.path.exists(sys.argv[1]):
    time.sleep(0.05)
print(time.time())
print("partly", end="")
"""


def until_timed(store, run):
    """Wait until the time of the first line is known."""
    until(lambda: any(log_page_view(store, now(store, run), has_times=True).times))


def test_what_a_script_prints_has_the_time_at_which_it_was_printed(store, submit, tmp_path):
    run = submit(_TWO_LINES, str(tmp_path / "go"))
    until_timed(store, run)
    (tmp_path / "go").touch()
    run = ended(store, run)

    for name in (LOG_NAME, DRIVER_LOG):
        page = log_page_view(store, run, name, has_times=True)
        assert page.lines[2] == "partly"
        said = [float(line) for line in page.lines[:2]]
        seen = [time / 1_000 for time in page.times]
        assert said[0] - 0.01 <= seen[0] <= said[1]
        assert said[1] - 0.01 <= seen[1] <= seen[2] <= run.ended
    assert names(store, run) == [DRIVER_LOG, LOG_NAME]


def test_times_outlive_a_killed_worker_as_the_log_does(store, submit, tmp_path):
    run = submit(_TWO_LINES, str(tmp_path / "go"))
    until_timed(store, run)
    kill(worker_of(store, run))
    run = ended(store, run)

    assert run.status is RunStatus.FAILED
    assert len(log_page_view(store, run, has_times=True).times) == 1
    assert None not in log_page_view(store, run, has_times=True).times
