"""Conda, mamba or micromamba, if installed and requested."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from aml_magics.errors import (
    DependencyError,
    EnvironmentBuildError,
    EnvironmentNotFoundError,
    InvalidRequirementError,
    did_you_mean,
)
from aml_magics.records.secret import mask
from aml_magics.services.environment.requirement import ALLOW_VARIABLE
from aml_magics.services.environment.specification import parse_conda

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

VARIABLE: Final = "AML_MAGICS_CONDA"
PROGRAMS: Final = ("micromamba", "mamba", "conda")
_CHANNEL: Final = re.compile(r"(?:[A-Za-z0-9_][\w.-]*(?:/[A-Za-z0-9_][\w.-]*)*)?")
"""A channel's name; empty if a package names no channel."""


def asked_program() -> str:
    """The conda program that the user requested, or empty; raises DependencyError if none is installed."""
    if os.environ.get(VARIABLE, "").lower() not in ("1", "true", "yes", "on"):
        return ""
    return program()


def program() -> str:
    """The first of micromamba, mamba and conda on PATH; raises DependencyError."""
    for name in PROGRAMS:
        found = shutil.which(name)
        if found:
            return found
    raise DependencyError(
        f"None of {', '.join(PROGRAMS)} is on PATH. Install one, or unset {VARIABLE}: packages then come from PyPI."
    )


def existing(name: str) -> tuple[str, dict[str, Any]]:
    """The interpreter of an existing conda environment, and its conda file's content.

    Raises:
        DependencyError: conda is not installed.
        EnvironmentNotFoundError: there is no environment of that name.
    """
    found = json.loads(_call([program(), "env", "list", "--json"]))
    folders = {Path(folder).name: Path(folder) for folder in found.get("envs", ())}
    folder = folders.get(name)
    if folder is None or not (folder / "bin" / "python").exists():
        raise EnvironmentNotFoundError(
            f"Conda has no environment {name!r:.80} with a Python.{did_you_mean(name, folders)} `conda env list` lists them."
        )
    text = _call([program(), "env", "export", "--prefix", str(folder), "--no-builds"])
    content = parse_conda(text, f"of conda's environment {name!r}")
    content.pop("prefix", None)  # a path of this machine
    return str(folder / "bin" / "python"), content


def check_channels(dependencies: Mapping[str, Any], allowed: frozenset[str]) -> None:
    """Refuse channels that are URLs or folders unless allowed, as for indexes; raises InvalidRequirementError."""
    packages = [one for one in dependencies.get("dependencies") or () if isinstance(one, str)]
    channels = [one.rpartition("::")[0] for one in packages] + list(
        dependencies.get("channels") or ()
    )
    for channel in channels if "index" not in allowed else ():
        if not _CHANNEL.fullmatch(channel):
            raise InvalidRequirementError(
                f"The channel {mask(channel, {})!r:.120} takes packages from elsewhere than conda's own server, which "
                f"is not done unasked. If you trust it, set os.environ[{ALLOW_VARIABLE!r}] = 'index' first."
            )


def create(conda: str, dependencies: dict[str, Any], folder: Path, target: Path) -> None:
    """Build an environment with conda.

    Args:
        dependencies: the content of a conda file.
        folder: where the conda file is written.
        target: the new environment.

    Raises:
        EnvironmentBuildError: it failed; the message has conda's reason.
    """
    file = folder / "environment.yml"
    file.write_text(yaml.safe_dump(dependencies, sort_keys=False), encoding="utf-8")
    verb = ["create"] if Path(conda).name == "micromamba" else ["env", "create"]
    _call([conda, *verb, "--yes", "--prefix", str(target), "--file", str(file)])


def _call(command: Sequence[str]) -> str:
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        reason = mask(" ".join((done.stderr or done.stdout).split()))
        raise EnvironmentBuildError(
            f"`{Path(command[0]).name} {command[1]}` ended with status {done.returncode}: {reason:.1500}"
        )
    return done.stdout
