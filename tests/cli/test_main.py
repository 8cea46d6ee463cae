from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import warnings

import pytest

from aml_magics._version import VERSION
from aml_magics.cli import main as cli
from aml_magics.commands._base import COMMANDS
from aml_magics.services.run import run as runs
from aml_magics.services.workspace.workspace import (
    create,
    list_workspaces,
    open_default,
    write_config,
)
from aml_magics.store.home import home
from aml_magics.warnings import NetworkFilesystemWarning


@pytest.fixture
def store():
    store, _ = open_default()
    runs.complete(store, runs.start(store, "digits", name="quick", params={"rate": 0.5}))
    return store


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"], ["help"], ["--help", "runs"]])
def test_alone_it_shows_every_command_and_makes_nothing(shell, words):
    result = shell(*words)

    assert result.returncode == 0
    assert result.stderr == ""
    for name in [*COMMANDS.names(), "demo", "doctor"]:
        assert f"\n  {name} " in result.stdout
    assert not home().exists()


def test_the_version_is_shown_without_loading_the_store(shell):
    result = shell("--version")

    assert (result.returncode, result.stdout) == (0, f"aml-magics {VERSION}\n")
    code = (
        "import sys; from aml_magics.cli.main import main; main(['--version']);"
        "print(sorted({'sqlalchemy', 'pandas', 'IPython'} & set(sys.modules)))"
    )
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert child.stdout.endswith("[]\n")


@pytest.mark.parametrize("words", [["help", "runs"], ["runs", "--help"], ["runs", "x", "-h"]])
def test_help_of_a_command_tells_its_options(shell, words):
    result = shell(*words)

    assert result.returncode == 0
    assert "usage: aml-magics runs" in result.stdout
    assert "--workspace NAME" in result.stdout


def test_runs_are_listed(shell, store):
    result = shell("runs")

    assert (result.returncode, result.stderr) == (0, "")
    assert "quick" in result.stdout


def test_a_run_is_shown(shell, store):
    result = shell("run", "quick")

    assert result.returncode == 0
    assert "rate" in result.stdout


def test_the_first_use_says_where_the_workspace_is(shell):
    result = shell("runs")

    assert result.returncode == 0
    assert f"made workspace 'default' in {home()}" in result.stderr
    assert "made workspace" not in result.stdout


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["rusn"], 2, "No command 'rusn'. Did you mean 'run'? `aml-magics --help` lists them."),
        (["doctr"], 2, "No command 'doctr'. Did you mean 'doctor'?"),
        (["help", "rusn"], 2, "No command 'rusn'. Did you mean 'run'?"),
        (["--vers"], 2, "`aml-magics` has no option '--vers'. Did you mean '--version'?"),
        (["--workspace"], 2, "cannot read --workspace: expected one argument."),
        (["runs", "--statu", "x"], 2, "has no option '--statu'. Did you mean '--status'?"),
        (["runs", "--limit", "x"], 2, "--limit: 'x' is no whole number from 1 up."),
        (["run"], 2, "`aml-magics run` needs RUN."),
        (["run", "quik"], 1, "No run 'quik' in workspace 'default'. Did you mean 'quick'?"),
        (["run", "quik"], 1, "`aml-magics runs` lists them."),
        (["--workspace", "defalt", "runs"], 1, "Did you mean 'default'?"),
        (["runs", "--workspace", "../x"], 1, "also names a folder, so '../x' cannot be used"),
    ],
)
def test_what_is_wrong_is_one_line_on_stderr(shell, store, words, code, message):
    result = shell(*words)

    assert result.returncode == code
    assert result.stdout == ""
    assert result.stderr.startswith("aml-magics: ")
    assert result.stderr.count("\n") == 1
    assert message in result.stderr


def test_a_workspace_is_chosen_before_or_after_the_command(shell, store):
    create("team")

    for words in (["--workspace", "team", "workspace"], ["workspace", "--workspace=team"]):
        assert "Workspace team" in shell(*words).stdout
    assert "Workspace team" in shell("--workspace=team", "workspace").stdout
    assert "Workspace default" in shell("workspace").stdout


def test_the_configuration_of_a_folder_chooses_the_workspace(shell, store, tmp_path):
    write_config(create("team"), tmp_path)

    assert "Workspace team" in shell("workspace").stdout


def test_a_workspace_is_made_without_making_the_default(shell):
    result = shell("workspace", "--create", "team")

    assert result.returncode == 0
    assert [record.name for record in list_workspaces()] == ["team"]


def test_a_corrupt_catalogue_is_one_line(shell, store):
    store.catalogue.close()
    for path in store.folder.glob("catalogue.db*"):
        path.write_bytes(b"no database" * 1000)

    result = shell("runs")

    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "not a database" in result.stderr


def test_a_terminal_without_utf_8_shows_question_marks(shell, store):
    runs.start(store, "digits", name="naïve")

    result = shell("runs", PYTHONIOENCODING="ascii")

    assert result.returncode == 0
    assert "na?ve" in result.stdout


def test_a_closed_pipe_ends_it_quietly(store):
    for number in range(20):
        runs.complete(store, runs.start(store, "digits", name=f"{'x' * 200}-{number}"))
    reader, writer = os.pipe()
    os.close(reader)
    child = subprocess.run(
        [sys.executable, "-m", "aml_magics", "runs"],
        stdout=writer, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(writer)

    assert (child.returncode, child.stderr) == (141, "")


def test_ctrl_c_ends_it_quietly(monkeypatch, capsys):
    def interrupt(_: list[str]) -> int:
        signal.raise_signal(signal.SIGINT)
        return 0

    monkeypatch.setattr(cli, "_dispatch", interrupt)

    assert cli.main([]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_warning_of_ours_is_one_line_and_others_stay_as_they_are(monkeypatch, capsys):
    def warn(_: list[str]) -> int:
        warnings.simplefilter("always")
        warnings.warn("the disk is far", NetworkFilesystemWarning, stacklevel=1)
        warnings.warn("something else", DeprecationWarning, stacklevel=1)
        return 0

    monkeypatch.setattr(cli, "_dispatch", warn)

    assert cli.main([]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "aml-magics: warning: the disk is far"
    assert "DeprecationWarning: something else" in lines[1]


def test_the_words_of_the_process_are_the_default(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["aml-magics", "--version"])

    assert cli.main() == 0
    assert capsys.readouterr().out == f"aml-magics {VERSION}\n"


def test_output_that_is_no_terminal_stream_is_left_alone(monkeypatch):
    monkeypatch.setattr("sys.stdout", io.StringIO())

    assert cli.main(["--version"]) == 0
