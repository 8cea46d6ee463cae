"""Code that is part of no submitted run: its run is kept like any other."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from aml_magics import Experiment, Run, Workspace
from aml_magics.errors import RunStateError
from aml_magics.sdk.run import context
from aml_magics.services.workspace import workspace as workspaces


def run_script(text: str, name: str = "train.py") -> subprocess.CompletedProcess[str]:
    Path(name).write_text(textwrap.dedent(text))
    return subprocess.run(
        [sys.executable, name], capture_output=True, text=True, check=False, env=os.environ
    )


def only_run(experiment: str = "train") -> Run:
    [run] = Workspace.from_config().experiments[experiment].get_runs()
    return run


def test_a_script_outside_any_run_gets_one_that_is_kept():
    Workspace.create("default")
    done = run_script("""
        from aml_magics import Run
        from aml_magics.sdk.run.offline_run import _OfflineRun
        run = Run.get_context()
        assert isinstance(run, _OfflineRun) and isinstance(run, Run)
        assert Run.get_context() is run
        run.log("accuracy", 0.9)
        assert run.experiment.workspace.name == "default"
    """)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
    run = only_run()
    assert (run.get_status(), run.get_metrics()) == ("Completed", {"accuracy": 0.9})
    assert run.id.startswith("OfflineRun_")  # by this, public code tells local from remote


def test_an_exception_that_ends_the_script_fails_its_run():
    done = run_script("""
        from aml_magics import Run
        Run.get_context().log("x", 1)
        raise ValueError("no data")
    """)
    assert "ValueError: no data" in done.stderr
    run = only_run()
    assert run.get_status() == "Failed"
    assert run.record.reason == "ValueError: no data"
    assert 'raise ValueError("no data")' in run.record.error.traceback


def test_a_script_may_complete_its_run_itself():
    run_script("""
        from aml_magics import Run
        run = Run.get_context()
        run.complete()
    """)
    assert only_run().get_status() == "Completed"


def test_the_experiment_may_be_named_by_the_environment(monkeypatch):
    monkeypatch.setenv("AML_MAGICS_EXPERIMENT", "chosen")
    run_script("from aml_magics import Run; Run.get_context()")
    assert only_run("chosen").get_status() == "Completed"


def test_offline_may_be_disallowed():
    with pytest.raises(RunStateError, match="This code is part of no run"):
        Run.get_context(allow_offline=False)


def test_an_entered_run_is_what_code_gets():
    run = Experiment(Workspace.create("w"), "e").start_logging()
    context.enter(run)
    try:
        assert Run.get_context() is run
    finally:
        context.leave(run)
    assert context.current() is not run


def test_a_forked_child_does_not_end_its_parents_run():
    done = run_script("""
        import os
        from aml_magics import Run
        run = Run.get_context()
        run.log("x", 1.0)
        child = os.fork()
        if child == 0:
            raise SystemExit(0)
        os.waitpid(child, 0)
        run.log("x", 2.0)
        assert run.get_status() == "Running"
    """)
    assert done.returncode == 0, done.stderr
    run = only_run()
    assert (run.get_status(), run.get_metrics()) == ("Completed", {"x": [1.0, 2.0]})


START = """
    import os, signal, sys
    from aml_magics import Run
    run = Run.get_context()
    run.log("x", 1.0)
    run.log("x", 2.0)
"""


@pytest.mark.parametrize(
    ("end", "code"),
    [
        ("sys.exit(1)", 1),
        ("sys.exit('no data')", 1),
        ("raise SystemExit(3)", 3),
        ("def main():\n        try:\n            sys.exit(4)\n        finally:\n            pass\n    main()", 4),
        ("import argparse; argparse.ArgumentParser().error('what?')", 2),
        ("child = os.fork() or sys.exit(0); os.waitpid(child, 0); sys.exit(5)", 5),
    ],
)  # fmt: skip
def test_a_script_that_ends_itself_with_a_code_fails_its_run(end, code):
    done = run_script(f"{START}    {end}\n")
    run = only_run()

    assert done.returncode == code
    assert run.get_status() == "Failed"
    assert run.record.reason == f"ExitCode: The script ended with exit code {code}."
    assert run.record.error.code == "ExitCode"
    assert run.get_metrics() == {"x": [1.0, 2.0]}
    assert list((Workspace.from_config().store.folder / "jobs").iterdir()) == []


@pytest.mark.parametrize(
    "end",
    [
        "sys.exit()",
        "sys.exit(0)",
        "exit()",
        "try:\n        sys.exit(1)\n    except SystemExit:\n        pass",
        "import atexit; atexit.register(print, 'bye')",
    ],
)
def test_a_script_that_ends_itself_well_completes_its_run(end):
    run_script(f"{START}    {end}\n")
    run = only_run()

    assert (run.get_status(), run.get_metrics()) == ("Completed", {"x": [1.0, 2.0]})
    assert list((Workspace.from_config().store.folder / "jobs").iterdir()) == []


def test_a_script_that_ended_itself_ran_until_then(monkeypatch):
    run_script(f"{START}    sys.exit(0)\n")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3_600)  # somebody looks an hour later
    run = only_run()

    assert run.get_status() == "Completed"
    assert run.record.ended <= now
    assert run.record.duration < 3_600


@pytest.mark.parametrize(
    "end",
    [
        "os._exit(0)",
        "os.abort()",
        "import ctypes; ctypes.string_at(0)",
        "import faulthandler; faulthandler.enable(); ctypes = __import__('ctypes'); ctypes.string_at(0)",
        "os.kill(os.getpid(), signal.SIGKILL)",
        "os.kill(os.getpid(), signal.SIGTERM)",
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(1)); os.kill(os.getpid(), signal.SIGTERM)",
    ],
)
def test_a_script_that_is_killed_or_crashes_fails_its_run(end):
    done = run_script(f"{START}    {end}\n")
    run = only_run()

    assert "Error in atexit" not in done.stderr
    assert (run.get_status(), run.get_metrics()) == ("Failed", {"x": [1.0, 2.0]})
    assert list((Workspace.from_config().store.folder / "jobs").iterdir()) == []


def test_a_module_that_is_executed_tells_its_code_too():
    Path("train.py").write_text(textwrap.dedent(f"{START}    sys.exit(3 if sys.argv[1:] else 0)"))
    for words in ([], ["x"]):
        subprocess.run([sys.executable, "-m", "train", *words], check=False, env=os.environ)
    failed, completed = Workspace.from_config().experiments["train"].get_runs()

    assert (failed.get_status(), completed.get_status()) == ("Failed", "Completed")


@pytest.mark.parametrize("end", ["pass", "sys.exit(3)", "raise ValueError", "run.complete()"])
def test_what_a_script_writes_to_outputs_and_logs_is_kept_with_its_run(end):
    Path("outputs").mkdir()
    older = Path("outputs/older.txt")
    older.write_text("of an earlier run")
    while time.time() < older.stat().st_ctime + 0.1:  # the start of a process is told in hundredths
        time.sleep(0.01)
    run_script(f"""
        import os, sys
        os.makedirs("logs/deep")
        open("logs/deep/early.txt", "w").write("before the run began")
        from aml_magics import Run
        run = Run.get_context()
        open("outputs/model.pkl", "w").write("model")
        open("elsewhere.txt", "w").write("x")
        {end}
    """)

    assert only_run().get_file_names() == ["logs/deep/early.txt", "outputs/model.pkl"]


def test_a_script_that_writes_no_file_gets_no_folder():
    run_script(START)

    assert only_run().get_file_names() == []
    assert not Path("outputs").exists()


def test_files_that_cannot_be_sent_at_the_very_end_are_told_and_the_run_ends_all_the_same(
    s3, monkeypatch
):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", s3.key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", s3.secret)
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3.endpoint)
    workspaces.create("default", artifacts=f"{s3.url}/runs")
    script = """
        import os, sys
        from aml_magics import Run
        run = Run.get_context()
        os.makedirs("outputs")
        open("outputs/model.pkl", "w").write("model")
    """
    done = run_script(script)
    first = only_run()

    assert (first.get_status(), first.get_file_names()) == ("Completed", [])
    assert "QuarantineWarning: Files in outputs and logs are not kept" in done.stderr
    assert "call run.complete() at the end of the script" in done.stderr

    done = run_script(f"{script.replace('makedirs', 'listdir')}    run.complete()\n")
    second = next(Workspace.from_config().experiments["train"].get_runs())
    assert (second.get_file_names(), done.stderr) == (["outputs/model.pkl"], "")
