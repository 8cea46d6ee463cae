"""What this process is: whether a person sits at it, and what its runs belong to."""

from __future__ import annotations

import os
import sys
from pathlib import PurePath
from typing import Final

EXPERIMENT_VARIABLE: Final = "AML_MAGICS_EXPERIMENT"
LAST_RESORT: Final = "Default"


def default_experiment(notebook: object = None) -> str:
    """The experiment that the environment names, else the name of the notebook, else nothing.

    Args:
        notebook: its path where a front end tells it; Jupyter Server does so by the environment.
    """
    chosen = os.environ.get(EXPERIMENT_VARIABLE)
    if chosen:
        return chosen
    for path in (os.environ.get("JPY_SESSION_NAME"), notebook):
        if isinstance(path, str) and path.endswith(".ipynb"):
            return PurePath(path).stem.strip()
    return ""


def is_interactive() -> bool:
    """Whether a person sees exceptions and goes on: a prompt or a kernel, which is not imported here."""
    shell = sys.modules.get("IPython")
    return hasattr(sys, "ps1") or (shell is not None and shell.get_ipython() is not None)
