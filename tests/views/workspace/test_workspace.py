from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from aml_magics.services.run import run
from aml_magics.views.workspace.workspace import disk_view, without_password, workspace_view

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.store.store import Store


def test_a_workspace_says_where_it_is_and_what_is_in_it(sqlite_store: Store) -> None:
    store = sqlite_store
    run.complete(store, run.start(store, "digits"))
    view = workspace_view(store)

    assert view.folder == str(store.folder)
    assert (view.experiments, view.runs, view.by_status) == (1, 1, {"Completed": 1})
    assert view.disk.catalogue > 0
    assert view.disk.total >= view.disk.catalogue
    assert json.dumps(asdict(view), allow_nan=False)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://ann:secret@db/aml", "postgresql://ann:***@db/aml"),
        ("postgresql://ann:se@cret@db/aml", "postgresql://ann:***@db/aml"),
        ("s3://:secret@host/bucket", "s3://:***@host/bucket"),
        ("sqlite:///a/b@c.db", "sqlite:///a/b@c.db"),
        ("s3://bucket/a:b@c", "s3://bucket/a:b@c"),
    ],
)
def test_a_password_is_masked(address: str, shown: str) -> None:
    assert without_password(address) == shown


def test_disk_use_does_not_follow_links(tmp_path: Path) -> None:
    folder, outside = tmp_path / "workspace", tmp_path / "large"
    (folder / "artifacts" / "ab").mkdir(parents=True)
    (folder / "artifacts" / "ab" / "blob").write_bytes(b"x" * 100)
    (folder / "catalogue.db-wal").write_bytes(b"x" * 10)
    (folder / "workspace.json").write_bytes(b"x")
    outside.mkdir()
    (outside / "file").write_bytes(b"x" * 10_000)
    (folder / "artifacts" / "link").symlink_to(outside)
    view = disk_view(folder)

    assert (view.artifacts, view.catalogue, view.journals, view.other) == (100, 10, 0, 1)
