from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aml_magics.commands.submit import SubmitCommand, submit_script
from aml_magics.magics.options import read_options
from aml_magics.records.data.data_use import DataUse
from aml_magics.records.job import JobRecord
from aml_magics.sdk.job.script_run_config import ScriptRunConfig
from aml_magics.sdk.run.experiment import Experiment
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.run import code_snapshot, run
from aml_magics.views.run.code import magic_word, run_code_view

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


def started(store: Store, source: str = "", run_id: str | None = None) -> RunRecord:
    record = run.start(store, "digits", run_id=run_id)
    if source:
        code_snapshot.put(store, record, {"source": source})
    return record


def submitted(store: Store, **fields: object) -> RunRecord:
    record = run.start(store, "my digits")
    job = replace(JobRecord(record.key, "here", script="train.py"), **fields)  # type: ignore[arg-type]
    store.catalogue.transact(lambda connection: store.jobs.add(connection, job))
    return record


def test_the_handle_of_a_run_is_got_by_code_that_runs_anywhere(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = started(sqlite_store, run_id='a "b" \\ c')
    workspace = Workspace._of(sqlite_store)
    monkeypatch.setattr(Workspace, "get", lambda name: workspace if name else None)
    names: dict[str, object] = {}
    exec(run_code_view(sqlite_store, record).handle, names)

    assert names["run"].id == record.id  # type: ignore[attr-defined]


def test_a_cell_runs_again_as_it_was_and_goes_on_by_its_id(sqlite_store: Store) -> None:
    record = started(
        sqlite_store,
        "%%aml_run 'the first' --param lr=0.1 'a=b c' --compute local\nrun.log('x', 1)\n",
    )
    view = run_code_view(sqlite_store, record)
    line, body = view.resume.split("\n", 1)
    options = read_options(shlex.split(line)[1:])

    assert view.again.startswith("%%aml_run 'the first' --param lr=0.1 'a=b c' --compute local\n")
    assert (options.resume, body) == (record.id, "run.log('x', 1)\n")
    assert options.params == {"lr": 0.1, "a": "b c"}


@pytest.mark.parametrize("resume", ["--resume abc", "--resume=abc", "--resume 'a b'"])
def test_a_cell_that_went_on_with_a_run_begins_a_new_one_when_it_runs_again(
    sqlite_store: Store, resume: str
) -> None:
    record = started(sqlite_store, f"%%aml_run {resume} --quiet\npass\n")
    view = run_code_view(sqlite_store, record)

    assert view.again == "%%aml_run --quiet\npass\n"
    assert view.resume == f"%%aml_run --resume {record.id} --quiet\npass\n"


def test_a_script_is_submitted_again_by_one_line(sqlite_store: Store) -> None:
    record = submitted(
        sqlite_store,
        arguments=("--rate", "0.1", "a b"),
        environment={"name": "sklearn"},
        max_seconds=60.0,
    )

    assert run_code_view(sqlite_store, record).again == (
        "%aml submit train.py --experiment 'my digits' --environment sklearn --max-seconds 60 "
        "--args --rate 0.1 'a b'"
    )
    assert run_code_view(sqlite_store, record).resume == ""


def test_a_script_is_submitted_again_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace.create("lab")
    folder = tmp_path / "my code"
    (folder / "steps").mkdir(parents=True)
    (folder / "steps" / "train.py").write_text("print(1)")
    (folder / "run.py").write_text("print(1)")
    elsewhere = tmp_path / "notebooks"
    elsewhere.mkdir()
    monkeypatch.chdir(tmp_path)
    for script in ("steps/train.py", "run.py"):
        config = ScriptRunConfig("my code", script=script)
        first = Experiment(workspace, "digits").submit(config)
        monkeypatch.chdir(elsewhere)
        line = run_code_view(workspace.store, first.record).again
        words = shlex.split(line.removeprefix("%aml submit"))
        again = submit_script(workspace, SubmitCommand().parser("submit").parse_args(words))
        monkeypatch.chdir(tmp_path)

        assert again.get_snapshot_id() == first.get_snapshot_id()
        assert again._job().script == script
        for one in (first, again):
            one.cancel()


def test_what_a_line_cannot_say_is_not_said_by_half(sqlite_store: Store) -> None:
    for fields in ({"command": ("ls",)}, {"variables": {"A": "b"}}, {"script": None}):
        assert run_code_view(sqlite_store, submitted(sqlite_store, **fields)).again == ""
    assert JobRecord(1, "here").data == DataUse()


def test_a_run_without_code_can_be_gone_on_with(sqlite_store: Store) -> None:
    view = run_code_view(sqlite_store, started(sqlite_store))

    assert view.again == ""
    assert view.resume.startswith("%%aml_run --resume ")


@pytest.mark.parametrize("text", ["$HOME", "{1 + 1}", '${x}"', "a{b\\"])
def test_a_word_with_signs_of_a_magic_is_an_expression_for_itself(text: str) -> None:
    word = magic_word(text)

    assert (word[0], word[-1], "$" in word) == ("{", "}", False)
    assert eval(word[1:-1]) == text
