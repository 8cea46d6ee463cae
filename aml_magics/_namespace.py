"""``import azureml``: which package answers it in this process.

Our files below ``compat/azureml`` only re-export names at the import paths of Azure ML SDK v1. Their
folder comes first on ``sys.path``; nothing of Microsoft's is changed.
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
"""The folder to put on ``PYTHONPATH`` of a script or ``sys.path`` of a kernel."""

_LINE_FILE: Final = "aml_magics_azureml.pth"

OLD_NUMPY: Final = "AML_MAGICS_NUMPY_ALIASES"
"""The environment variable for numpy's old names."""


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
    """Undo :func:`take`; names that were imported stay as they are."""
    leave_path()
    if is_ours():
        for name in [one for one in sys.modules if one == NAME or one.startswith(f"{NAME}.")]:
            del sys.modules[name]


def leave_path() -> None:
    """Take our folder off ``sys.path``."""
    sys.path[:] = [one for one in sys.path if one != str(FOLDER)]


class OffFinder:
    """The last finder: it tells an unanswered ``import azureml`` how to switch it on."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return None for other modules.

        Raises:
            AzuremlOffError: code imports ``azureml``, and aml_magics is not switched on.
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
    """From now on, explain a failing ``import azureml``."""
    sys.meta_path.append(OffFinder())


def explain_no_more() -> None:
    """Undo :func:`explain_when_off`."""
    sys.meta_path[:] = [one for one in sys.meta_path if not isinstance(one, OffFinder)]


def is_imported() -> bool:
    """Whether an import statement asks the calling finder.

    Tools ask finders whether a module exists, and expect no error if it does not.
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
    """Let every process of a Python find aml_magics as ``azureml``, or no longer.

    A file in its site-packages does it.

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
    """Whether every process of the Python with these site-packages finds aml_magics."""
    return (place / _LINE_FILE).is_file()


def give_to_children(environment: dict[str, str]) -> None:
    """Let processes started with this environment find aml_magics as ``azureml``."""
    before = environment.get("PYTHONPATH", "").split(os.pathsep)
    kept = [one for one in before if one and one != str(FOLDER)]
    environment["PYTHONPATH"] = os.pathsep.join([str(FOLDER), *kept])


def other() -> str | None:
    """Where another ``azureml.core`` is installed, such as Microsoft's; None if it is not."""
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
