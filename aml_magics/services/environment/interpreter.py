"""The Python of an environment: the requested version, if it is installed and can import aml_magics."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from typing import Final

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from aml_magics.errors import EnvironmentBuildError, InvalidRequirementError
from aml_magics.services.environment.uv import uv_program

OLDEST: Final = (3, 11)
"""The oldest Python that can import aml_magics, and so the script's ``Run``."""

_VERSION = re.compile(r"(\d+)(?:\.(\d+))?(?:\.(?:\d+|\*))*")
_ASK = "import platform; print(platform.python_version())"


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python: path, version such as ``3.11.7``, and whether it replaces another version."""

    path: str
    version: str
    stands_in: bool = False

    @property
    def minor(self) -> str:
        """The version without its last part."""
        return ".".join(self.version.split(".")[:2])


def current() -> Interpreter:
    """The Python that runs this."""
    return Interpreter(sys.executable, platform.python_version())


def interpreter_for(asked: str) -> Interpreter:
    """The Python for a requested version; the current one replaces a missing one.

    Args:
        asked: ``3.8.13``, ``3.12``, ``>=3.9,<3.13``, or empty.

    Raises:
        InvalidRequirementError: it is not a version.
    """
    here = current()
    if not asked:
        return here
    match = _VERSION.fullmatch(asked)
    if match is None:
        return _of_range(asked, here)
    if match[2] is None:
        return here if int(match[1]) == sys.version_info.major else _stand_in(here)
    wanted = (int(match[1]), int(match[2]))
    if wanted == sys.version_info[:2]:
        return here
    if wanted < OLDEST:
        return _stand_in(here)
    return _find(f"{wanted[0]}.{wanted[1]}") or _stand_in(here)


@cache
def version_of(python: str) -> str:
    """An interpreter's version, as it reports it; raises EnvironmentBuildError if it cannot be run."""
    if python == sys.executable:
        return platform.python_version()
    try:
        done = subprocess.run(
            [python, "-I", "-c", _ASK], check=True, capture_output=True, text=True, timeout=30
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise EnvironmentBuildError(
            f"The interpreter {python!r:.200} of the environment cannot be run ({type(error).__name__}); "
            "set environment.python.interpreter_path to a Python that is here."
        ) from None
    version = done.stdout.strip()
    if not re.match(r"\d+\.\d+", version):
        raise EnvironmentBuildError(
            f"The interpreter {python!r:.200} of the environment is no Python: asked for its version it says "
            f"{version!r:.60}; set environment.python.interpreter_path to a Python that is here."
        )
    return version


def _of_range(asked: str, here: Interpreter) -> Interpreter:
    try:
        return here if SpecifierSet(asked).contains(here.version) else _stand_in(here)
    except InvalidSpecifier:
        raise InvalidRequirementError(
            f"The Python of an environment is a version such as 3.12 or >=3.11, not {asked!r:.60}."
        ) from None


def _stand_in(here: Interpreter) -> Interpreter:
    return Interpreter(here.path, here.version, stands_in=True)


@cache
def _find(minor: str) -> Interpreter | None:
    """An installed Python of a minor version; cached, since the search is slow."""
    environ = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    command = [uv_program(), "python", "find", "--no-project", "--system", minor]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environ)
    path = done.stdout.strip()
    if done.returncode or not path:
        return None
    return Interpreter(path, version_of(path))
