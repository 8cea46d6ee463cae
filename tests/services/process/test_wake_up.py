"""A process that waits is woken at once where that is possible, and looks when it is due where it is not."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from aml_magics.services.process.wake_up import WakeUp, wake

if TYPE_CHECKING:
    from pathlib import Path

# Python 3.12 warns of a fork beside threads, such as those of pytest-xdist
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

LONG = 3600.0


def test_it_does_not_wait_where_it_was_woken_before_and_forgets_it_then(tmp_path: Path) -> None:
    with WakeUp(tmp_path, "one") as one:
        for _ in range(5_000):  # more than there is room for
            wake(tmp_path, "one")
        one.wait(LONG)
        began = time.monotonic()
        one.wait(0.05)
        assert time.monotonic() - began >= 0.05


def test_it_is_woken_by_another_process_and_by_another_path_of_the_folder(tmp_path: Path) -> None:
    folder, link = tmp_path / "folder", tmp_path / "link"
    folder.mkdir()
    link.symlink_to(folder)
    with WakeUp(folder, "one") as one:
        child = os.fork()
        if child == 0:
            wake(link, "one")
            os._exit(0)
        one.wait(LONG)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_others_are_not_woken_and_nobody_need_be_there(tmp_path: Path) -> None:
    with WakeUp(tmp_path, "one") as one:
        for folder, name in ((tmp_path, "two"), (tmp_path.parent, "one"), (tmp_path / "no", "one")):
            wake(folder, name)
        one.wait(0)
    wake(tmp_path, "one")
    wake(tmp_path, "ü" * 255)


def test_a_second_one_of_the_name_looks_when_it_is_due(tmp_path: Path) -> None:
    with WakeUp(tmp_path, "one") as one, WakeUp(tmp_path, "one") as second:
        assert (one.handle >= 0, second.handle) == (True, -1)
        second.wait(0.01)
        second.hear()
    with WakeUp(tmp_path, "one") as again:
        assert again.handle >= 0


def test_the_name_of_a_killed_process_is_free(tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        with WakeUp(tmp_path, "one"):
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    with WakeUp(tmp_path, "one") as one:
        assert one.handle >= 0


def test_a_system_without_such_addresses_looks_when_it_is_due(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(97, "Address family not supported by protocol")

    monkeypatch.setattr("socket.socket", refused)
    with WakeUp(tmp_path, "one") as one:
        wake(tmp_path, "one")
        one.wait(0.01)
    assert one.handle == -1
