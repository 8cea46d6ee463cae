"""What this process is: whether a person sits at it, and what its runs belong to."""

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


@contextmanager
def unasked() -> Iterator[None]:
    """Within it the person is asked nothing: Tab is no place for a question."""
    token = _is_unasked.set(True)
    try:
        yield
    finally:
        _is_unasked.reset(token)


def agrees(question: str) -> bool:
    """Whether the person at this process says yes; False where nobody can be asked."""
    if _is_unasked.get() or not is_interactive():
        return False
    try:
        said = input(f"{question} [y/N] ")
    except (EOFError, OSError, NotImplementedError):  # a front end that lets nothing be typed
        return False
    return said.strip().lower() in ("y", "yes")


def is_interactive() -> bool:
    """Whether a person sees exceptions and goes on: a prompt or a kernel, which is not imported here."""
    shell = sys.modules.get("IPython")
    return hasattr(sys, "ps1") or (shell is not None and shell.get_ipython() is not None)
