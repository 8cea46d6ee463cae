"""What is imported late is imported whole, and not before it is needed."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from aml_magics.store.deferred import Deferred

if TYPE_CHECKING:
    from pathlib import Path

SLOW = """
import __main__
__main__.is_importing.set()
__main__.may_end.wait()
is_whole = True
"""
FORK = """
import os, sys, threading
is_importing, may_end = threading.Event(), threading.Event()
from aml_magics.store.deferred import import_whole
thread = threading.Thread(target=import_whole, args=("slow_module",))
thread.start()
is_importing.wait()
threading.Timer(0.2, may_end.set).start()
child = os.fork()
if not child:
    import slow_module
    os._exit(0 if slow_module.is_whole else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def process(code: str, folder: Path) -> str:
    environment = {**os.environ, "AML_MAGICS_HOME": str(folder), "PYTHONWARNINGS": "ignore"}
    child = [sys.executable, "-c", code]
    done = subprocess.run(
        child, cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_module_is_imported_by_the_first_use_of_a_name() -> None:
    sys.modules.pop("colorsys", None)
    deferred = Deferred("colorsys")

    assert "colorsys" not in sys.modules
    assert deferred.rgb_to_hsv(0, 0, 0) == (0.0, 0.0, 0)
    assert "colorsys" in sys.modules


def test_process_that_begins_a_run_needs_no_numpy(tmp_path: Path) -> None:
    code = (
        "import sys, aml_magics\nrun = aml_magics.Run.get_context()\n"
        "heavy = ('IPython', 'alembic', 'fsspec', 'numpy', 'pandas', 'sqlalchemy.dialects.postgresql')\n"
        "print([one for one in heavy if one in sys.modules])\n"
        "run.log('accuracy', 0.9)\nprint('numpy' in sys.modules)"
    )

    assert process(code, tmp_path).split("\n")[:2] == ["[]", "True"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only POSIX forks")
def test_child_never_inherits_half_an_import(tmp_path: Path) -> None:
    (tmp_path / "slow_module.py").write_text(SLOW, encoding="utf-8")

    assert process(FORK, tmp_path) == "0\n"
