"""MLflow in programs of its own: found by entry points, silent, ended truly."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from aml_magics import Experiment, Workspace
from aml_magics.services.job.submission import FAILURE_FILE
from aml_magics.services.run.recovery import recover

SILENT = """
    import socket
    def refuse(*words, **more):
        raise AssertionError(f"something was to leave the machine: {words}")
    socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
"""


@pytest.fixture
def quiet_ws():
    return Workspace.create("w")


def test_importing_the_package_does_not_import_mlflow(program):
    done = program("import sys, aml_magics, aml_magics.sdk.run.run; print('mlflow' in sys.modules)")
    assert done.stdout == "False\n", done.stderr


def test_importing_mlflow_imports_no_database(program):
    code = "import sys, mlflow; print('aml_magics.mlflow.plugin' in sys.modules, 'aml_magics.store.store' in sys.modules)"
    assert program(code).stdout == "True False\n"


def test_nothing_leaves_the_machine(program, quiet_ws):
    done = program(
        SILENT
        + """
    import threading, mlflow
    mlflow.set_tracking_uri("aml-magics://w")
    mlflow.autolog(silent=True)
    mlflow.set_experiment("e")
    with mlflow.start_run():
        mlflow.log_metric("x", 1)
        mlflow.log_text("t", "t.txt")
    from mlflow.telemetry import get_telemetry_client
    print(get_telemetry_client(), [t.name for t in threading.enumerate() if "elemetry" in t.name])
    """
    )
    assert done.stdout == "None []\n", done.stderr


def test_telemetry_that_runs_already_is_ended(program, quiet_ws):
    done = program(
        SILENT
        + """
    import os
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "false"  # as where our entry points are not installed
    import mlflow
    from mlflow.telemetry import get_telemetry_client
    print(get_telemetry_client() is None)
    del os.environ["MLFLOW_DISABLE_TELEMETRY"]
    from aml_magics import Workspace
    mlflow.set_tracking_uri(Workspace.get("w").get_mlflow_tracking_uri())
    print(get_telemetry_client() is None)
    """
    )
    assert done.stdout == "False\nTrue\n", done.stderr


def test_who_asks_for_telemetry_keeps_it(program, quiet_ws):
    code = """
    import mlflow
    from mlflow.telemetry import get_telemetry_client
    print(get_telemetry_client() is None)
    """
    assert program(code, MLFLOW_DISABLE_TELEMETRY="false").stdout == "False\n"


def test_a_program_that_does_not_end_its_run_completes_it(program, quiet_ws):
    done = program(
        """
        import mlflow
        mlflow.set_tracking_uri("aml-magics://w")
        print(mlflow.start_run().info.run_id)
        mlflow.log_metric("x", 1)
        """
    )
    run = quiet_ws.get_run(done.stdout.strip())
    assert (run.get_status(), run.get_metrics()) == ("Completed", {"x": 1.0})


def test_a_program_that_dies_of_an_exception_fails_its_run(program, quiet_ws):
    done = program(
        """
        import mlflow
        mlflow.set_tracking_uri("aml-magics://w")
        print(mlflow.start_run().info.run_id)
        1 / 0
        """
    )
    run = quiet_ws.get_run(done.stdout.strip())
    assert run.get_status() == "Failed"
    assert run.record.error.code == "ZeroDivisionError"


def test_a_killed_program_fails_its_run_and_loses_no_point(environ, quiet_ws):
    code = """if True:
        import mlflow, time
        mlflow.set_tracking_uri("aml-magics://w")
        id_ = mlflow.start_run().info.run_id
        mlflow.log_metrics({"x": 1, "y": 2})
        print(id_, flush=True)
        time.sleep(600)
    """
    with subprocess.Popen(
        [sys.executable, "-c", code], env=environ, stdout=subprocess.PIPE, text=True
    ) as process:
        id_ = process.stdout.readline().strip()
        process.send_signal(signal.SIGKILL)
    recover(quiet_ws.store)
    run = quiet_ws.get_run(id_)
    assert run.get_status() == "Failed"
    assert "is gone" in run.record.reason
    assert run.get_metrics() == {"x": 1.0, "y": 2.0}


# -- a submitted script: the run is its worker's ------------------------------------------------


@pytest.fixture
def submitted(quiet_ws):
    run = Experiment(quiet_ws, "e").start_logging()
    yield (
        run,
        {
            "AML_MAGICS_WORKSPACE": "w",
            "AML_MAGICS_SOURCE": str(Path.cwd()),
            "AZUREML_RUN_ID": run.id,
            "MLFLOW_TRACKING_URI": "aml-magics://w",
            "MLFLOW_RUN_ID": run.id,
            "MLFLOW_EXPERIMENT_NAME": "e",
        },
    )
    run.complete()


def test_the_active_run_of_a_submitted_script_is_the_submitted_one(program, submitted):
    run, variables = submitted
    done = program(
        """
        import mlflow
        with mlflow.start_run() as active:
            print(active.info.run_id)
            mlflow.log_metric("x", 1)
        with mlflow.start_run() as active:
            mlflow.log_metric("y", 1)
        """,
        **variables,
    )
    assert done.stdout.strip() == run.id, done.stderr
    assert (run.get_status(), run.get_metrics()) == ("Running", {"x": 1.0})
    [child] = run.get_children()
    assert (child.get_status(), child.get_metrics()) == ("Completed", {"y": 1.0})
    assert not Path(FAILURE_FILE).exists()


def test_logging_without_a_start_goes_to_the_submitted_run(program, submitted):
    run, variables = submitted
    done = program(
        "import mlflow; mlflow.log_metric('x', 1); mlflow.log_param('p', 1)", **variables
    )
    assert not done.stderr
    assert (run.get_status(), run.get_metrics()) == ("Running", {"x": 1.0})


def test_a_submitted_script_says_that_it_failed(program, submitted):
    run, variables = submitted
    code = """
    import mlflow
    try:
        with mlflow.start_run():
            raise ValueError("too few rows")
    except ValueError:
        pass
    """
    done = program(code, **variables)
    assert not done.stderr
    assert run.get_status() == "Running"
    said = json.loads(Path(FAILURE_FILE).read_text())
    assert (said["code"], said["message"]) == ("ValueError", "too few rows")
    assert 'raise ValueError("too few rows")' in said["traceback"] or "line 5" in said["traceback"]


@pytest.mark.parametrize("status", ["FAILED", "KILLED"])
def test_a_submitted_script_can_end_its_run_badly_by_a_word(program, submitted, status):
    run, variables = submitted
    program(f"import mlflow; mlflow.start_run(); mlflow.end_run({status!r})", **variables)
    assert run.get_status() == "Running"
    assert f"told MLflow that the run is {status}" in Path(FAILURE_FILE).read_text()


def test_a_submitted_script_that_dies_leaves_the_word_to_its_worker(program, submitted):
    run, variables = submitted
    done = program("import mlflow; mlflow.start_run(); 1 / 0", **variables)
    assert "ZeroDivisionError" in done.stderr
    assert run.get_status() == "Running"
    assert not Path(FAILURE_FILE).exists()
