"""A run's file: its preview, for which its bytes and not its name decide how it is shown, and its download."""

from __future__ import annotations

import base64
import codecs
import csv
import io
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Final

from aml_magics.errors import ArtifactNotFoundError
from aml_magics.services.run import artifact, run
from aml_magics.services.run.artifact import image_type
from aml_magics.services.run.log import live_log_path
from aml_magics.views.chart.table import TableView
from aml_magics.views.text.format import bytes_text, count_text

if TYPE_CHECKING:
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

TEXT_BYTES: Final = 64_000
TABLE_BYTES: Final = 1_000_000
IMAGE_BYTES: Final = 5_000_000
ROWS: Final = 100
COLUMNS: Final = 200
CELL: Final = 500
_IMAGES: Final = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
}
_DELIMITERS: Final = {".csv": ",", ".tsv": "\t"}
_PICKLES: Final = frozenset((".pkl", ".pickle", ".joblib", ".pt", ".pth", ".npy_pickle", ".dill"))
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_TEXT: Final = frozenset(range(32)) - set(b"\t\n\r\f\b\x1b")


@dataclass(frozen=True, slots=True)
class FilePreviewView:
    """Text, a table, or an image in base64; otherwise ``message`` gives the reason.

    ``size`` is in bytes; ``is_whole`` says whether the file is complete here.
    """

    name: str
    size: int
    media_type: str
    text: str | None = None
    table: TableView | None = None
    image: str | None = None
    is_whole: bool = False
    message: str = ""


def file_preview(store: Store, record: RunRecord, name: str) -> FilePreviewView:
    """The preview of a file; nothing in it is executed, and no pickle is ever loaded."""
    found = artifact.find_file(store, record, name)
    with store.blobs.open(found.digest) as stream:
        head = stream.read(TABLE_BYTES + 1)
        rest = stream.read(IMAGE_BYTES + 1 - len(head)) if _media_type(head) else b""
    return preview_of(found.name, found.size, head + rest)


def preview_of(name: str, size: int, data: bytes) -> FilePreviewView:
    """The preview from the first bytes of a file."""
    media_type = _media_type(data)
    if media_type:
        if size > IMAGE_BYTES:
            message = f"An image of {bytes_text(size)} is too large to be shown here; download it."
            return FilePreviewView(name, size, media_type, message=message)
        image = base64.b64encode(data).decode()
        return FilePreviewView(name, size, media_type, image=image, is_whole=True)
    if _is_pickle(name, data):
        message = "A pickle can run any code when it is loaded, so it is not opened here."
        return FilePreviewView(name, size, "application/octet-stream", message=message)
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _DELIMITERS:
        view = _table(name, size, data, _DELIMITERS[suffix])
        if view is not None:
            return view
    text = _text(data[:TEXT_BYTES])
    if text is None:
        message = "This file is not text, nor an image that can be shown here; download it."
        return FilePreviewView(name, size, "application/octet-stream", message=message)
    is_whole = size <= TEXT_BYTES
    message = "" if is_whole else f"The first {bytes_text(TEXT_BYTES)} of {bytes_text(size)}."
    # any markup, SVG and HTML above all, is shown as source text
    return FilePreviewView(name, size, "text/plain", text=text, is_whole=is_whole, message=message)


def _media_type(data: bytes) -> str:
    return _IMAGES.get(image_type(data[:4096]) or "", "")


def _is_pickle(name: str, data: bytes) -> bool:
    """Whether a file is a pickle, by its name or by the header of pickle protocol 2 and later."""
    begins = len(data) > 1 and data[0] == 0x80 and 2 <= data[1] <= 5
    return begins or PurePosixPath(name).suffix.lower() in _PICKLES


def _text(data: bytes) -> str | None:
    """The bytes as text, or None if they are not; a character cut at the end is dropped."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return codecs.getincrementaldecoder(encoding)("replace").decode(data)
    if b"\0" in data:
        return None
    try:
        return codecs.getincrementaldecoder("utf-8")("strict").decode(data)
    except UnicodeDecodeError:
        pass
    strange = sum(1 for byte in data if byte in _NO_TEXT)
    return data.decode("latin-1") if strange * 100 <= len(data) else None


def _table(name: str, size: int, data: bytes, delimiter: str) -> FilePreviewView | None:
    """The first rows of a table, or None if the file is not a table."""
    text = _text(data[:TABLE_BYTES])
    if text is None:
        return None
    is_all = size <= TABLE_BYTES
    rows: list[list[str]] = []
    count = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if row:
                count += 1
                if len(rows) <= ROWS:
                    rows.append(row)
    except csv.Error:  # a field of over 128 kB, a stray carriage return
        return None
    if not rows:
        return None
    if not is_all and count > 1:
        count -= 1  # the last one is cut
    width = max(len(row) for row in rows)
    shown = min(width, COLUMNS)
    columns = tuple(_cell(rows[0], index) or f"column {index + 1}" for index in range(shown))
    cells = tuple(
        tuple(_cell(row, index) if index < len(row) else None for index in range(shown))
        for row in rows[1 : ROWS + 1]
    )
    notes = []
    if count - 1 > len(cells) or not is_all:
        more = "" if is_all else "more than "
        notes.append(f"The first {count_text(len(cells), 'row')} of {more}{count - 1:,}.")
    if width > shown:
        notes.append(f"The first {shown} of {width:,} columns.")
    return FilePreviewView(
        name,
        size,
        "text/csv",
        table=TableView(columns, cells, count - 1),
        is_whole=not notes,
        message=" ".join(notes),
    )


def _cell(row: list[str], index: int) -> str:
    text = row[index] if index < len(row) else ""
    return text if len(text) <= CELL else f"{text[:CELL]}…"


def open_download(store: Store, run_id: str, name: str) -> tuple[IO[bytes], int, str]:
    """A file's stream, its size in bytes and its digest.

    The output of a live run is served as it is so far, without a digest.
    """
    record = run.get(store, run_id)
    try:
        found = artifact.find_file(store, record, name)
    except ArtifactNotFoundError:
        path = live_log_path(store, record, name)
        if path is None or not path.exists():
            raise
        return path.open("rb"), path.stat().st_size, ""
    return store.blobs.open(found.digest), found.size, found.digest
