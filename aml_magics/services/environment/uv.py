"""Runs uv, which resolves, makes and fills environments.

Package sources come from the machine's own uv configuration; nothing here names an index. An interpreter is
never downloaded. Without a network uv is run again from its cache.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Final

from aml_magics.errors import DependencyError, EnvironmentBuildError, StoreFullError
from aml_magics.records.secret import mask
from aml_magics.store.files.filesystem import free_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_NETWORK: Final = re.compile(
    r"Failed to fetch|error sending request|Request failed|tcp connect|dns error|operation timed out|Could not connect",
    re.IGNORECASE,
)
_NOISE: Final = re.compile(r"^\s*(?:error|cause|Caused by):\s*|^\s*[×╰╞─▶├│]+\s*", re.MULTILINE)  # noqa: RUF001 -- uv's own signs
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
_LONGEST_REASON: Final = 1_500


class UvError(Exception):
    """uv failed; ``reason`` is its output, for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def uv_program() -> str:
    """The path of uv; raises DependencyError."""
    try:
        from uv import find_uv_bin

        return str(find_uv_bin())
    except (ImportError, FileNotFoundError):
        found = shutil.which("uv")
    if found is None:
        raise DependencyError("Environments are built by uv, which is not here: pip install uv")
    return found


def call_uv(arguments: Sequence[str], folder: Path, lock: int) -> None:
    """Run uv; retry from its cache alone if the network does not answer.

    Args:
        folder: the working directory.
        lock: a file's handle that uv inherits, so that the file stays locked while uv lives even if
            this process is killed.

    Raises:
        UvError: it ended with an error.
        StoreFullError: the disk is full.
    """
    reason = _once(arguments, folder, lock)
    if reason and _NETWORK.search(reason):
        again = _once([*arguments, "--offline"], folder, lock)
        if again:
            reason = f"the network does not answer ({_short(reason)}), and uv's cache does not suffice ({_short(again)})"
        else:
            return
    if "No space left" in reason or "Disk quota exceeded" in reason:
        raise no_room(folder)
    if reason:
        raise UvError(reason)


def no_room(folder: Path) -> StoreFullError:
    """The error of a disk without room for the environment in a folder."""
    return StoreFullError(
        f"No room for an environment in {folder.parent}: {free_bytes(folder):,} bytes are free. "
        "Free some space, or remove old ones: `aml-magics environments --prune`."
    )


def _once(arguments: Sequence[str], folder: Path, lock: int) -> str:
    """The error output of uv; empty on success."""
    try:
        done = subprocess.run(
            [uv_program(), *arguments],
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            cwd=folder,
            env=_environ(),
            stdin=subprocess.DEVNULL,
            pass_fds=(lock,),
        )
    except OSError as error:
        raise EnvironmentBuildError(
            f"uv cannot be started ({error.strerror}); `pip install --force-reinstall uv` repairs it."
        ) from error
    if done.returncode == 0:
        return ""
    return readable(done.stderr) or f"uv ended with status {done.returncode}"


def readable(complaint: str) -> str:
    """The output of uv in one paragraph, without secrets."""
    plain = _NOISE.sub("", _COLOUR.sub("", complaint))
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith("No solution found when resolving")]
    text = mask(" ".join(lines))
    return text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}…"


def _short(reason: str) -> str:
    return reason.partition(" hint: ")[0][:300].rstrip(". ")


def _environ() -> dict[str, str]:
    """Environment variables for uv, without those of the running Python environment."""
    left_out = (
        "VIRTUAL_ENV",
        "CONDA_PREFIX",
        "PYTHONPATH",
        "PYTHONHOME",
        "UV_PROJECT",
        "UV_PYTHON",
    )
    environ = {name: value for name, value in os.environ.items() if name not in left_out}
    environ |= {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1", "NO_COLOR": "1"}
    environ.setdefault("UV_HTTP_RETRIES", "1")  # a machine without a network should not wait long
    return environ
