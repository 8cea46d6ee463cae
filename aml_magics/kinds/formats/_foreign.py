"""What a file is that is no text, told by its first bytes."""

from __future__ import annotations

from typing import Final

_PICKLE: Final = "a pickle of Python, which could run anything and is never loaded"
_SIGNS: Final = (
    (b"PAR1\x15", "a Parquet file; read it by Dataset.Tabular.from_parquet_files"),
    (b"\x1f\x8b", "packed by gzip; end its name with .gz, or unpack it"),
    (b"\x28\xb5\x2f\xfd", "packed by zstd; end its name with .zst, or unpack it"),
    (b"BZh91AY&SY", "packed by bzip2; unpack it, or pack it with gzip instead"),
    (b"\xfd7zXZ\x00", "packed by xz; unpack it, or pack it with gzip instead"),
    (b"7z\xbc\xaf\x27\x1c", "packed by 7-Zip; unpack it, or pack it with gzip instead"),
    (b"PK\x03\x04", "a zip file or an Excel workbook; unpack it, or save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook; save the sheet as CSV"),
    (
        b"SQLite format 3\x00",
        "an SQLite database; read it by a datastore and Dataset.Tabular.from_sql_query",
    ),
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "an image; Dataset.File.from_files takes files of any kind"),
    (b"\xff\xd8\xff", "an image; Dataset.File.from_files takes files of any kind"),
    *((bytes((0x80, protocol)), _PICKLE) for protocol in range(2, 6)),
)


def foreign(head: bytes) -> str:
    """What a file is, and what to do with it: ``"a PDF document"``; empty where it may be text.

    Args:
        head: its first bytes.
    """
    return next((what for sign, what in _SIGNS if head.startswith(sign)), "")
