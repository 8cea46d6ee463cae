"""Reads a pickle without running it.

Python's own unpickler is made to find, for each name that a pickle asks for, a class of no effect in its place. What
the pickle would call, build and fill becomes a :class:`Symbol` that only remembers its name. The arrays that joblib
writes between the opcodes are passed over.
"""

from __future__ import annotations

import math
import pickle
import struct
from typing import IO, Any, Final

MOST_STEPS: Final = 3_000_000
"""Reads of a pickle's bytes; a large model has about one for each tree node that is not in an array."""

_JOBLIB_ARRAY: Final = "joblib.numpy_pickle.NumpyArrayWrapper"


_BROKEN: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
    pickle.UnpicklingError,
    struct.error,
)
"""What Python's unpickler raises for what is no pickle."""


class UnreadableError(ValueError):
    """The pickle ends or breaks somewhere."""


class Symbol:
    """What a pickle names, calls, builds or fills; it has no effect."""

    name = ""

    def __init__(self, *args: object, **_named: object) -> None:
        self.args = args

    def __call__(self, *args: object, **_named: object) -> Symbol:
        return Symbol(*args)

    def append(self, _item: object) -> None:
        """Take an item, and forget it."""

    extend = add = update = append

    def __setitem__(self, _key: object, _value: object) -> None:
        """Take an item, and forget it."""


def names_in(file: IO[bytes], size: int) -> tuple[list[str], str]:
    """The names that a pickle imports, in their order, and what could not be read of it, if anything."""
    reader = _Reader(file, size)
    unpickler = _Unpickler(reader)
    problem = ""
    try:
        while reader.left:
            unpickler.load()
    except UnreadableError as error:
        problem = str(error)
    except _BROKEN as error:
        problem = f"it breaks near byte {reader.place:,} ({type(error).__name__})"
    return list(dict.fromkeys(unpickler.names)), problem


class _Reader:
    """The bytes of a file, counted; a read beyond its end is refused before memory is taken for it."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file = file
        self._size = size
        self.place = 0
        self._steps = 0

    @property
    def left(self) -> int:
        """Bytes to the end."""
        return self._size - self.place

    def read(self, count: int) -> bytes:
        self._step(count)
        data = self._file.read(count)
        self.place += len(data)
        return data

    def readline(self) -> bytes:
        self._step(0)
        data = self._file.readline(1 << 16)
        self.place += len(data)
        return data

    def skip(self, count: int) -> None:
        """Pass over bytes."""
        self._step(count)
        self._file.seek(count, 1)
        self.place += count

    def _step(self, count: int) -> None:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise UnreadableError(f"only its first {self.place:,} bytes were read")
        if count < 0 or count > self.left:
            raise UnreadableError(f"it ends in the middle, at byte {self.place:,}")


# the one that is written in Python; the other can be made to call nothing but what it finds, too, but not to skip bytes
_Python: Any = pickle._Unpickler  # noqa: SLF001


class _Unpickler(_Python):  # type: ignore[misc]
    """Finds symbols where Python's finds what a pickle names."""

    dispatch = dict(_Python.dispatch)  # a copy: the table belongs to Python's class

    def __init__(self, reader: _Reader) -> None:
        super().__init__(reader)
        self.names: list[str] = []
        self._reader = reader

    def find_class(self, module: str, name: str) -> type[Symbol]:
        found = f"{module}.{name}"
        self.names.append(found)
        return type("Symbol", (Symbol,), {"name": found})

    def get_extension(self, code: int) -> None:
        """A number that stands for a name by an agreement of two programs."""
        self.append(self.find_class("copyreg", f"extension_{code}"))

    def persistent_load(self, pid: object) -> Symbol:
        """What lies outside of the pickle, such as the tensors of PyTorch."""
        return Symbol(pid)

    def load_build(self) -> None:
        """Forget what an object is filled with, but for an array of joblib."""
        state = self.stack.pop()
        built = self.stack[-1]
        if isinstance(built, Symbol) and built.name == _JOBLIB_ARRAY:
            self._pass_array(state if isinstance(state, dict) else {})

    dispatch[pickle.BUILD[0]] = load_build

    def _pass_array(self, described: dict[str, Any]) -> None:
        """Joblib writes the bytes of an array behind the object that describes it; those of objects as a pickle."""
        dtype, shape = described.get("dtype"), described.get("shape")
        code = dtype.args[0] if isinstance(dtype, Symbol) and dtype.args else None
        if code in ("O", "O8"):
            inner = _Unpickler(self._reader)
            inner.load()
            self.names += inner.names
            return
        is_shape = isinstance(shape, tuple) and all(type(one) is int and one >= 0 for one in shape)
        if not (is_shape and isinstance(code, str) and code[1:].isdecimal()):
            raise UnreadableError(f"the array at byte {self._reader.place:,} is of an unknown type")
        if described.get("numpy_array_alignment_bytes"):
            self._reader.skip(self._reader.read(1)[0])
        letter = 4 if code.startswith("U") else 1
        self._reader.skip(math.prod(shape or ()) * int(code[1:]) * letter)
