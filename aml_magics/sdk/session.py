"""Whether a person sits at this process."""

from __future__ import annotations

import sys


def is_interactive() -> bool:
    """Whether a person sees exceptions and goes on: a prompt or a kernel, which is not imported here."""
    shell = sys.modules.get("IPython")
    return hasattr(sys, "ps1") or (shell is not None and shell.get_ipython() is not None)
