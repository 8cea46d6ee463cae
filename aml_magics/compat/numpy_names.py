"""Names that numpy had when old notebooks were written: ``np.float``, ``np.int``, ``np.NaN`` and so on."""

from __future__ import annotations

import sys
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

_GONE: Final = (1, 24)
"""The first numpy without the old names."""

_BUILTIN: Final[dict[str, type]] = {
    "bool": bool,
    "complex": complex,
    "float": float,
    "int": int,
    "long": int,
    "object": object,
    "str": str,
    "unicode": str,
}
_RENAMED: Final = {
    "ComplexWarning": "exceptions.ComplexWarning",
    "Inf": "inf",
    "Infinity": "inf",
    "NAN": "nan",
    "NaN": "nan",
    "PINF": "inf",
    "RankWarning": "exceptions.RankWarning",
    "VisibleDeprecationWarning": "exceptions.VisibleDeprecationWarning",
    "alltrue": "all",
    "cfloat": "complex128",
    "complex_": "complex128",
    "cumproduct": "cumprod",
    "float_": "float64",
    "infty": "inf",
    "mat": "asmatrix",
    "product": "prod",
    "round_": "round",
    "row_stack": "vstack",
    "singlecomplex": "complex64",
    "sometrue": "any",
    "string_": "bytes_",
    "trapz": "trapezoid",
    "unicode_": "str_",
}


def give(numpy: ModuleType, switch: str, is_on: Callable[[str], bool]) -> None:
    """Add the old names that this version of numpy lacks; a second call does nothing.

    The first use of one prints a line, once per process. Names with another meaning today are not added.

    Args:
        switch: the environment variable that turns the names off.
    """
    major, minor = numpy.__version__.split(".")[:2]
    if (int(major), int(minor)) < _GONE or isinstance(vars(numpy).get("__getattr__"), OldNames):
        return
    vars(numpy)["__getattr__"] = OldNames(numpy, switch, is_on)


class OldNames:
    """The ``__getattr__`` of numpy."""

    def __init__(self, numpy: ModuleType, switch: str, is_on: Callable[[str], bool]) -> None:
        self._numpy = numpy
        self._theirs = numpy.__getattr__
        self._switch = switch
        self._is_on = is_on
        self._is_printed = False

    def __call__(self, name: str) -> Any:  # noqa: ANN401 -- whatever numpy has
        """Return what an old name stood for; any other name goes to numpy."""
        if name in _BUILTIN:
            shown, value = _BUILTIN[name].__name__, _BUILTIN[name]
        elif name in _RENAMED:
            shown, value = f"np.{_RENAMED[name]}", attrgetter(_RENAMED[name])(self._numpy)
        else:
            return self._theirs(name)
        if not self._is_on(self._switch):
            return self._theirs(name)
        if not self._is_printed:
            self._is_printed = True
            print(  # noqa: T201 -- one line, where the user sees what old code meets
                f"numpy {self._numpy.__version__} has no np.{name}: aml_magics gives {shown} for it, and other old "
                f"names as they were ({self._switch}=0 switches that off).",
                file=sys.stderr,
            )
        vars(self._numpy)[name] = value
        return value
