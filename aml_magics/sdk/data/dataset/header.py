"""What the first lines of delimited files are, as Azure ML SDK v1 names it."""

from __future__ import annotations

from enum import Enum
from typing import Final

from aml_magics.errors import InvalidDatasetError


class PromoteHeadersBehavior(Enum):
    """Which files begin with the names of the columns."""

    NO_HEADERS = 0
    """None has a header; the columns are ``Column1``, ``Column2``, …"""

    ONLY_FIRST_FILE_HAS_HEADERS = 1
    """The first file has one, which counts for all."""

    COMBINE_ALL_FILES_HEADERS = 2
    """Each file has its own, and columns are matched by name."""

    ALL_FILES_HAVE_SAME_HEADERS = 3
    """Each file has the same one."""


_WORDS: Final = {
    PromoteHeadersBehavior.NO_HEADERS: "no_headers",
    PromoteHeadersBehavior.ONLY_FIRST_FILE_HAS_HEADERS: "only_first",
    PromoteHeadersBehavior.COMBINE_ALL_FILES_HEADERS: "all_files_different",
    PromoteHeadersBehavior.ALL_FILES_HAVE_SAME_HEADERS: "all_files_same",
}


def written_header(header: object) -> str:
    """What a definition keeps of ``header``.

    Args:
        header: True, False, or a :class:`PromoteHeadersBehavior`.

    Raises:
        InvalidDatasetError: something else.
    """
    if isinstance(header, bool):
        return "all_files_same" if header else "no_headers"
    if isinstance(header, PromoteHeadersBehavior):
        return _WORDS[header]
    if isinstance(header, str) and header in _WORDS.values():
        return header
    raise InvalidDatasetError(
        "header is True, False or a PromoteHeadersBehavior such as "
        f"PromoteHeadersBehavior.ONLY_FIRST_FILE_HAS_HEADERS, not {header!r:.40}."
    )
