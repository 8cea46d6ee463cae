"""This process: whether it is interactive, its default experiment, and prompts to the user."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

EXPERIMENT_VARIABLE: Final = "AML_MAGICS_EXPERIMENT"
LAST_RESORT: Final = "Default"
_is_unasked: ContextVar[bool] = ContextVar("_is_unasked", default=False)


def default_experiment(notebook: object = None) -> str:
    """The experiment named by the environment, else the notebook's name, else empty.

    Args:
        notebook: its path, if a front end gives it; Jupyter Server sets JPY_SESSION_NAME.
    """
    chosen = os.environ.get(EXPERIMENT_VARIABLE)
    if chosen:
        return chosen
    for path in (os.environ.get("JPY_SESSION_NAME"), notebook):
        if isinstance(path, str) and path.endswith(".ipynb"):
            return PurePath(path).stem.strip()
    return ""


@contextmanager
def unasked() -> Iterator[None]:
    """Prompt for nothing within the block, for example during Tab completion."""
    token = _is_unasked.set(True)
    try:
        yield
    finally:
        _is_unasked.reset(token)


def agrees(question: str) -> bool:
    """Ask the user a yes/no question; False if the process is not interactive."""
    if _is_unasked.get() or not is_interactive():
        return False
    try:
        said = input(f"{question} [y/N] ")
    except (EOFError, OSError, NotImplementedError):  # a front end that lets nothing be typed
        return False
    return said.strip().lower() in ("y", "yes")


def is_interactive() -> bool:
    """Whether this is a prompt or a kernel, where exceptions do not end it; imports no IPython."""
    shell = sys.modules.get("IPython")
    return hasattr(sys, "ps1") or (shell is not None and shell.get_ipython() is not None)
