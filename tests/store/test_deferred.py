"""What is imported late is not imported before it is needed."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from aml_magics.store.deferred import Deferred

if TYPE_CHECKING:
    from pathlib import Path


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
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "AML_MAGICS_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split("\n")[:2] == ["[]", "True"]
