"""Code that is part of no submitted run: its run is kept like any other."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from aml_magics import Experiment, Run, Workspace
from aml_magics.errors import RunStateError
from aml_magics.sdk import context


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
        from aml_magics.sdk.offline_run import _OfflineRun
        run = Run.get_context()
        assert isinstance(run, _OfflineRun) and isinstance(run, Run)
        assert Run.get_context() is run
        run.log("accuracy", 0.9)
        assert run.experiment.workspace.name == "default"
    """)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
    run = only_run()
    assert (run.get_status(), run.get_metrics()) == ("Completed", {"accuracy": 0.9})


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
