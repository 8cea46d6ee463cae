"""The folder of all workspaces: private and writable."""

from __future__ import annotations

import os
import shlex
import stat
from typing import TYPE_CHECKING

from aml_magics.services.doctor.checks._base import Check, Finding, fail, ok, warn
from aml_magics.store.home import home, workspaces

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class HomeCheck(Check):
    """Checks permissions of the home and of each workspace in it."""

    def findings(self, folder: Path) -> Iterator[Finding]:
        """Whether others can read it, and whether you can write it."""
        place = home()
        if not place.exists():
            yield ok(f"{place} is made at the first use")
            return
        folders = sorted({place, *workspaces(), *([folder] if folder.exists() else [])})
        closed = [each for each in folders if not os.access(each, os.W_OK | os.X_OK)]
        shared = [each for each in folders if stat.S_IMODE(each.stat().st_mode) & 0o077]
        if closed:
            yield fail(f"{_listed(closed)} cannot be written", f"chmod u+rwx {_quoted(closed)}")
        if shared:
            yield warn(f"others can enter {_listed(shared)}", f"chmod 700 {_quoted(shared)}")
        if not closed and not shared:
            yield ok(f"{place} is yours alone (0700)")


def _listed(folders: list[Path]) -> str:
    return ", ".join(map(str, folders))


def _quoted(folders: list[Path]) -> str:
    return shlex.join(map(str, folders))
