"""Files that are written under another name until they are whole."""

from __future__ import annotations

import os

import pytest

from aml_magics.services.data.store.listing import UNFINISHED
from aml_magics.services.data.transfer.whole_file import remove_unfinished, written_whole


def interrupt(folder):
    with written_whole(folder / "a") as temporary:
        temporary.write_text("be")
        raise KeyboardInterrupt


def test_an_interrupt_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        interrupt(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_two_who_write_one_file_have_a_part_each(tmp_path):
    with written_whole(tmp_path / "a") as first:
        first.write_text("first")
        with written_whole(tmp_path / "a") as second:
            second.write_text("second")
        assert (tmp_path / "a").read_text() == "second"
    assert (tmp_path / "a").read_text() == "first"


def test_only_what_nobody_writes_is_removed(tmp_path):
    left = tmp_path / f".{'0' * 16}{UNFINISHED}"
    left.write_text("of a process that was killed")
    with written_whole(tmp_path / "a") as temporary:
        temporary.write_text("x")
        remove_unfinished([tmp_path, tmp_path / "no folder"])
        assert temporary.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("kind", ["link", "folder", "pipe"])
def test_what_others_put_there_harms_nobody(tmp_path, kind):
    (tmp_path / "mine").write_text("mine")
    left = tmp_path / f".{'0' * 16}{UNFINISHED}"
    {
        "link": lambda: left.symlink_to(tmp_path / "mine"),
        "folder": left.mkdir,
        "pipe": lambda: os.mkfifo(left),
    }[kind]()
    remove_unfinished([tmp_path])
    assert (tmp_path / "mine").read_text() == "mine"
