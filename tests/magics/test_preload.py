"""What the first run needs is imported in the background, and nobody notices."""

from __future__ import annotations

import importlib
import subprocess
import sys
from typing import TYPE_CHECKING

from aml_magics.magics import preload
from aml_magics.magics.preload import MODULES, Preload
from tests.fixtures.source import ROOT

if TYPE_CHECKING:
    import pytest

LOAD = """
import sys, threading
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_line_magic('load_ext', 'aml_magics')
"""
WAIT = "[one.join() for one in threading.enumerate() if one.name == 'aml_magics-preload']\n"


def process(code: str) -> subprocess.CompletedProcess[str]:
    child = [sys.executable, "-c", code]
    return subprocess.run(child, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_first_run_finds_its_modules_loaded() -> None:
    done = process(
        f"{LOAD}{WAIT}before = set(sys.modules)\n"
        "shell.run_cell('%%aml_run --quiet\\nx = 1')\n"
        "shell.run_cell('%%aml_run\\nx = 1')\n"
        "late = set(sys.modules) - before\n"
        "print('\\nlate:', *(m for m in late if m.partition('.')[0] in ('aml_magics', 'sqlalchemy')))"
    )

    assert done.stdout.splitlines()[-1] == "late:"
    assert done.stderr.count("\n") <= 1  # that a workspace was made


def test_numpy_is_left_to_those_who_need_it() -> None:
    assert process(f"{LOAD}{WAIT}print('numpy' in sys.modules)").stdout == "False\n"


def test_the_interpreter_may_end_at_once() -> None:
    done = process(
        LOAD.replace("import sys", "import aml_magics.magics.preload as p; p.START = 0\nimport sys")
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_broken_package_is_nothing_to_complain_of(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(preload, "MODULES", ("no_such_package", "sys.no_package"))
    thread = Preload()
    thread.start()
    thread.join()

    assert capfd.readouterr() == ("", "")


def test_its_modules_are_there() -> None:
    for name in MODULES:
        assert importlib.import_module(name)
