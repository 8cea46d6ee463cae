"""Private wheels, kept beside the environments: these may be installed from their file."""

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
    """Whether a path is a wheel kept by :func:`keep_wheel`."""
    if not path:
        return False
    try:
        found = Path(path).resolve()
        return found.is_relative_to(wheels().resolve()) and found.is_file()
    except (OSError, ValueError):
        return False


def keep_wheel(path: str | Path, *, exist_ok: bool = False) -> str:
    """Store a wheel; return its ``file:`` URL for use as a requirement.

    Raises:
        InvalidPathError: it is not a wheel.
        AlreadyExistsError: it is stored already, and ``exist_ok`` is false.
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
