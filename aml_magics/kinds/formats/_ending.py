"""The end of a delimited file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.errors import InvalidDataError

if TYPE_CHECKING:
    from aml_magics.kinds.formats._base import InputFile

_GLANCE: Final = 65_536


def check_last_line(file: InputFile, longest: int) -> None:
    """See that the last line of a file is none that is too long.

    Args:
        file: one of more than ``longest`` bytes.
        longest: bytes that a line may have.

    Raises:
        InvalidDataError: it has more.
    """
    for size in (_GLANCE, longest):
        # in UTF-16 an end of a line has a NUL beside it
        end = file.ending(size).rstrip(b"\r\n\0")
        if b"\n" in end or b"\r" in end:
            return
    raise InvalidDataError(
        f"{file.name!r:.300}: its last line is longer than a line may be ({longest:,} bytes); is it text with separators?"
    )
