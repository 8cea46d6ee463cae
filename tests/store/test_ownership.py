"""Homes and workspaces are their user's alone, and it is said where they were not."""

from __future__ import annotations

import io
import os
import stat
import tempfile
from pathlib import Path

import pytest

from aml_magics.errors import StoreUnavailableError
from aml_magics.services.run import artifact, log, run
from aml_magics.services.workspace import workspace
from aml_magics.store import ownership
from aml_magics.store.home import home
from aml_magics.warnings import OpenFolderWarning

STRANGER = 65534
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_all_that_a_workspace_keeps_is_private_without_leaning_on_its_folder() -> None:
    before = os.umask(0)
    try:
        store = workspace.create("w")
        record = run.start(store, "e")
        with log.appended_log(store, record) as say:
            say("x")
        artifact.add_file(store, record, "a", io.BytesIO(b"x"))
        found = {path.name: oct(mode(path)) for path in home().rglob("*")}
        run.complete(store, record)
    finally:
        os.umask(before)
    workspace.close(store)

    assert set(found) >= {"catalogue.db", "catalogue.db-wal", "catalogue.db-shm", "1.log"}
    assert set(found.values()) == {"0o600", "0o700"}


def test_files_of_an_earlier_version_are_closed() -> None:
    store = workspace.create("w")
    workspace.close(store)
    (store.folder / "catalogue.db").chmod(0o644)
    workspace.open_folder(store.folder)

    assert mode(store.folder / "catalogue.db") == 0o600


def test_a_workspace_that_is_open_to_others_is_closed_and_it_is_said() -> None:
    store = workspace.create("w")
    workspace.close(store)
    store.folder.chmod(0o755)
    with pytest.warns(OpenFolderWarning, match=r"was open to others \(0755\), and is closed"):
        workspace.open_folder(store.folder)

    assert mode(store.folder) == 0o700


def test_a_home_that_others_may_change_is_told_with_the_remedy() -> None:
    home().mkdir()
    home().chmod(0o777)
    with pytest.warns(OpenFolderWarning, match=r"may be changed by every user.*chmod go-w"):
        workspace.create("w")


@needs_root
def test_a_home_of_another_user_is_refused_and_root_is_told() -> None:
    with tempfile.TemporaryDirectory() as folder:  # where another user can look, too
        Path(folder).chmod(0o755)
        os.seteuid(STRANGER)
        try:
            with pytest.raises(
                StoreUnavailableError, match=r"belongs to root, and you are nobody\. Work"
            ):
                ownership.check_home(Path(folder))
        finally:
            os.seteuid(0)

    home().mkdir()
    os.chown(home(), STRANGER, STRANGER)
    with pytest.warns(OpenFolderWarning, match=r"belongs to nobody, and you are root.*chown"):
        workspace.create("w")
