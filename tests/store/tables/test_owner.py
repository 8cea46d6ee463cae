"""A process is known by its machine, boot, pid and start: a reused pid is another process."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from aml_magics.store import owner_lock
from aml_magics.store.catalogue.catalogue import Catalogue, sqlite_url
from aml_magics.store.tables import owner as owner_module
from aml_magics.store.tables.owner import OwnerTable, boot_id, process_start, this_process

# Python 3.12 warns of a fork beside threads, such as those of pytest-xdist
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

_ROOT = Path(__file__).resolve().parents[3]
UNSHARED = "unshare", "--pid", "--fork", "--mount-proc"


@pytest.fixture
def table(tmp_path: Path) -> OwnerTable:
    """The owners of a workspace in which nobody holds a lock."""
    return OwnerTable(Catalogue(sqlite_url(tmp_path / "catalogue.db")), tmp_path)


def test_this_process_lives(table: OwnerTable) -> None:
    assert this_process().pid == os.getpid()
    assert table.is_alive(this_process()) is True


def test_this_process_has_one_id_for_its_life_and_a_fresh_heartbeat() -> None:
    first, second = this_process(), this_process()

    assert first.id == second.id
    assert first.heartbeat <= second.heartbeat


def test_a_reused_pid_is_another_process(table: OwnerTable) -> None:
    assert table.is_alive(replace(this_process(), started=this_process().started - 1)) is False


MACHINE = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("changed", "is_alive"),
    [
        ({"boot": "earlier"}, False),
        ({"boot": "earlier", "machine": "another"}, None),
        ({"boot": "earlier", "machine": ""}, None),
        ({"boot": "earlier", "namespace": "pid:[4026532001]"}, None),
        ({"namespace": "pid:[4026532001]", "pid": 1}, None),
        ({"host": "elsewhere"}, None),
        ({"host": "elsewhere", "boot": "other"}, None),
        # written by an earlier version, which told no namespace
        ({"namespace": ""}, True),
        ({"namespace": "", "started": 1.0}, None),
        ({"namespace": "", "started": 1.0, "silent": 60.0}, False),
        ({"namespace": "", "boot": "earlier", "silent": 60.0}, False),
        ({"namespace": "", "boot": "earlier", "silent": 5.0}, None),
    ],
)
def test_who_cannot_be_asked_and_holds_no_lock_is_silent_and_never_dead(
    table: OwnerTable,
    monkeypatch: pytest.MonkeyPatch,
    changed: dict[str, Any],
    is_alive: bool | None,
) -> None:
    """Another boot is a reboot only where the machine is the same, and outside of containers."""
    here = replace(this_process(), machine=MACHINE, namespace=owner_module._INITIAL)
    monkeypatch.setattr(owner_module, "this_process", lambda: here)

    assert table.is_alive(replace(here, **changed)) is is_alive


def test_a_lock_tells_of_who_cannot_be_asked_whatever_its_host_and_boot(table: OwnerTable) -> None:
    far = replace(this_process(), host="elsewhere", boot="other", namespace="pid:[1]")
    with _child(_HOLDING, table.locks.folder, far.id, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        assert table.is_alive(far) is True
        assert table.locks.released() == set()

        child.kill()
        child.wait()
        assert table.is_alive(far) is False
        assert table.locks.released() == {far.id}

    table.locks.remove(far.id)
    assert table.is_alive(far) is None


def test_a_lock_is_let_go_of_at_the_death_of_a_process_that_left_a_forked_child(
    table: OwnerTable,
) -> None:
    far = replace(this_process(), host="elsewhere")
    code = _HOLDING.replace("time.sleep", "os.fork() or print(os.getpid(), flush=True); time.sleep")
    with _child(code, table.locks.folder, far.id, stdout=subprocess.PIPE) as child:
        forked = int([child.stdout.readline() for _ in range(2)][1])
        child.kill()
        child.wait()
        try:
            assert psutil.Process(forked).is_running()
            assert table.is_alive(far) is False
        finally:
            os.kill(forked, signal.SIGKILL)


@pytest.mark.parametrize("kind", ["nfs", "virtiofs", "9p", None])
def test_only_a_lock_on_a_local_file_system_is_proof(
    table: OwnerTable, monkeypatch: pytest.MonkeyPatch, kind: str | None
) -> None:
    table.locks.folder.mkdir()
    (table.locks.folder / "gone.lock").touch()
    assert table.locks.is_held("gone") is False

    monkeypatch.setattr(owner_lock, "filesystem_type", lambda _folder: kind)

    assert table.locks.is_held("gone") is None
    table.locks.hold("here")
    assert not (table.locks.folder / "here.lock").exists()


def test_a_lock_that_cannot_be_taken_is_told_and_stops_nothing(
    table: OwnerTable, caplog: pytest.LogCaptureFixture
) -> None:
    table.locks.folder.touch()

    table.locks.hold("here")

    assert "other containers will not see when this process is gone" in caplog.text
    assert table.locks.is_held("here") is None


def test_a_lock_is_taken_again_where_its_folder_was_removed(table: OwnerTable) -> None:
    table.locks.hold("here")
    shutil.rmtree(table.locks.folder)
    assert table.locks.is_held("here") is None

    table.locks.hold("here")

    assert table.locks.is_held("here") is True


def test_a_process_whose_proc_is_of_another_namespace_knows_that_pids_mean_nothing_there(
    tmp_path: Path,
) -> None:
    """`unshare --pid` without `--mount-proc`: its own pid is 1, and that is another process in /proc."""
    code = "from aml_magics.store.tables.owner import this_process; print(this_process().namespace)"
    words = [*UNSHARED[:-1], sys.executable, "-c", code]
    environ = {**os.environ, "PYTHONPATH": str(_ROOT)}
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no PID namespace can be made here: {done.stderr.strip()}")

    assert done.stdout.strip() == owner_module._UNSEEN
    unseen = replace(this_process(), namespace=owner_module._UNSEEN)
    table = OwnerTable(Catalogue(sqlite_url(tmp_path / "catalogue.db")), tmp_path)
    assert table.is_alive(unseen) is None


_HOLDING = """
import os, sys, time
from pathlib import Path
from aml_magics.store.owner_lock import OwnerLocks
OwnerLocks(Path(sys.argv[1])).hold(sys.argv[2])
print("held", flush=True)
time.sleep(600)
"""


def _child(
    code: str = "import time; time.sleep(600)", *arguments: object, **options: Any
) -> subprocess.Popen[bytes]:
    environ = {**os.environ, "PYTHONPATH": str(_ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], env=environ, **options
    )


def test_a_killed_process_is_gone_also_while_it_is_a_zombie(table: OwnerTable) -> None:
    with _child() as child:
        owner = replace(this_process(), pid=child.pid, started=process_start(child.pid) or 0.0)
        assert table.is_alive(owner) is True

        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert psutil.Process(child.pid).status() == psutil.STATUS_ZOMBIE
        assert table.is_alive(owner) is False

        child.wait()
        assert table.is_alive(owner) is False


def test_a_stopped_process_is_alive(table: OwnerTable) -> None:
    with _child() as child:
        owner = replace(this_process(), pid=child.pid, started=process_start(child.pid) or 0.0)
        child.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, child.pid, os.WSTOPPED | os.WNOWAIT)

        assert table.is_alive(owner) is True
        child.kill()


def test_a_forked_child_is_another_owner(table: OwnerTable) -> None:
    here = this_process()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        found = this_process()
        os.write(
            writer,
            f"{found.id} {found.pid} {table.is_alive(found)} {table.is_alive(here)}".encode(),
        )
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
