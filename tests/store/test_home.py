"""The folder of workspaces, and the small file that describes each."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
import pytest

from aml_magics.errors import (
    StoreCorruptError,
    StoreFullError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from aml_magics.records.workspace import WorkspaceRecord
from aml_magics.store import home as home_module
from aml_magics.store.home import (
    home,
    make_private,
    read_description,
    workspace_folder,
    workspaces,
    write_description,
    write_whole,
)

if TYPE_CHECKING:
    from tests.fixtures.disk import SmallDisk

# Python 3.12 warns of a fork beside threads, such as those of pytest-xdist
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

RECORD = WorkspaceRecord("id", "é 😀", "sub", "group", "west", 1.5, "postgresql://h/d", "s3://b")


def test_home_is_where_the_variable_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AML_MAGICS_HOME", "relative/to/here")
    assert home() == tmp_path / "relative/to/here"
    assert workspace_folder("w") == tmp_path / "relative/to/here/workspaces/w"

    monkeypatch.setenv("AML_MAGICS_HOME", "~/mine")
    assert home() == Path.home() / "mine"


@pytest.mark.parametrize("unset", [None, ""])
def test_home_is_the_users_data_folder_otherwise(
    monkeypatch: pytest.MonkeyPatch, unset: str | None
) -> None:
    monkeypatch.delenv("AML_MAGICS_HOME")
    if unset is not None:
        monkeypatch.setenv("AML_MAGICS_HOME", unset)

    assert home() == Path(platformdirs.user_data_dir("aml_magics", appauthor=False))


def test_a_description_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write_description(tmp_path / "w", RECORD)

    assert read_description(tmp_path / "w") == RECORD
    assert (tmp_path / "w" / "workspace.json").stat().st_mode & 0o777 == 0o600


def test_workspaces_are_listed_by_name() -> None:
    assert list(workspaces()) == []
    for name in ("b", "a"):
        write_description(workspace_folder(name), RECORD)
    workspace_folder("no description").mkdir()

    assert list(workspaces()) == [workspace_folder("a"), workspace_folder("b")]


def test_a_folder_without_a_description_holds_no_workspace(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert read_description(tmp_path) is None
    assert read_description(tmp_path / "none") is None
    assert read_description(tmp_path / "file") is None


def test_what_a_later_version_adds_to_a_description_is_passed_over(tmp_path: Path) -> None:
    text = json.dumps({"id": "id", "name": "n", "added": {"later": 1}})
    (tmp_path / "workspace.json").write_text(text)

    assert read_description(tmp_path) == WorkspaceRecord("id", "n")


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"5", b'{"name": "no id"}', b"\xff\xfe\x00", b"null"]
)
def test_an_unreadable_description_is_corrupt_and_says_what_it_should_hold(
    tmp_path: Path, data: bytes
) -> None:
    (tmp_path / "workspace.json").write_bytes(data)

    with pytest.raises(
        StoreCorruptError, match=r"workspace\.json does not describe a workspace .*at least id and"
    ):
        read_description(tmp_path)


def test_a_description_that_cannot_be_read_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "workspace.json").mkdir()

    with pytest.raises(StoreUnavailableError, match=r"cannot be read: .*Check its permissions"):
        read_description(tmp_path)


def test_folders_are_private_up_to_the_first_that_was_there(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    make_private(tmp_path / "a" / "b" / "c")
    make_private(tmp_path / "a" / "b" / "c")

    for folder in ("a", "a/b", "a/b/c"):
        assert (tmp_path / folder).stat().st_mode & 0o777 == 0o700
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_a_folder_below_a_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreReadOnlyError, match=r"cannot be written .*or set AML_MAGICS_HOME to"):
        make_private(tmp_path / "file" / "w")


def test_a_read_only_disk_is_told_of(small_disk: SmallDisk) -> None:
    (small_disk.folder / "there").mkdir()
    small_disk.make_read_only()

    with pytest.raises(
        StoreReadOnlyError, match=r"Read-only file system.*Make it writable, or set"
    ):
        write_description(small_disk.folder / "new", RECORD)
    with pytest.raises(StoreReadOnlyError, match=f"{small_disk.folder}/there cannot be written"):
        write_description(small_disk.folder / "there", RECORD)


def test_a_full_disk_is_told_of_with_its_free_bytes_and_keeps_the_old_file(
    small_disk: SmallDisk,
) -> None:
    write_description(small_disk.folder, RECORD)
    small_disk.fill()

    with pytest.raises(
        StoreFullError,
        match=rf"No room left to write in {small_disk.folder}: [\d,]+ bytes are free",
    ):
        write_whole(small_disk.folder / "workspace.json", b"x" * 10_000)

    assert read_description(small_disk.folder) == RECORD
    assert sorted(path.name for path in small_disk.folder.iterdir()) == ["filler", "workspace.json"]


def test_a_kill_at_any_step_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "file"
    seen = set()
    for call in range(1, 1000):
        path.write_bytes(b"old")
        if _write_and_die(path, call) == 0:
            break
        seen.add(path.read_bytes())

    assert seen == {b"old", b"new" * 10_000}


def _write_and_die(path: Path, call: int) -> int:
    child = os.fork()
    if child == 0:
        left = iter(range(call - 1))

        def kill(_frame: object, event: str, _what: object) -> None:
            if event in ("c_call", "c_return") and next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.setprofile(kill)
        home_module.write_whole(path, b"new" * 10_000)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_what_need_not_outlive_a_power_loss_waits_for_no_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_handle: int) -> None:
        raise AssertionError

    monkeypatch.setattr(os, "fsync", fail)
    home_module.write_whole(tmp_path / "file", b"new", durable=False)

    assert (tmp_path / "file").read_bytes() == b"new"
