"""The experiment of a cell that names none."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE: Final = "AML_MAGICS_EXPERIMENT"
LAST_RESORT: Final = "Default"


def default_experiment(configured: str, names: Mapping[str, Any]) -> str:
    """The configured experiment, else that of the environment, else the name of the notebook.

    Args:
        configured: ``AmlMagics.experiment``, perhaps empty.
        names: the user's variables, among which VS Code puts the path of the notebook.
    """
    return configured or os.environ.get(VARIABLE) or _notebook(names) or LAST_RESORT


def _notebook(names: Mapping[str, Any]) -> str:
    for path in (os.environ.get("JPY_SESSION_NAME"), names.get("__vsc_ipynb_file__")):
        if isinstance(path, str) and path.endswith(".ipynb"):
            return PurePath(path).stem.strip()
    return ""
