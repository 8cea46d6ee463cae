"""A store brings catalogue, journals and artifacts of a workspace under one handle."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pytest

from aml_magics.errors import (
    StoreCorruptError,
    StoreReadOnlyError,
    StoreTooNewError,
    StoreUnavailableError,
)
from aml_magics.records.workspace import WorkspaceRecord
from aml_magics.store import store as store_module
from aml_magics.store.store import Store
from aml_magics.store.tables.owner import this_process
from aml_magics.warnings import NetworkFilesystemWarning

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fixtures.disk import SmallDisk
    from tests.fixtures.postgres import PostgresServer

RECORD = WorkspaceRecord("id", "test")


def add_experiment(store: Store, name: str = "a") -> None:
    store.catalogue.transact(lambda connection: store.experiments.ensure(connection, name, 0.0))


def experiments(store: Store) -> list[str]:
    with store.catalogue.read() as connection:
        return [one.name for one in store.experiments.list(connection)]


@pytest.mark.parametrize("kind", ["nfs", "cifs", "fuse.sshfs"])
def test_sqlite_on_a_network_file_system_is_told_of_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(store_module, "filesystem_type", lambda _folder: kind)

    with pytest.warns(
        NetworkFilesystemWarning,
        match=rf"{tmp_path}/w is on a network file system \({kind}\).*PostgreSQL catalogue",
    ):
        Store(RECORD, tmp_path / "w").catalogue.close()


def test_postgresql_may_be_used_from_a_network_file_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_server: PostgresServer
) -> None:
    monkeypatch.setattr(store_module, "filesystem_type", lambda _folder: "nfs")
    record = WorkspaceRecord("id", "test", catalogue=postgres_server.create_database())

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Store(record, tmp_path / "w").catalogue.close()


def test_all_folders_of_a_new_store_are_private(tmp_path: Path) -> None:
    Store(RECORD, tmp_path / "home" / "workspaces" / "w").catalogue.close()

    for folder in ("home", "home/workspaces", "home/workspaces/w", "home/workspaces/w/journals"):
        assert (tmp_path / folder).stat().st_mode & 0o777 == 0o700


def test_a_store_knows_its_name_and_its_process(sqlite_store: Store) -> None:
    assert repr(sqlite_store) == f"Store('test', '{sqlite_store.folder}')"
    assert sqlite_store.owner.id == this_process().id


@pytest.mark.parametrize("folder", ["what?", "100%", "a#b c", "é", "a::b"])
def test_a_store_can_lie_in_any_folder(tmp_path: Path, folder: str) -> None:
    store = Store(RECORD, tmp_path / folder)
    add_experiment(store)
    store.catalogue.close()

    assert (tmp_path / folder / "catalogue.db").exists()
    assert experiments(store) == ["a"]
    store.catalogue.close()


def test_a_store_of_a_later_version_is_refused(tmp_path: Path) -> None:
    store = Store(RECORD, tmp_path)
    store.catalogue.transact(
        lambda c: c.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    )
    store.catalogue.close()

    with pytest.raises(StoreTooNewError, match="Install it: pip install"):
        Store(RECORD, tmp_path)


def test_a_store_whose_catalogue_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "catalogue.db").write_bytes(b"no database " * 1000)

    with pytest.raises(StoreCorruptError, match="not a database"):
        Store(RECORD, tmp_path)


def test_a_store_on_a_dead_postgresql_says_its_address_without_the_password(tmp_path: Path) -> None:
    record = WorkspaceRecord("id", "test", catalogue="postgresql://ann:secret@127.0.0.1:1/runs")

    with pytest.raises(StoreUnavailableError, match=r"ann:\*\*\*@127\.0\.0\.1:1/runs does not ans"):
        Store(record, tmp_path)


def test_a_store_on_a_read_only_disk_can_be_read(small_disk: SmallDisk) -> None:
    store = Store(RECORD, small_disk.folder / "w")
    add_experiment(store)
    store.catalogue.close()
    small_disk.make_read_only()

    store = Store(RECORD, small_disk.folder / "w")

    assert experiments(store) == ["a"]
    with pytest.raises(StoreReadOnlyError, match="Make the folder writable"):
        add_experiment(store, "b")
    store.catalogue.close()


def test_a_new_store_on_a_read_only_disk_is_refused(small_disk: SmallDisk) -> None:
    small_disk.make_read_only()

    with pytest.raises(StoreReadOnlyError, match="or set AML_MAGICS_HOME to a folder that is"):
        Store(RECORD, small_disk.folder / "w")
