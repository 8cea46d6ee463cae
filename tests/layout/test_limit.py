"""The limit of a test holds for every try, and ends what no signal reaches."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.fixtures.source import ROOT

if TYPE_CHECKING:
    from pathlib import Path

HANGS = """
import time

def test_it():
    {before}
    while True:
        time.sleep(3600)
"""
BLOCKED = "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})"


def _pytest(folder: Path, code: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_hangs.py").write_text(code)
    plugins = ("-p", "no:cacheprovider", "-p", "tests.fixtures.limit")
    command = [sys.executable, "-m", "pytest", "-c", "/dev/null", "--rootdir", folder, *plugins]
    return subprocess.run(
        [*command, "--timeout", "1", *options, folder / "test_hangs.py"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_second_try_of_a_test_that_hangs_ends_too(tmp_path: Path) -> None:
    ended = _pytest(tmp_path, HANGS.format(before="pass"), "--reruns", "1")

    assert "1 failed, 1 rerun" in ended.stdout, ended.stdout + ended.stderr
    assert "Timeout" in ended.stdout


@pytest.mark.parametrize("options", [(), ("-n", "1")])
def test_one_that_no_signal_reaches_ends_with_its_process(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    ended = _pytest(tmp_path, HANGS.format(before=BLOCKED), *options)

    assert ended.returncode == 1
    assert not options or "crashed while running 'test_hangs.py::test_it'" in ended.stdout
