"""``./outputs`` is there while a run goes on, and an empty one that was made for it goes with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from aml_magics import Experiment, Workspace
from aml_magics.services.run.output_folder import OutputFolder

FOLDER = Path("outputs")
IN_A_PROCESS = """
from pathlib import Path
from aml_magics.services.run.output_folder import OutputFolder
folder = OutputFolder(Path("outputs").absolute())
say(Path("outputs").is_dir())
sys.stdin.readline()
"""


@pytest.fixture
def experiment():
    return Experiment(Workspace.create("w"), "e")


@pytest.mark.parametrize(
    "end",
    [
        lambda run: run.complete(),
        lambda run: run.fail("no"),
        lambda run: run.cancel(),
        lambda run: run.__exit__(ValueError, ValueError("x"), None),
    ],
)
def test_empty_folder_that_a_run_made_goes_with_it(experiment, end):
    run = experiment.start_logging()
    assert FOLDER.is_dir()
    end(run)
    assert not FOLDER.exists()


def test_folder_that_was_there_before_stays(experiment):
    FOLDER.mkdir()
    experiment.start_logging().complete()
    assert FOLDER.is_dir()


@pytest.mark.parametrize("name", ["model.pkl", ".hidden", "deep/model.pkl"])
def test_folder_with_anything_in_it_stays(experiment, name):
    run = experiment.start_logging()
    (FOLDER / name).parent.mkdir(exist_ok=True)
    (FOLDER / name).write_text("m")
    run.complete()
    assert (FOLDER / name).read_text() == "m"


def test_folder_is_there_until_the_last_run_that_uses_it_has_ended(experiment):
    first, second = experiment.start_logging(), experiment.start_logging()
    first.complete()
    first.complete()
    assert FOLDER.is_dir()
    second.complete()
    assert not FOLDER.exists()


def test_parents_that_were_made_go_too_and_others_stay(experiment):
    Path("kept").mkdir()
    experiment.start_logging(outputs="kept/made/results").complete()
    assert [str(path) for path in Path.cwd().glob("kept/**/*")] == []
    assert Path("kept").is_dir()


def test_resumed_run_has_its_folder_again(experiment):
    run = experiment.start_logging()
    run.cancel()
    run.resume()
    assert FOLDER.is_dir()
    run.complete()
    assert not FOLDER.exists()


def test_folder_that_the_user_removed_is_made_again_for_the_next_run(experiment):
    first = experiment.start_logging()
    FOLDER.rmdir()
    second = experiment.start_logging()
    assert FOLDER.is_dir()
    second.complete()
    assert FOLDER.is_dir()
    first.complete()
    assert not FOLDER.exists()


def test_run_of_another_process_keeps_the_folder(sqlite_store, scripts):
    here = OutputFolder(FOLDER.absolute())
    other = scripts.start(IN_A_PROCESS)
    assert other.stdout.readline() == "True\n"
    here.leave()
    assert FOLDER.is_dir()
    other.communicate("\n")
    assert FOLDER.is_dir()  # it was there before that process


def test_process_that_ends_with_an_open_run_leaves_no_empty_folder(sqlite_store, scripts):
    script = scripts.start(IN_A_PROCESS)
    assert script.stdout.readline() == "True\n"
    script.communicate("\n")
    assert not FOLDER.exists()


def test_fork_removes_nothing_and_keeps_nobody_from_it(sqlite_store, scripts):
    script = scripts.start(
        """
        from pathlib import Path
        from aml_magics.services.run.output_folder import OutputFolder
        folder = OutputFolder(Path("outputs").absolute())
        if os.fork() == 0:
            folder.leave()
            say(Path("outputs").is_dir())
            sys.stdin.readline()
            os._exit(0)
        sys.stdin.readline()
        import fcntl
        try:
            fcntl.flock(os.open("outputs", os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("locked")
        folder.leave()
        say(Path("outputs").is_dir())
        OutputFolder(Path("outputs").absolute())
        say(Path("outputs").is_dir())
        """
    )
    assert script.stdout.readline() == "True\n"
    out, _ = script.communicate("\n\n")
    assert sorted(out.split()) == ["False", "True", "locked"]


@pytest.mark.parametrize(
    "prevent",
    [lambda: FOLDER.write_text("a file"), lambda: FOLDER.symlink_to("nowhere/outputs")],
)
def test_folder_that_cannot_be_made_stops_no_run(experiment, prevent):
    prevent()
    run = experiment.start_logging()
    run.log("accuracy", 1)
    run.complete()
    assert run.status == "Completed"
    assert FOLDER.is_symlink() or FOLDER.read_text() == "a file"
