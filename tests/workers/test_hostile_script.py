"""Scripts that do what no script should, and stores that are full or busy while one runs."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from aml_magics.records.status import RunStatus
from aml_magics.services.job.submission import Submission
from aml_magics.services.job.submission import submit as submit_run
from aml_magics.services.run import artifact, metric
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.log import DRIVER_LOG, LOG_NAME, log_size, read_log, read_log_from
from aml_magics.services.workspace import workspace as workspaces
from tests.fixtures.disk import SmallDisk, small_disk
from tests.workers.conftest import (
    end_all_here,
    ended,
    now,
    processes_of,
    schedulers,
    until,
    until_printed,
    worker_of,
)

if TYPE_CHECKING:
    import pytest

__all__ = ["small_disk"]
MEGABYTE = 1 << 20


def names(store, run):
    return [one.name for one in artifact.files(store, run)]


def test_a_log_of_200_megabytes_takes_no_memory_and_is_read_by_pages(store, submit):
    code = """
import os, sys, time
line = b"x" * 1023 + b"\\n"
for _ in range(200):
    sys.stdout.buffer.write(line * 1024)
sys.stdout.flush()
while not os.path.exists(GO): time.sleep(0.05)
print("last line")
"""
    go = Path("go").absolute()
    run = submit(code.replace("GO", repr(str(go))))
    until(lambda: now(store, run).owner)
    worker, [scheduler] = worker_of(store, run), schedulers(store)
    before = [worker.memory_info().rss, scheduler.memory_info().rss]
    until(lambda: log_size(store, now(store, run)) >= 200 * MEGABYTE)
    most = worker.memory_info().rss
    go.touch()
    while not now(store, run).status.is_terminal:
        try:
            most = max(most, worker.memory_info().rss)
        except psutil.Error:  # it has ended
            break
        time.sleep(0.01)
    run = ended(store, run)

    assert run.status is RunStatus.COMPLETED
    assert most - before[0] < 40 * MEGABYTE
    assert scheduler.memory_info().rss - before[1] < 20 * MEGABYTE
    assert log_size(store, run) == 200 * MEGABYTE + len("last line\n")
    assert read_log_from(store, run, 100 * MEGABYTE, 1024).startswith(b"x")
    assert read_log_from(store, run, 200 * MEGABYTE) == b"last line\n"
    assert read_log(store, run, most=10) == "last line\n"


def test_the_log_is_there_in_the_moment_in_which_the_run_has_ended(store, submit):
    for _ in range(3):
        run = submit("print('x' * 100_000)")
        until(lambda run=run: now(store, run).status.is_terminal)
        assert names(store, run) == [DRIVER_LOG, LOG_NAME]


def test_the_words_and_files_that_a_script_leaves_are_taken_as_they_are(store, submit):
    code = """
import json, os, sys
open(os.path.join(os.environ["AML_MAGICS_SOURCE"], ".aml_magics_failure.json"), "w").write("[1]")
os.mkfifo("outputs/pipe")
os.symlink("/etc/passwd", "outputs/passwd")
os.symlink("/etc", "outputs/etc")
os.makedirs("outputs/-x"); open("outputs/-x/con", "w").write("x")
open("outputs/line\\nbreak", "w").write("x")
open(b"outputs/\\xff", "w").write("x")
open("outputs/good", "w").write("x")
import shutil; shutil.rmtree("logs"); os.symlink("/etc", "logs")
"""
    run = ended(store, submit(code))

    assert run.status is RunStatus.COMPLETED
    assert [name for name in names(store, run) if name.startswith(("outputs", "logs"))] == [
        "outputs/good"
    ]
    said = read_log(store, run)
    assert "logs was not kept: it is a link" in said
    assert "outputs/line" in said
    assert "root:" not in said


def test_many_files_are_all_kept(store, submit):
    code = "for i in range(250): open(f'outputs/{i}', 'w').write(str(i))"
    run = ended(store, submit(code))

    assert {f"outputs/{number}" for number in range(250)} <= set(names(store, run))


def test_a_script_that_removes_its_folder_and_moves_away_is_kept_all_the_same(store, submit):
    code = (
        "import os, shutil; here = os.getcwd(); os.chdir('/'); shutil.rmtree(here); print('gone')"
    )
    run = ended(store, submit(code))

    assert run.status is RunStatus.COMPLETED
    assert read_log(store, run) == "gone\n"


def test_a_secret_of_who_submitted_is_masked_in_the_error(store, submit, monkeypatch):
    assert (
        ended(store, submit("")).status is RunStatus.COMPLETED
    )  # so the scheduler does not know it
    monkeypatch.setenv("MY_API_KEY", "hush-hush")
    run = ended(store, submit("import os; raise ValueError(os.environ['MY_API_KEY'])"))

    assert run.status is RunStatus.FAILED
    assert "hush" not in run.reason + run.error.message
    assert "hush" not in run.error.traceback


def test_a_process_that_has_the_log_open_still_does_not_keep_the_run(store, submit):
    code = """
import os, subprocess, sys
subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)"],
    start_new_session=True)
print("left")
os._exit(0)
"""
    assert ended(store, submit(code)).status is RunStatus.COMPLETED


def test_a_fork_bomb_of_a_few_hundred_is_ended_by_cancel(store, submit):
    code = """
import os, time
for _ in range(8):
    os.fork()
print("ready", flush=True)
time.sleep(600)
"""
    run = submit(code)
    until_printed(store, run, "ready")
    cancel(store, now(store, run))
    assert ended(store, run).status is RunStatus.CANCELED
    assert processes_of(run) == []


def test_arguments_too_long_for_the_system_are_told(store, submit):
    run = ended(store, submit("print('x')", "y" * 3_000_000))

    assert run.status is RunStatus.FAILED
    assert "Argument list too long" in run.error.message


def test_files_of_a_cell_that_were_there_before_are_not_its_own(store, tmp_path):
    folder, place = tmp_path / "f", tmp_path / "place"
    folder.mkdir()
    (place / "outputs").mkdir(parents=True)
    (place / "outputs" / "old").write_text("x")
    (place / "outputs" / "changed").write_text("x")
    future = time.time() + 1e6  # a clock that was set back meanwhile
    os.utime(place / "outputs" / "old", (future, future))
    (folder / "s.py").write_text(
        "import os; open('outputs/changed', 'w').write('y'); open('outputs/new', 'w').write('z');"
        "os.utime('outputs/new', (0, 0))"
    )
    wanted = Submission(folder, command=("python", str(folder / "s.py")), place=place)
    run = ended(store, submit_run(store, "x", wanted)[0])

    assert run.status is RunStatus.COMPLETED, read_log(store, run)
    assert [name for name in names(store, run) if name.startswith("outputs")] == [
        "outputs/changed",
        "outputs/new",
    ]


def _small_store(small_disk: SmallDisk, monkeypatch: pytest.MonkeyPatch):
    small_disk.enlarge()
    monkeypatch.setenv("AML_MAGICS_HOME", str(small_disk.folder / "home"))
    monkeypatch.setenv("AML_MAGICS_SLOTS", "1")
    return workspaces.create("small")


def test_a_disk_that_fills_up_in_mid_run_loses_nothing_once_it_is_freed(
    small_disk, tmp_path, monkeypatch
):
    store = _small_store(small_disk, monkeypatch)
    go = tmp_path / "go"
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "s.py").write_text(f"""
import os, time
from aml_magics import Run
run = Run.get_context()
for i in range(20): run.log("n", i)
open("outputs/small", "w").write("x" * 100_000)
print("ready", flush=True)
while not os.path.exists({str(go)!r}): time.sleep(0.02)
""")
    run, _ = submit_run(store, "x", Submission(folder, script="s.py"))
    until_printed(store, run, "ready")
    small_disk.fill()
    go.touch()
    until(lambda: "waits" in _text(store.folder / "scheduler.log") or _has_no_script(run))
    time.sleep(1)
    assert not now(store, run).status.is_terminal
    small_disk.free()
    run = ended(store, run)

    assert run.status is RunStatus.COMPLETED
    assert "outputs/small" in names(store, run)
    assert metric.get_metrics(store, run)["n"] == list(range(20))
    end_all_here()
    workspaces.forget(store)


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _has_no_script(run) -> bool:
    return not processes_of(run)


def test_a_script_that_fills_the_disk_fails_and_makes_room(small_disk, tmp_path, monkeypatch):
    store = _small_store(small_disk, monkeypatch)
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "s.py").write_text("""
import os
with open("outputs/model", "wb") as file:
    file.write(bytes(6 << 20))
with open("scratch", "wb") as file:
    while True:
        file.write(bytes(1 << 16))
""")
    run, _ = submit_run(store, "x", Submission(folder, script="s.py"))
    run = ended(store, run)

    assert run.status is RunStatus.FAILED
    assert "No space left on device" in run.reason or "bytes are free in" in run.reason
    assert "outputs/model" in names(store, run)  # there was room for it without the scratch file
    assert not (store.folder / "work" / run.id).exists()
    end_all_here()
    workspaces.forget(store)
