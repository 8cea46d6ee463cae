"""Tells where a notebook holds a workspace by hand and its magics are about another one.

``Workspace.get`` selects nothing, as in Azure: a notebook may hold several workspaces. Magics are about that of the
folder, as scripts and the command line are.
"""

from __future__ import annotations

import sys
import weakref
from typing import TYPE_CHECKING

from aml_magics.sdk.workspace.workspace import Workspace

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_told: weakref.WeakSet[InteractiveShell] = weakref.WeakSet()


def tell_of_other(shell: InteractiveShell, used: Workspace) -> None:
    """Say it, once a kernel, where the user's variables hold workspaces and not the one that is used."""
    held = {
        value.name
        for name, value in shell.user_ns.items()
        if isinstance(value, Workspace) and not name.startswith("_")  # IPython's old results
    }
    if not held or used.name in held or shell in _told:
        return
    _told.add(shell)
    other = min(held)
    print(  # noqa: T201 -- a word to the user
        f"The magics are about workspace {used.name!r}, that of this folder, and this notebook also has {other!r}: "
        f"Workspace.get({other!r}).write_config() makes it that of the folder.",
        file=sys.stderr,
    )
