"""A process is known by its machine, boot, pid and start: a reused pid is another process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from aml_magics.store import owner as owner_module
from aml_magics.store.owner import boot_id, is_alive, process_start, this_process

# Python 3.12 warns of a fork beside threads, such as those of pytest-xdist
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


def test_this_process_lives() -> None:
    assert this_process().pid == os.getpid()
    assert is_alive(this_process()) is True


def test_this_process_has_one_id_for_its_life_and_a_fresh_heartbeat() -> None:
    first, second = this_process(), this_process()

    assert first.id == second.id
    assert first.heartbeat <= second.heartbeat


def test_a_reused_pid_is_another_process() -> None:
    assert is_alive(replace(this_process(), started=this_process().started - 1)) is False


def test_a_process_of_another_boot_is_gone() -> None:
    assert is_alive(replace(this_process(), boot="an earlier one")) is False


def test_a_process_of_another_machine_cannot_be_asked() -> None:
    assert is_alive(replace(this_process(), host="elsewhere", boot="other")) is None


def _child() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])


def test_a_killed_process_is_gone_also_while_it_is_a_zombie() -> None:
    with _child() as child:
        owner = replace(this_process(), pid=child.pid, started=process_start(child.pid) or 0.0)
        assert is_alive(owner) is True

        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert psutil.Process(child.pid).status() == psutil.STATUS_ZOMBIE
        assert is_alive(owner) is False

        child.wait()
        assert is_alive(owner) is False


def test_a_stopped_process_is_alive() -> None:
    with _child() as child:
        owner = replace(this_process(), pid=child.pid, started=process_start(child.pid) or 0.0)
        child.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, child.pid, os.WSTOPPED | os.WNOWAIT)

        assert is_alive(owner) is True
        child.kill()


def test_a_forked_child_is_another_owner() -> None:
    here = this_process()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        found = this_process()
        os.write(writer, f"{found.id} {found.pid} {is_alive(found)} {is_alive(here)}".encode())
        os._exit(0)
    os.waitpid(child, 0)
    told = os.read(reader, 1000).decode().split()
    os.close(reader)
    os.close(writer)

    assert told[0] != here.id
    assert told[1:] == [str(child), "True", "True"]


def test_a_name_with_blanks_and_brackets_does_not_hide_when_a_process_started(
    tmp_path: Path,
) -> None:
    program = tmp_path / "a) Z (b"
    program.symlink_to("/bin/sleep")
    with subprocess.Popen([program, "600"]) as child:
        while Path(f"/proc/{child.pid}/comm").read_text().strip() != program.name:
            child.poll()
        assert process_start(child.pid) is not None
        child.kill()


@pytest.fixture
def _without_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a system that has no /proc."""
    monkeypatch.setattr(owner_module, "Path", lambda path: Path("/none" + str(path)))
    boot_id.cache_clear()
    yield
    boot_id.cache_clear()


@pytest.mark.usefixtures("_without_proc")
def test_without_proc_the_same_is_told_by_psutil() -> None:
    with _child() as child:
        assert process_start(child.pid) == psutil.Process(child.pid).create_time()
        child.kill()
    assert process_start(child.pid) is None
    assert float(boot_id()) == psutil.boot_time()
