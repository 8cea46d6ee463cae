"""Wheels of one's own, kept beside the environments: those may be installed from their file."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path
from typing import Final

from aml_magics.errors import AlreadyExistsError, InvalidPathError
from aml_magics.store.home import home, make_private

_NAME: Final = re.compile(
    r"[A-Za-z0-9_.]+-[A-Za-z0-9_.!+]+(?:-[0-9]\w*)?-[\w.]+-[\w.]+-[\w.]+\.whl"
)


def wheels() -> Path:
    """The folder of private wheels."""
    return home() / "wheels"


def is_private_wheel(path: str) -> bool:
    """Whether a path is that of a wheel which :func:`keep_wheel` kept."""
    if not path:
        return False
    try:
        found = Path(path).resolve()
        return found.is_relative_to(wheels().resolve()) and found.is_file()
    except (OSError, ValueError):
        return False


def keep_wheel(path: str | Path, *, exist_ok: bool = False) -> str:
    """Keep a wheel; returns the ``file:`` address that can be given as a requirement.

    Raises:
        InvalidPathError: it is no wheel.
        AlreadyExistsError: it is kept already, and ``exist_ok`` is false.
    """
    source = Path(path).expanduser()
    if not source.is_file() or not _NAME.fullmatch(source.name):
        raise InvalidPathError(
            f"A wheel is a file named as name-1.0-py3-none-any.whl, not {str(source)!r:.120}; `pip wheel FOLDER` makes one."
        )
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    target = wheels() / digest / source.name
    if target.exists():
        if not exist_ok:
            raise AlreadyExistsError(
                f"The wheel {source.name} is kept already; pass exist_ok=True to use it."
            )
        return target.resolve().as_uri()
    make_private(target.parent)
    shutil.copyfile(source, target.with_suffix(".part"))
    target.with_suffix(".part").replace(target)
    return target.resolve().as_uri()
