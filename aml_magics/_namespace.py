"""``import azureml``: whose it is in this process.

Our files below ``compat/azureml`` only re-export names at the import paths of Azure ML SDK v1. They are
found by putting their folder first on the path of imports; nothing of Microsoft's is changed.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Final

from aml_magics.errors import UsageError

NAME: Final = "azureml"
FOLDER: Final = Path(__file__).parent / "compat"
"""What the path of imports needs: ``PYTHONPATH`` of a script, ``sys.path`` of a kernel."""

OLD_NUMPY: Final = "AML_MAGICS_NUMPY_ALIASES"
"""Whether numpy answers to the names that it had when old code was written."""


def take() -> None:
    """Let ``import azureml`` find aml_magics.

    Raises:
        UsageError: this process has imported another ``azureml`` already.
    """
    if NAME in sys.modules and not is_ours():
        raise UsageError(
            f"This process has imported azureml from {_place_of_imported()} already; restart the kernel "
            "and switch ours on before the first `import azureml`."
        )
    leave_path()
    sys.path.insert(0, str(FOLDER))


def leave() -> None:
    """Let ``import azureml`` find what it found before; names that were imported stay as they are."""
    leave_path()
    if is_ours():
        for name in [one for one in sys.modules if one == NAME or one.startswith(f"{NAME}.")]:
            del sys.modules[name]


def leave_path() -> None:
    """Take our folder off the path of imports."""
    sys.path[:] = [one for one in sys.path if one != str(FOLDER)]


def is_on() -> bool:
    """Whether ``import azureml`` finds aml_magics."""
    return is_ours() if NAME in sys.modules else str(FOLDER) in sys.path


def is_ours() -> bool:
    """Whether the ``azureml`` that this process has imported is aml_magics."""
    file = getattr(sys.modules.get(NAME), "__file__", None)
    return file is not None and Path(file).is_relative_to(FOLDER)


def give_to_children(environment: dict[str, str]) -> None:
    """Let processes that get this environment find aml_magics as ``azureml`` too."""
    before = environment.get("PYTHONPATH", "").split(os.pathsep)
    kept = [one for one in before if one and one != str(FOLDER)]
    environment["PYTHONPATH"] = os.pathsep.join([str(FOLDER), *kept])


def other() -> str | None:
    """Where another ``azureml.core`` is installed, such as Microsoft's; None where there is none."""
    places = [one for one in sys.path if one and Path(one) != FOLDER]
    for place in places:
        found = PathFinder.find_spec("core", [str(Path(place) / NAME)])
        if found is not None and found.origin is not None:
            return str(Path(place) / NAME)
    return None


def _place_of_imported() -> str:
    module = sys.modules[NAME]
    paths = list(getattr(module, "__path__", []))
    return paths[0] if paths else repr(module)
