"""Outputs that could not be sent when their run ended, and that are sent later."""

from __future__ import annotations

import pytest

from aml_magics import Run, Workspace
from aml_magics.errors import DataAccessError, DataNotFoundError, RunStateError
from aml_magics.records.data.data_use import DataFolder, DataOutput, DataUse, OutputResult
from aml_magics.records.status import RunStatus
from aml_magics.services.data import dataset
from aml_magics.services.data.store import datastore
from aml_magics.services.doctor import doctor
from aml_magics.services.doctor.checks._base import Level
from aml_magics.services.run import artifact, experiment
from aml_magics.services.run import run as runs
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.log import read_log
from aml_magics.views.run.run import run_view
from tests.workers.conftest import ended, kill, until, worker_of

WRITE = """
import os, sys
for place in sys.argv[1:]:
    os.makedirs(place + "/deep", exist_ok=True)
    open(place + "/a.csv", "w").write("a\\n1\\n")
    open(place + "/deep/b.csv", "w").write("a\\n2\\n")
"""
REGISTERED = (OutputResult("made", "by a run", {}, "delimited", {"separator": ","}),)


@pytest.fixture
def place(store, tmp_path):
    """The folder of the datastore ``far``."""
    folder = tmp_path / "far"
    folder.mkdir()
    datastore.register(store, "far", "url", {"url": folder.as_uri()})
    return folder


@pytest.fixture
def away(place):
    """Takes the datastore ``far`` away and puts it back."""

    class Away:
        def go(self):
            place.rename(place.with_name("elsewhere"))
            place.write_text("in its place")

        def come(self):
            place.unlink()
            place.with_name("elsewhere").rename(place)

    return Away()


def handle(store, run):
    return Run.get(Workspace.get(store.record.name), run.id)


def kept(store, run):
    folder = store.folder / "unsent" / run.id
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())


def submitted(store, submit, code, **data):
    use = DataUse(**data)
    return ended(store, submit(code, *(one.placeholder for one in use.parts), data=use))


def test_outputs_are_kept_while_their_datastore_is_away_and_sent_when_it_is_back(
    store, submit, place, away
):
    output = DataOutput("out", "far", "to/{run-id}", results=REGISTERED)
    reference = DataFolder("out", "far", "ref", "Upload")
    away.go()
    run = submitted(store, submit, WRITE, outputs=(output,), folders=(reference,))

    folder = store.folder / "unsent" / run.id
    assert (run.status, run.error.code) == (RunStatus.FAILED, "DataAccessError")
    for told in (run.error.message, read_log(store, run)):
        assert f"It is kept in {folder}." in told
        assert "'far'" in told
    assert "run.send_outputs()" in run.reason
    assert kept(store, run) == [
        *("@references/out/a.csv", "@references/out/deep/b.csv", "out/a.csv", "out/deep/b.csv")
    ]
    assert not (store.folder / "work" / run.id).exists()
    again = handle(store, run)
    with pytest.raises(DataAccessError, match=r"run\.send_outputs\(\) tries again"):
        again.send_outputs()
    [found] = doctor.CHECKS.load("unsent")().findings(store.folder)
    assert found.level is Level.WARN
    assert run.id in found.text

    away.come()
    assert again.send_outputs() == ("out", "out")
    assert (place / "to" / run.id / "deep/b.csv").read_text() == "a\n2\n"
    assert (place / "ref/a.csv").read_text() == "a\n1\n"
    assert again.output_datasets["out"].version == 1
    assert dataset.get_by_name(store, "made").description == "by a run"
    assert not folder.exists()
    assert runs.get(store, run.id).status is RunStatus.FAILED
    assert run_view(store, run.id).warnings == (
        "Sent to its datastore after the run had ended: Outputs 'out', 'out'.",
    )
    with pytest.raises(DataNotFoundError, match=r"Nothing that run .* wrote waits to be sent"):
        again.send_outputs()


def test_one_output_that_cannot_be_sent_does_not_hold_up_the_others(store, submit, place):
    (place / "taken").mkdir()
    (place / "taken/a.csv").write_text("before")
    outputs = (
        DataOutput("a", "far", "taken", "Upload", None, False),
        DataOutput("b", "far", "free", "Upload", None, False),
    )
    run = submitted(store, submit, WRITE, outputs=outputs)

    assert run.status is RunStatus.FAILED
    assert "1 of 2 files are in datastore 'far' already ('taken/a.csv')" in run.error.message
    assert (place / "taken/a.csv").read_text() == "before"
    assert kept(store, run) == ["a/a.csv", "a/deep/b.csv"]
    assert [use.name for use, _ in dataset.uses_of(store, run)] == ["b"]
    with pytest.raises(DataAccessError, match=r"run.send_outputs\(overwrite=True\) afterwards"):
        handle(store, run).send_outputs()
    assert handle(store, run).send_outputs(overwrite=True) == ("a",)
    assert (place / "taken/a.csv").read_text() == "a\n1\n"
    assert {use.name for use, _ in dataset.uses_of(store, run)} == {"a", "b"}


def test_what_a_failed_script_mounted_is_kept_and_registered_by_nobody(store, submit, place, away):
    outputs = (
        DataOutput("m", "far", "m", "Mount", results=REGISTERED),
        DataOutput("u", "far", "u", "Upload", results=REGISTERED),
    )
    away.go()
    run = submitted(store, submit, WRITE + "sys.exit(3)", outputs=outputs)

    assert (run.status, run.error.code) == (RunStatus.FAILED, "ExitCode")
    assert "Output 'm' could not be sent (run.send_outputs()" in read_log(store, run)
    assert kept(store, run) == [".incomplete", "m/a.csv", "m/deep/b.csv"]
    away.come()
    assert handle(store, run).send_outputs() == ("m",)
    assert (place / "m/a.csv").is_file()
    assert dataset.names(store) == []


def test_what_lies_among_the_files_of_the_run_is_kept_there_too(store, submit, place, away):
    output = DataOutput("out", "far", "to", path_on_compute="outputs/data")
    away.go()
    run = submitted(store, submit, WRITE, outputs=(output,))

    names = {one.name for one in artifact.files(store, run)}
    assert {"outputs/data/a.csv", "outputs/data/deep/b.csv"} <= names
    assert kept(store, run) == ["out/a.csv", "out/deep/b.csv"]
    away.come()
    assert handle(store, run).send_outputs() == ("out",)


def test_a_link_in_the_place_of_an_output_moves_nothing_of_somebody_else(
    store, submit, place, tmp_path
):
    theirs = tmp_path / "theirs/out"
    theirs.mkdir(parents=True)
    (theirs / "x").write_text("x")
    output = DataOutput("out", "far", "to", path_on_compute="w/out")
    code = f"import os, shutil; shutil.rmtree('w'); os.symlink({str(theirs.parent)!r}, 'w')"
    run = submitted(store, submit, code, outputs=(output,))

    assert run.status is RunStatus.COMPLETED
    assert (theirs / "x").is_file()
    assert list(place.iterdir()) == []


def test_a_worker_that_is_killed_while_it_sends_leaves_the_outputs(store, submit, place, silent):
    output = DataOutput("out", "away", "to", results=REGISTERED)
    run = submit(WRITE, output.placeholder, data=DataUse(outputs=(output,)))
    until(silent.is_set)
    kill(worker_of(store, run))
    run = ended(store, run)

    assert (run.status, run.error.code) == (RunStatus.FAILED, "ProcessGone")
    assert kept(store, run) == ["out/a.csv", "out/deep/b.csv"]
    datastore.register(store, "away", "url", {"url": place.as_uri()})
    assert handle(store, run).send_outputs() == ("out",)
    assert (place / "to/a.csv").is_file()
    assert dataset.get_by_name(store, "made").version == 1


def test_nothing_is_kept_of_a_run_that_is_canceled_while_it_sends(store, submit, silent):
    run = submit(
        WRITE, "o", data=DataUse(outputs=(DataOutput("o", "away", "to", path_on_compute="o"),))
    )
    until(silent.is_set)
    with pytest.raises(RunStateError, match="is Running, and sends its outputs itself when"):
        handle(store, run).send_outputs()
    cancel(store, runs.get(store, run.id))
    run = ended(store, run)

    assert run.status is RunStatus.CANCELED
    assert not (store.folder / "unsent" / run.id).exists()
    with pytest.raises(RunStateError, match="was canceled, and what a canceled run wrote is not"):
        handle(store, run).send_outputs()


def test_outputs_that_wait_go_with_their_run(store, submit, place, away):
    away.go()
    run = submitted(store, submit, WRITE, outputs=(DataOutput("out", "far", "to"),))
    assert kept(store, run)
    experiment.delete(store, experiment.get(store, run.experiment))

    assert list((store.folder / "unsent").iterdir()) == []
