"""``import azureml``: whose it is in this process.

Our files below ``compat/azureml`` only re-export names at the import paths of Azure ML SDK v1. They are
found by putting their folder first on the path of imports; nothing of Microsoft's is changed.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aml_magics.errors import AzuremlOffError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

NAME: Final = "azureml"
FOLDER: Final = Path(__file__).parent / "compat"
"""What the path of imports needs: ``PYTHONPATH`` of a script, ``sys.path`` of a kernel."""

_LINE_FILE: Final = "aml_magics_azureml.pth"

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


class OffFinder:
    """The last to be asked for a module: an ``import azureml`` that nobody answers is told how we would."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Nothing, for other modules.

        Raises:
            AzuremlOffError: an import asks for it, where aml_magics is not switched on.
        """
        del path, target
        if fullname == NAME and is_imported():
            raise AzuremlOffError(
                "No module named 'azureml'. aml_magics gives it after `%aml azureml on`, and always in the kernel "
                '"Azure ML (local)"; to a script by `aml-magics python script.py`, and to all of this Python by '
                "`aml-magics azureml on`.",
                name=NAME,
            )
        return None


def explain_when_off() -> None:
    """Tell from now on how to switch it on, where it is missed."""
    sys.meta_path.append(OffFinder())


def explain_no_more() -> None:
    """Take that back."""
    sys.meta_path[:] = [one for one in sys.meta_path if not isinstance(one, OffFinder)]


def is_imported() -> bool:
    """Whether a finder, which calls this, is asked by an import.

    Tools ask finders whether there is a module, and expect no error where there is none.
    """
    caller = sys._getframe(2).f_back  # noqa: SLF001 -- finders are not told; of importlib's `_find_spec`
    return caller is not None and caller.f_code.co_name == "_find_and_load_unlocked"


def is_on() -> bool:
    """Whether ``import azureml`` finds aml_magics."""
    return is_ours() if NAME in sys.modules else str(FOLDER) in sys.path


def is_ours() -> bool:
    """Whether the ``azureml`` that this process has imported is aml_magics."""
    file = getattr(sys.modules.get(NAME), "__file__", None)
    return file is not None and Path(file).is_relative_to(FOLDER)


def give_to_python(place: Path, *, is_given: bool) -> None:
    """Let each process of a Python find aml_magics as ``azureml``, or no more, by a file among its packages.

    Args:
        place: the folder of its packages.
        is_given: whether it is to find it.

    Raises:
        UsageError: the folder cannot be written.
    """
    path = place / _LINE_FILE
    try:
        if is_given:
            # first of all, as PYTHONPATH: one that is installed would come before ours
            line = (
                f"import os, sys; p = {str(FOLDER)!a}; os.path.isdir(p) and sys.path.insert(0, p)\n"
            )
            path.write_text(line, encoding="ascii")
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be {'written' if is_given else 'removed'} ({error.strerror}). "
            "`aml-magics python script.py` gives azureml to one script without it."
        ) from None


def is_given_to_python(place: Path) -> bool:
    """Whether each process of the Python whose packages lie there finds aml_magics."""
    return (place / _LINE_FILE).is_file()


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
