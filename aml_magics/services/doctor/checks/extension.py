"""The IPython extension, loaded in its own process as a notebook would load it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, Final

from aml_magics.services.doctor.checks._base import Check, Finding, fail, ok

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS: Final = 120
_CODE: Final = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.extension_manager.load_extension("aml_magics")
missing = {"aml"} - set(shell.magics_manager.magics["line"])
missing |= {"aml_run"} - set(shell.magics_manager.magics["cell"])
if missing:
    raise SystemExit(f"it loads and does not bring {', '.join(sorted(missing))}")
"""


class ExtensionCheck(Check):
    """Loads the extension and looks for its magics."""

    def findings(self, folder: Path) -> Iterator[Finding]:
        """Whether ``%load_ext aml_magics`` works."""
        del folder
        with tempfile.TemporaryDirectory() as profile:  # the user's own start-up files are left out
            child = subprocess.run(
                [sys.executable, "-c", _CODE],
                env={**os.environ, "IPYTHONDIR": profile},
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
            )
        if child.returncode == 0:
            yield ok("%load_ext aml_magics brings %aml and %%aml_run")
            return
        last = next(reversed(child.stderr.strip().splitlines()), f"exit code {child.returncode}")
        yield fail(
            f"%load_ext aml_magics fails: {last}", "pip install --force-reinstall aml-magics"
        )
