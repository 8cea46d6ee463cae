"""What Azure ML SDK v1 has and aml_magics has not: an ImportError that says so."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from typing import TYPE_CHECKING, Final, NoReturn

from aml_magics import _namespace
from aml_magics._version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

PREFIX: Final = f"{_namespace.NAME}."


class MissingFinder(MetaPathFinder):
    """The last to be asked for a module: what nobody found below ``azureml`` is not there."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Nothing.

        Raises:
            ImportError: the name lies below our ``azureml``. It is no ModuleNotFoundError, which the
                statement ``from azureml.core import Name`` would swallow for one of its own.
        """
        del path, target
        if fullname.startswith(PREFIX) and _namespace.is_ours():
            _refuse(fullname)
        return None


def announce() -> None:
    """Called by ``import azureml``: watch for what is missing, and say if another one is hidden."""
    if not any(isinstance(finder, MissingFinder) for finder in sys.meta_path):
        sys.meta_path.append(MissingFinder())
    hidden = _namespace.other()
    if hidden is not None:
        print(  # noqa: T201 -- one line, before anything could surprise
            f"azureml is aml_magics {VERSION} here, before the one in {hidden} (`%aml azureml off` to use that).",
            file=sys.stderr,
        )


def refuse(module: str) -> Callable[[str], NoReturn]:
    """The ``__getattr__`` of a module of names: what it lacks is said to be not available.

    Names that begin with an underscore are asked for by tools, which expect an AttributeError.
    """

    def missing(name: str) -> NoReturn:
        if name.startswith("_"):
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        _refuse(f"{module}.{name}")

    return missing


def _refuse(name: str) -> NoReturn:
    raise ImportError(f"{name} is not available in aml_magics {VERSION}.", name=name)
