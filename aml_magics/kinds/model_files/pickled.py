"""Pickles: of Python, cloudpickle and joblib, plain or compressed."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from typing import IO, Final

from aml_magics.kinds.model_files._base import Content, ModelFileKind
from aml_magics.kinds.model_files._symbolic import names_in

_PACKED: Final = (
    (b"\x1f\x8b", gzip.open),
    (b"BZh", bz2.open),
    (b"\xfd7zXZ", lzma.open),
    (b"]\x00\x00", lzma.open),
)
_ZLIB: Final = (b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")
_NAMES: Final = (".pkl", ".pickle", ".joblib", ".pt", ".pth")

MOST_BYTES: Final = 1 << 30
"""Of a compressed pickle, after unpacking."""

_RISKY: Final = frozenset(
    {
        "asyncio", "bdb", "code", "commands", "ctypes", "httplib", "importlib", "marshal", "nt", "os", "pdb", "pip",
        "posix", "pty", "requests", "runpy", "shutil", "signal", "socket", "ssl", "subprocess", "sys", "types",
        "urllib", "webbrowser",
    }
)  # fmt: skip
"""Modules that a model has no use for when it is loaded."""

_RISKY_BUILTINS: Final = frozenset(
    {
        "__import__",
        "compile",
        "delattr",
        "eval",
        "exec",
        "getattr",
        "globals",
        "input",
        "open",
        "setattr",
        "vars",
    }
)


class Pickled(ModelFileKind):
    """A pickle, which runs code of those names that it imports when it is loaded."""

    title = "pickle"

    def matches(self, name: str, head: bytes) -> bool:
        """By the first bytes, and the name where they do not tell."""
        is_named = name.lower().endswith(_NAMES)
        is_pickle = head[:1] == b"\x80" and len(head) > 1 and head[1] <= 5
        is_packed = head[:2] in _ZLIB or any(head.startswith(mark) for mark, _ in _PACKED)
        return is_pickle or (
            is_named and (is_packed or head.startswith((b"(", b"c", b"]", b"}", b"l")))
        )

    def read(self, file: IO[bytes], size: int) -> Content:
        """Protocol, packages, and all names that loading it would import."""
        head = file.read(6)
        file.seek(0)
        notices: list[str] = []
        facts: list[tuple[str, str]] = []
        if head[:1] != b"\x80":
            data = _unpacked(file, head)
            if data is not None:
                facts.append(("Compressed", f"{size:,} bytes"))
                if len(data) > MOST_BYTES:
                    notices.append(f"Only its first {MOST_BYTES:,} bytes were unpacked.")
                file, size = io.BytesIO(data[:MOST_BYTES]), min(len(data), MOST_BYTES)
                head = data[:2]
        if head[:1] == b"\x80":
            facts.append(("Protocol", str(head[1])))
        names, problem = names_in(file, size)
        if problem:
            notices.append(f"Not all of it could be read: {problem}.")
        packages = sorted({name.partition(".")[0] for name in names} - {"builtins", "copyreg"})
        facts.append(("Packages", ", ".join(packages) or "none"))
        return Content(
            self.title, tuple(facts), tuple(names), tuple(filter(is_risky, names)), tuple(notices)
        )


def is_risky(name: str) -> bool:
    """Whether a name that a pickle imports can run anything."""
    module, _, function = name.rpartition(".")
    top = module.partition(".")[0]
    if top in ("builtins", "__builtin__"):
        return function in _RISKY_BUILTINS
    return top in _RISKY


def _unpacked(file: IO[bytes], head: bytes) -> bytes | None:
    """The pickle in a compressed file, at most one byte more than ``MOST_BYTES``; None if it is not compressed."""
    try:
        for mark, opened in _PACKED:
            if head.startswith(mark):
                with opened(file, "rb") as packed:
                    return bytes(packed.read(MOST_BYTES + 1))
        if head[:2] in _ZLIB:
            return zlib.decompressobj().decompress(file.read(), MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        raise ValueError(f"its compression breaks: {error}") from error
    return None
