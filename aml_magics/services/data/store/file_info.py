"""What a listing tells of a file."""

from __future__ import annotations

from typing import Final, NamedTuple

from aml_magics.errors import InvalidPathError

UNFINISHED: Final = ".aml-part"
"""How the name of a file ends that is being written; it is moved to its own name when it is whole."""


class Entry(NamedTuple):
    """A file that is there.

    ``below`` is its path below the root, with ``/``; ``size`` in bytes; ``stamp`` changes when the
    contents do; ``changed`` is seconds since the epoch.
    """

    below: str
    size: int
    stamp: str
    changed: float | None


def checked(below: str, place_name: str) -> str:
    """The path of a listed file.

    Raises:
        InvalidPathError: it would lead out of the root when it is followed.
    """
    if below.startswith("/") or "\0" in below or not {".", ".."}.isdisjoint(below.split("/")):
        raise InvalidPathError(
            f"{place_name} has a file whose name leads out of its folder: {below!r:.200}. Nothing of it was read: "
            "give the file another name there, or leave it out by a pattern."
        )
    return below
