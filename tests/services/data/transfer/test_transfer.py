"""Files that go there and back, wherever that is."""

from __future__ import annotations

import os

import pytest

from aml_magics.errors import InvalidPathError
from aml_magics.services.data.transfer.transfer import upload
from tests.fixtures.datastore_files import texts
from tests.fixtures.transfers import fetched, made


class Told:
    """What was told, as lines."""

    def __init__(self):
        self.lines = []

    def __call__(self, event):
        self.lines.append((event.step, event.target, event.done, event.total))


def test_files_go_there_and_back(sqlite_store, anywhere, tmp_path):
    pairs = made(tmp_path / "from", a="1", b="22", c="")
    assert upload(sqlite_store, anywhere, pairs, overwrite=False) == 3
    paths = fetched(sqlite_store, anywhere, tmp_path / "to")
    assert texts(tmp_path / "to") == {"data/a": "1", "data/b": "22", "data/c": ""}
    assert paths == [tmp_path / "to" / "data" / name for name in "abc"]


def test_files_that_are_there_are_left_and_told_of(sqlite_store, anywhere, tmp_path):
    upload(sqlite_store, anywhere, made(tmp_path / "from", a="old"), overwrite=False)
    told = Told()
    pairs = made(tmp_path / "from", a="new", b="b")
    assert upload(sqlite_store, anywhere, pairs, overwrite=False, on_event=told) == 1
    assert ("skip", "data/a", 0, 2) in told.lines
    assert ("end", "data/b", 1, 2) in told.lines
    fetched(sqlite_store, anywhere, tmp_path / "to")
    assert texts(tmp_path / "to") == {"data/a": "old", "data/b": "b"}


def test_files_that_are_there_are_replaced_when_asked(sqlite_store, anywhere, tmp_path):
    for text in ("old", "new"):
        pairs = made(tmp_path / "from", a=text)
        assert upload(sqlite_store, anywhere, pairs, overwrite=True) == 1
    made(tmp_path / "to/data", a="mine")
    fetched(sqlite_store, anywhere, tmp_path / "to")
    assert texts(tmp_path / "to") == {"data/a": "mine"}
    fetched(sqlite_store, anywhere, tmp_path / "to", overwrite=True)
    assert texts(tmp_path / "to") == {"data/a": "new"}


def test_a_large_file_goes_in_parts(sqlite_store, anywhere, tmp_path):
    source = tmp_path / "large"
    source.write_bytes(os.urandom(70 << 20))
    upload(sqlite_store, anywhere, [(source, "large")], overwrite=False)
    (path,) = fetched(sqlite_store, anywhere, tmp_path / "to")
    assert path.read_bytes() == source.read_bytes()


def test_many_files_in_many_folders_are_moved(sqlite_store, anywhere, tmp_path):
    pairs = made(tmp_path / "from", **{f"f{number}": str(number) for number in range(60)})
    pairs = [(path, f"d{number % 20}/{path.name}") for number, (path, _) in enumerate(pairs)]
    assert upload(sqlite_store, anywhere, pairs, overwrite=False) == 60
    assert upload(sqlite_store, anywhere, pairs, overwrite=False) == 0
    assert len(fetched(sqlite_store, anywhere, tmp_path / "to")) == 60
    assert texts(tmp_path / "to")["d3/f43"] == "43"


@pytest.mark.parametrize(
    "name", ["a\nb", " blank ", "<img src=x>", "-rf", "é", "a%2e%2eb", "a#b?c"]
)
def test_odd_names_are_kept(sqlite_store, record, root, tmp_path, name):
    pairs = made(tmp_path / "from", **{name: "x"})
    if "\n" in name:
        with pytest.raises(InvalidPathError, match="control character"):
            upload(sqlite_store, record, pairs, overwrite=False)
        (root / name).write_text("x")
        fetched(sqlite_store, record, tmp_path / "to")
        assert texts(tmp_path / "to") == {name: "x"}
        return
    upload(sqlite_store, record, pairs, overwrite=False)
    fetched(sqlite_store, record, tmp_path / "to")
    assert texts(tmp_path / "to") == {f"data/{name}": "x"}
