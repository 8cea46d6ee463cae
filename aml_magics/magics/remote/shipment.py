"""Variables sent to a cell in another process, and back."""

from __future__ import annotations

import builtins
import pickle
import socket
import sys
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import UsageError
from aml_magics.magics.cell.upstream import names_of
from aml_magics.views.text.format import bytes_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CELL_FILE: Final = "cell.py"
"""The file of the submitted folder with the cell."""

OPTIONS_FILE: Final = "cell.json"
"""The file of the submitted folder with what else the cell's process is told."""

PYTHON: Final = ".".join(map(str, sys.version_info[:2]))
"""What pickles of functions depend on."""

MOST_BYTES: Final = 256_000_000
_UNPICKLABLE: Final = (
    pickle.PicklingError,
    ArithmeticError,
    AttributeError,
    ImportError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""Errors of pickling, and of the value's own code that takes part in it."""


def used_names(python: str, values: Mapping[str, Any]) -> list[str]:
    """Names of the notebook's variables that the code uses."""
    return sorted(
        name
        for name in names_of(python).used
        if name in values and not hasattr(builtins, name) and name != "get_ipython"
    )


def pack(values: Mapping[str, Any], names: Iterable[str]) -> tuple[bytes, dict[str, int]]:
    """Pickle variables for another process; also returns the bytes of each.

    Functions and classes of the notebook are pickled by value, with what they use; modules by name.

    Raises:
        UsageError: a variable cannot be pickled, or together they are too large.
    """
    import cloudpickle

    packed: dict[str, bytes] = {}
    for name in names:
        try:
            packed[name] = cloudpickle.dumps(values[name])
        except _UNPICKLABLE as error:
            raise UsageError(
                f"{name!r} ({type(values[name]).__name__}) cannot go to another process: {error}. "
                "Make it in the cell itself."
            ) from error
    sizes = {name: len(data) for name, data in packed.items()}
    total = sum(sizes.values())
    if total > MOST_BYTES:
        largest = max(sizes, key=lambda name: sizes[name])
        raise UsageError(
            f"The cell takes {bytes_text(total)} of variables along; {bytes_text(MOST_BYTES)} can go. "
            f"The largest is {largest!r} ({bytes_text(sizes[largest])}): load it in the cell itself."
        )
    return cloudpickle.dumps(packed), sizes


def unpack(data: bytes) -> dict[str, Any]:
    """Unpickle a shipment; only this user's own processes make any.

    Raises:
        UsageError: a variable needs a module that this Python does not have.
    """
    values = {}
    for name, value in pickle.loads(data).items():  # noqa: S301 -- as above
        try:
            values[name] = pickle.loads(value)  # noqa: S301 -- as above
        except ModuleNotFoundError as error:
            raise UsageError(
                f"What a variable is made of has to be where it goes: {name!r} needs the module {error.name!r}, which "
                f"{socket.gethostname()} does not have. Define it in the notebook, where it goes along, or install it there."
            ) from error
    return values


def sizes_text(sizes: Mapping[str, int]) -> str:
    """The variables with their sizes, largest first: ``X_train 1.2 MB, model 3.4 kB``."""
    ordered = sorted(sizes, key=lambda name: -sizes[name])
    shown = [f"{name} {bytes_text(sizes[name])}" for name in ordered[:8]]
    more = f" and {len(ordered) - 8} more" if len(ordered) > 8 else ""
    return ", ".join(shown) + more
