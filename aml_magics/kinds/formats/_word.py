"""Options that are one of some words, and the encodings of text among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.errors import InvalidDatasetError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection

ENCODINGS: Final = {
    "utf8": "utf-8",
    "iso88591": "latin-1",
    "latin1": "latin-1",
    "ascii": "utf-8",
    "utf16": "utf-16",
    "utf32": "utf-32",
    "utf8bom": "utf-8",
    "windows1252": "cp1252",
}
"""The codec of each encoding, by Azure's word for it."""


def check_word(option: str, word: str, known: Collection[str]) -> None:
    """Check an option.

    Raises:
        InvalidDatasetError: the word is none of those that are known.
    """
    if word not in known:
        near = did_you_mean(word, known) or f" There are: {', '.join(known)}."
        raise InvalidDatasetError(f"There is no {option} {word!r:.60}.{near}")
