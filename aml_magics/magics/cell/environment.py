"""The environment of a cell: installed packages, and the state of the git repository around it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

PATCH_BYTES = 1 << 20
GIT_SECONDS = 10.0
_USER = re.compile(r"(?<=://)[^/@\s]+(?=@)")


def packages() -> str:
    """Installed packages, one ``name==version`` per line; read again after an installation."""
    folders = [entry for entry in sys.path if Path(entry).is_dir()]
    return _packages(
        tuple((one, *_metadata_in(one, Path(one).stat().st_mtime_ns)) for one in folders)
    )


@lru_cache(maxsize=256)
def _metadata_in(folder: str, _changed: int) -> tuple[str, ...]:
    """Package metadata in a folder. Its names are compared, since other files change there too."""
    entries = sorted(path.name for path in Path(folder).iterdir())
    return tuple(name for name in entries if name.endswith((".dist-info", ".egg-info", ".egg")))


@lru_cache(maxsize=1)
def _packages(_folders: tuple[tuple[str, ...], ...]) -> str:
    from importlib.metadata import distributions

    found: dict[str, str] = {}
    for distribution in distributions():
        name = distribution.metadata["Name"]
        if name:
            # The first on the path is the one that an import takes.
            found.setdefault(name.lower(), f"{name}=={distribution.version}")
    return "\n".join(found[name] for name in sorted(found))


def git_parts(folder: Path) -> dict[str, str]:
    """The state of the repository that contains a folder.

    Returns:
        ``git`` as JSON (commit, branch, remote, dirty) and ``patch``, the changes since the commit;
        empty outside a repository, or without git.
    """
    if not any((above / ".git").exists() for above in (folder, *folder.parents)):
        return {}
    commit = _git(folder, "rev-parse", "HEAD")
    if not commit:
        return {}
    dirty = bool(_git(folder, "status", "--porcelain", "--untracked-files=no"))
    state = {
        "commit": commit.strip(),
        "branch": _git(folder, "rev-parse", "--abbrev-ref", "HEAD").strip(),
        "remote": _without_user(_git(folder, "config", "--get", "remote.origin.url").strip()),
        "dirty": dirty,
    }
    parts = {"git": json.dumps(state)}
    if dirty:
        parts["patch"] = _cut(_git(folder, "diff", "--no-ext-diff", "HEAD"))
    return parts


def _git(folder: Path, *arguments: str) -> str:
    """Output of a git command; empty if it fails, hangs or git is not installed."""
    # Wait neither for a lock of the user's own git nor at a prompt.
    quiet = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            check=False,
            env=quiet,
            stdin=subprocess.DEVNULL,
            timeout=GIT_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def _without_user(remote: str) -> str:
    return _USER.sub("***", remote)


def _cut(patch: str) -> str:
    whole = patch.encode("utf-8")
    if len(whole) <= PATCH_BYTES:
        return patch
    kept = whole[:PATCH_BYTES].decode("utf-8", "ignore")
    return f"{kept}\n... {len(whole) - PATCH_BYTES:,} more bytes of changes were left out\n"
