"""What a Python does at its start if old code is to run in it: see ``sitecustomize.py`` beside this.

Every script reads it at its start, so it imports nothing that is not loaded already; older Pythons
read it too. The work itself is in the modules of this folder, which load when they are needed.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # that of typing, which takes longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.abc import Loader
    from importlib.machinery import ModuleSpec
    from types import ModuleType

OLD_NUMPY = "AML_MAGICS_NUMPY_ALIASES"
WITHOUT_AZUREML = "AML_MAGICS_PIP_LEAVES_OUT_AZUREML"
_OFF = ("", "0", "false", "no", "off")


def is_on(variable: str) -> bool:
    """Whether an environment variable turns something on."""
    return os.environ.get(variable, "").lower() not in _OFF


def start() -> None:
    """Apply the environment variables; a second call does nothing."""
    if is_on(OLD_NUMPY):
        if "numpy" in sys.modules:
            _give_old_names(sys.modules["numpy"])
        if not any(isinstance(finder, NumpyFinder) for finder in sys.meta_path):
            sys.meta_path.insert(0, NumpyFinder())
    words = getattr(sys, "argv", [])
    if is_on(WITHOUT_AZUREML) and "install" in words and "azure" in " ".join(words).lower():
        import aml_magics_pip  # type: ignore[import-not-found] # a module of this folder, by the path

        aml_magics_pip.change(sys.argv, getattr(sys, "orig_argv", []), WITHOUT_AZUREML)


def go_on(file: str) -> None:
    """Run the next ``sitecustomize`` on the path, which ours (``file``) hides."""
    here = os.path.dirname(file)  # noqa: PTH120 -- pathlib would be imported for it
    ours = sys.modules.pop("sitecustomize")
    place = sys.path.index(here)
    sys.path[:] = [one for one in sys.path if one != here]
    try:
        import sitecustomize  # type: ignore[import-not-found] # noqa: F401 -- for what it does
    except ImportError as error:
        sys.modules["sitecustomize"] = ours
        if error.name != "sitecustomize":
            raise
    finally:
        sys.path.insert(place, here)


class NumpyFinder:
    """The first finder; it waits for numpy, to add its old names once it is loaded."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return what the other finders say, for numpy with a loader that adds the names."""
        if name != "numpy":
            return None
        for finder in sys.meta_path:
            spec = finder.find_spec(name, path, target) if finder is not self else None
            if spec is not None:
                if spec.loader is not None:
                    _do_more(spec.loader)
                return spec
        return None


def _do_more(loader: Loader) -> None:
    execute = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        execute(module)
        _give_old_names(module)

    loader.exec_module = exec_module  # type: ignore[method-assign]


def _give_old_names(numpy: ModuleType) -> None:
    try:
        from aml_magics.compat import numpy_names
    except (ImportError, SyntaxError):  # a Python that is too old for aml_magics: so is its numpy
        return
    numpy_names.give(numpy, OLD_NUMPY, is_on)
