"""Refuse, by name, whatever Azure ML SDK v1 has below ``azureml`` and aml_magics has not."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING, Any, Final, NoReturn

from aml_magics import _namespace
from aml_magics._version import VERSION
from aml_magics.sdk import handles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

PREFIX: Final = f"{_namespace.NAME}."
PLACE: Final = str(_namespace.FOLDER / _namespace.NAME)
_OF_SDK: Final = frozenset(
    (
        "accel", "automl", "contrib", "core", "data", "datadrift", "dataprep", "exceptions", "explain", "history",
        "interpret", "mlflow", "monitoring", "opendatasets", "pipeline", "responsibleai", "telemetry", "tensorboard", "train",
        "training", "widgets",
    )
)  # fmt: skip
"""Subpackages of Azure ML SDK v1. They need each other, so one of Microsoft's beside ours breaks.
"""


class AzuremlFinder(MetaPathFinder):
    """The first finder for modules below our ``azureml``."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find our module of that name; None outside ``azureml``.

        Raises:
            ImportError: aml_magics has no such module. It is not ModuleNotFoundError, which the statement
                ``from azureml.core import Name`` would swallow for one of its own.
        """
        if not (fullname.startswith(PREFIX) and _namespace.is_ours()):
            return None
        name = fullname.removeprefix(PREFIX)
        places = [PLACE] if name in _OF_SDK or name.startswith("_") else path
        found = PathFinder.find_spec(fullname, places, target)
        if found is None and _namespace.is_imported():
            raise ImportError(_refusal(fullname), name=fullname)
        return found


def announce() -> None:
    """On ``import azureml``: install the finder, and warn if another ``azureml`` is hidden."""
    if not any(isinstance(finder, AzuremlFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, AzuremlFinder())
    hidden = _namespace.other()
    if hidden is not None:
        print(  # noqa: T201 -- one line, before anything could surprise
            f"azureml is aml_magics {VERSION} here, before the one in {hidden} (`%aml azureml off` to use that).",
            file=sys.stderr,
        )


def refuse(module: str) -> Callable[[str], NoReturn]:
    """Make the ``__getattr__`` of a module of names; it refuses missing names.

    The module gets an empty ``__path__``, as a package has. So ``from module import Name`` asks for a
    module of that name, and the finder refuses it in the same words.
    """
    names = vars(sys.modules[module])
    names.setdefault("__path__", [])
    names.setdefault(
        "__all__", [name for name in names if not name.startswith("_") and name != refuse.__name__]
    )

    def missing(name: str) -> NoReturn:
        raise AttributeError(_refusal(f"{module}.{name}"), name=name)

    return missing


def load(module: str, names: Sequence[str]) -> Callable[[str], Any]:
    """Make the ``__getattr__`` of a package: its names and submodules load at their first use.

    Args:
        names: those of :mod:`aml_magics.sdk.handles` that it has.
    """

    def found(name: str) -> Any:  # noqa: ANN401 -- a class or a module
        if name in names:
            return getattr(handles, name)
        if not name.startswith("_"):  # tools ask for many of those
            try:
                return import_module(f"{module}.{name}")
            except ImportError as error:
                raise AttributeError(_refusal(f"{module}.{name}"), name=name) from error
        raise AttributeError(f"module {module!r} has no attribute {name!r}", name=name)

    return found


def _refusal(name: str) -> str:
    return f"{name} is not available in aml_magics {VERSION}."
