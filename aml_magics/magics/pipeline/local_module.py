"""Modules beside the notebook that a cell needs: they go along with its step, and are part of its code."""

from __future__ import annotations

import ast
import shutil
from types import ModuleType
from typing import TYPE_CHECKING, Any

from aml_magics.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path


def local_modules(python: str, values: Iterable[Any], place: Path) -> dict[str, Path]:
    """The files and packages in a folder that code imports, or that values are made of; by their names there.

    Args:
        python: the cell, without magics.
        values: the notebook's variables that it uses.
        place: the folder of the notebook.
    """
    pending = [*_imported(python), *(name for value in values for name in _modules_of(value))]
    found: dict[str, Path] = {}
    while pending:
        name = pending.pop().partition(".")[0]
        path = next((one for one in (place / f"{name}.py", place / name) if one.exists()), None)
        if path is None or path.name in found or (path.is_dir() and not any(path.glob("*.py"))):
            continue
        found[path.name] = path
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            pending += _imported(file.read_text(encoding="utf-8", errors="replace"))
    return found


def copy_along(files: Mapping[str, Path], folder: Path) -> None:
    """Copy what goes along, by its paths there, into the folder of a step.

    Raises:
        UsageError: it is gone, or cannot be read.
    """
    for name, path in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            if path.is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(path, target, ignore=ignored, dirs_exist_ok=True)
            else:
                shutil.copyfile(path, target)
        except (OSError, shutil.Error) as error:
            raise UsageError(
                f"{name!r:.100} was to go along with a step and cannot be read any more: {error}. Put it back, or add the cell again."
            ) from error


def _imported(python: str) -> Iterator[str]:
    """The modules that code imports; of code that is none, nothing."""
    try:
        tree = ast.parse(python)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def _modules_of(value: object) -> Iterator[str]:
    if isinstance(value, ModuleType):
        yield value.__name__
        return
    for owner in (value, type(value)):
        name = getattr(owner, "__module__", None)
        if isinstance(name, str):
            yield name
