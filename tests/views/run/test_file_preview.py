from __future__ import annotations

import base64
import io
import pickle
from typing import TYPE_CHECKING

import pytest

from aml_magics.errors import ArtifactNotFoundError, InvalidPathError
from aml_magics.services.run import artifact, run
from aml_magics.views.run.file_preview import (
    IMAGE_BYTES,
    FilePreviewView,
    file_preview,
    preview_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.store.store import Store

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def seen(data: bytes, name: str = "a.txt") -> FilePreviewView:
    return preview_of(name, len(data), data)


def test_text_is_shown(sqlite_store: Store) -> None:
    record = run.start(sqlite_store, "digits")
    artifact.add_file(sqlite_store, record, "a.py", io.BytesIO("é = 1\n".encode()))
    view = file_preview(sqlite_store, record, "a.py")

    assert (view.text, view.media_type, view.is_whole, view.size) == (
        "é = 1\n",
        "text/plain",
        True,
        7,
    )


def test_a_long_text_is_cut_at_a_letter() -> None:
    view = seen(b"x" + "é".encode() * 50_000)

    assert view.text is not None
    assert view.text.endswith("é")
    assert (view.is_whole, "first 64.0 kB" in view.message) == (False, True)


@pytest.mark.parametrize("data", [PNG, b"GIF89a" + bytes(9), b"RIFF\0\0\0\0WEBP", b"\xff\xd8\xff"])
def test_an_image_is_told_by_its_bytes(data: bytes) -> None:
    view = seen(data, "a.txt")

    assert view.image is not None
    assert base64.b64decode(view.image) == data
    assert view.media_type.startswith("image/")


def test_an_image_that_is_too_large_is_said_to_be(sqlite_store: Store) -> None:
    record = run.start(sqlite_store, "digits")
    big = PNG + bytes(IMAGE_BYTES)
    artifact.add_file(sqlite_store, record, "a.png", io.BytesIO(big))
    artifact.add_file(sqlite_store, record, "b.png", io.BytesIO(big[:IMAGE_BYTES]))

    assert "too large" in file_preview(sqlite_store, record, "a.png").message
    view = file_preview(sqlite_store, record, "b.png")
    assert view.image is not None
    assert len(base64.b64decode(view.image)) == IMAGE_BYTES


@pytest.mark.parametrize("text", ["<svg onload=alert(1)></svg>", "<html><script>1</script>"])
@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.png"])
def test_markup_is_letters(text: str, name: str) -> None:
    view = seen(text.encode(), name)

    assert (view.text, view.image, view.media_type) == (text, None, "text/plain")


class Trap:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, ("open('trapped', 'w')",)


@pytest.mark.parametrize("name", ["model.pkl", "model.txt", "model.joblib"])
def test_a_pickle_is_never_loaded(name: str, tmp_path: Path) -> None:
    view = seen(pickle.dumps(Trap()), name)

    assert (view.text, view.table, view.image) == (None, None, None)
    assert "A pickle can run any code" in view.message
    assert not (tmp_path / "trapped").exists()


def test_other_bytes_are_said_to_be_no_text() -> None:
    assert "is not text" in seen(bytes(range(256))).message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_a_table_is_read_whatever_its_letters(encoding: str) -> None:
    view = seen('name,é\r\n"a,b",1\r\n\r\nc,2,3\n'.encode(encoding), "a.csv")

    assert view.table is not None
    assert view.table.columns == ("name", "é", "column 3")
    assert view.table.rows == (("a,b", "1", None), ("c", "2", "3"))
    assert (view.table.count, view.is_whole) == (2, True)


def test_a_long_and_wide_table_is_shown_in_part() -> None:
    rows = [",".join(str(number) for number in range(300))] * 500
    view = seen("\n".join(rows).encode(), "a.csv")

    assert view.table is not None
    assert (len(view.table.rows), len(view.table.columns), view.table.count) == (100, 200, 499)
    assert view.message == "The first 100 rows of 499. The first 200 of 300 columns."


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\n" + b"x" * 200_000,
        b"\0" * 10,
        b"",
        b"\n\n",
        b'"' * 99_999,
        b"," * 100_000,
        b"a\rb\nc",
    ],
)
def test_a_hostile_table_is_shown_somehow(data: bytes) -> None:
    view = seen(data, "a.csv")

    assert view.table is not None or view.text is not None or view.message


def test_a_name_that_is_not_there_is_refused(sqlite_store: Store) -> None:
    record = run.start(sqlite_store, "digits")
    with pytest.raises(ArtifactNotFoundError, match="has no file 'a'"):
        file_preview(sqlite_store, record, "a")
    with pytest.raises(InvalidPathError, match="climbs out"):
        file_preview(sqlite_store, record, "../a")
