"""``%%aml_sweep``: what a cell becomes; nobody but the test runs its trials."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from aml_magics.magics.remote.sweep import without_effect
from aml_magics.records.status import RunStatus
from aml_magics.sdk.run.context import RUN_VARIABLE, WORKSPACE_VARIABLE
from aml_magics.sdk.sweep.hyperdrive_run import HyperDriveRun
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.job import source
from aml_magics.services.job.attachment import given_path
from aml_magics.services.job.submission import SOURCE_VARIABLE
from aml_magics.services.run import code_snapshot
from aml_magics.services.run import run as runs
from aml_magics.services.run.search import search
from tests.services.sweep.in_process import controlled, without_processes

LINE = "tune --param lr=choice(0.5) depth=choice(4,x) --metric acc --goal maximize --sampler grid"
CELL = """\
assert run.parameters["lr"] == lr
run.log("acc", lr * factor)
print("with", lr, repr(depth))
"""


@pytest.fixture
def swept(shell, tmp_path, monkeypatch):
    """A shell with the extension in a workspace of its own."""
    without_processes(monkeypatch)
    monkeypatch.chdir(tmp_path)
    Workspace.create("lab").write_config()
    shell.run_line_magic("load_ext", "aml_magics")
    shell.run_cell("factor, lr, unused = 3, object, open")
    yield shell
    shell.run_line_magic("unload_ext", "aml_magics")


def test_a_cell_becomes_trials_whose_parameters_are_variables(swept, tmp_path, capsys):
    result = swept.run_cell(f"%%aml_sweep {LINE} --experiment e --out best\n{CELL}")
    assert result.success, result.error_in_exec or result.error_before_exec
    assert "Taken along: factor" in capsys.readouterr().err

    sweep = swept.user_ns["best"]
    assert isinstance(sweep, HyperDriveRun)
    store = sweep._workspace.store
    assert (sweep.name, sweep.experiment.name) == ("tune", "e")
    assert code_snapshot.of(store, sweep.record)["source"].startswith("%%aml_sweep tune")
    with controlled(store, sweep.id) as one:
        one.round()
        trials = [one.trial(number) for number in range(2)]
        assert [trial.params["depth"] for trial in trials] == [4, "x"]
        assert all(given_path(store, trial.id).exists() for trial in trials)
        for trial in trials:
            claimed = runs.claim(store, trial.key)
            assert claimed.status is RunStatus.PREPARING
        printed = run_worker(store, trials[1].id, tmp_path / "cell")
        assert "with 0.5 'x'" in printed
        for number in range(2):
            one.end(number)
        one.finish()
    assert [row["best_primary_metric"] for row in sweep.get_children_sorted_by_primary_metric()] == [
        1.5, None,
    ]  # fmt: skip


def run_worker(store, run_id, folder):
    """Be the worker of a trial: its cell in a process of its own."""
    with store.catalogue.read() as connection:
        parent = runs.get(store, run_id.rpartition("_")[0])
        files = store.sources.of(connection, parent.key)

    folder.mkdir()
    source.restore(store, tuple(files), folder)
    variables = {
        RUN_VARIABLE: run_id,
        WORKSPACE_VARIABLE: store.record.name,
        SOURCE_VARIABLE: str(folder),
    }
    done = subprocess.run(
        [sys.executable, "-m", "aml_magics.magics.remote.worker", "--lr", "0.5"],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("cell", "error"),
    [
        ("%%aml_sweep --param lr=unifrm(0,1) --metric a --goal minimize\nlr", "SweepError"),
        (f"%%aml_sweep {LINE} --compute nowhere\nlr", "ComputeTargetNotFoundError"),
        (f"%%aml_sweep {LINE}\nlr = (", "SyntaxError"),
        (f"%%aml_sweep {LINE}\n# nothing", "UsageError"),
        (f"%%aml_sweep {LINE}\nunused, lr", "UsageError"),
        ("%%aml_sweep\nlr", "UsageError"),
    ],
)
def test_a_cell_that_cannot_be_swept_leaves_no_run(swept, cell, error):
    if error == "UsageError" and "unused" in cell:
        swept.user_ns["unused"] = (one for one in ())  # a generator cannot be pickled
    result = swept.run_cell(cell)
    raised = result.error_before_exec or result.error_in_exec
    assert type(raised).__name__ == error
    assert search(Workspace.from_config().store) == []


def test_help_is_printed(swept, capsys):
    assert swept.run_cell("%%aml_sweep --help\nx = 1").success
    assert "values of a parameter:" in capsys.readouterr().out


def test_a_parameter_without_an_effect_is_told_of(swept, capsys):
    swept.run_cell(f"%%aml_sweep {LINE} --quiet\nlr = 0.1\nprint(lr)")
    told = capsys.readouterr().err
    assert "does not name its parameter 'depth'" in told
    assert "sets its parameter 'lr' before it reads it" in told
    swept.user_ns["sweep"].cancel()


def test_fewer_trials_than_asked_for_are_told_of_where_no_panel_says_so(swept, capsys):
    for option, count in (("--quiet", 1), ("", 0)):
        swept.run_cell(f"%%aml_sweep {LINE} {option}\nprint(lr, depth)")
        assert capsys.readouterr().err.count("Trials of this sweep: 2, as its") == count


def test_a_sweep_of_very_many_trials_is_told_of_once(swept, capsys):
    line = LINE.replace("choice(0.5)", "uniform(0,1)").replace(
        "--sampler grid", "--max-runs 100000"
    )
    swept.run_cell(f"%%aml_sweep {line} --quiet\nprint(lr, depth)")
    said = capsys.readouterr().err
    assert said.count("this one asks for 100,000") == 1
    assert "--max-runs takes fewer" in said
    swept.run_cell(f"%%aml_sweep {LINE} --max-runs 100000 --quiet\nprint(lr, depth)")
    assert "asks for" not in capsys.readouterr().err  # there are two


def test_a_line_goes_on_behind_a_backslash(swept):
    first, second = LINE.split(" --metric")
    line = f"{first} \\\n  --metric{second} \\\n  --quiet"
    assert swept.run_cell(f"%%aml_sweep {line}\nprint(lr, depth)").success
    assert swept.user_ns["sweep"].name == "tune"


@pytest.mark.parametrize(
    ("python", "told"),
    [
        ("lr = lr * 2", ""),
        ("get_ipython().system('train {lr}')", ""),
        ("lr = run.parameters['lr']", ""),
        ("def f():\n    lr = 1\nprint(lr)", ""),
        ("fit(lrate)", "does not name its parameter 'lr'"),
        ("lr = 0.1\nfit(lr)", "sets its parameter 'lr' before it reads it"),
    ],
)
def test_only_a_parameter_without_an_effect_is_told_of(python, told):
    said = "".join(without_effect(["lr"], python, python))
    assert told in said if told else said == ""
