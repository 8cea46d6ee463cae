from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from aml_magics.errors import (
    DataAccessError,
    DatastoreNotFoundError,
    DependencyError,
    InvalidArgumentError,
    InvalidPathError,
)
from aml_magics.records.data.dataset import Location
from aml_magics.services.data.store import datastore
from aml_magics.services.data.store.location import open_storage, sql_engine, storage_of
from aml_magics.services.workspace import workspace

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.records.data.datastore import DatastoreRecord
    from aml_magics.store.store import Store


@pytest.fixture
def one() -> Store:
    return workspace.create("w")


def url(store: Store, url_: object, **options: Any) -> DatastoreRecord:
    return datastore.register(store, "u", "url", {"url": url_, "storage_options": options})


def test_the_workspaces_own_is_a_private_folder_that_is_made_when_it_is_opened(one: Store) -> None:
    storage = open_storage(one, datastore.default(one))

    assert storage.folder == one.folder / "datastores/workspaceblobstore"
    assert storage.folder.is_dir()
    assert storage.folder.stat().st_mode & 0o077 == 0
    assert storage.root == str(storage.folder)
    storage.files.pipe(storage.at("a/b/x.csv"), b"1")
    assert (storage.folder / "a/b/x.csv").read_bytes() == b"1"


def test_the_workspaces_own_lies_where_its_artifacts_are() -> None:
    store = workspace.create("m", artifacts="memory://bucket/folder/")
    storage = open_storage(store, datastore.get(store, "workspacefilestore"))

    assert storage.folder is None
    assert storage.root == "/bucket/folder/datastores/workspacefilestore"


def test_paths_are_joined_below_the_root(one: Store, tmp_path: Path) -> None:
    storage = open_storage(one, url(one, tmp_path))

    assert storage.at("") == storage.at("/") == str(tmp_path)
    assert storage.at("./a/*.csv") == f"{tmp_path}/a/*.csv"
    with pytest.raises(InvalidPathError, match="climbs out"):
        storage.at("../x")


@pytest.mark.parametrize(("root", "path"), [("memory://", "/a"), ("file:///", "/a")])
def test_a_root_can_be_that_of_the_file_system(one: Store, root: str, path: str) -> None:
    storage = open_storage(one, url(one, root))

    assert storage.root == ""
    assert storage.at("a") == path
    assert storage.at("") == "/"


def test_what_others_wrote_is_seen(one: Store) -> None:
    record = url(one, "memory://seen")
    first = open_storage(one, record)
    first.files.pipe(first.at("a.csv"), b"1")

    second = open_storage(one, record)
    assert second.files.ls(second.root, detail=False) == ["/seen/a.csv"]


def test_a_folder_that_is_not_there_is_told(one: Store, tmp_path: Path) -> None:
    record = url(one, tmp_path / "mnt")
    with pytest.raises(DataAccessError, match="mnt of 'u' is not there; make it, or mount"):
        open_storage(one, record)
    with pytest.raises(DataAccessError, match="/dbfs of 'd' is not there"):
        open_storage(one, datastore.register(one, "d", "dbfs", {}))


def test_a_missing_package_is_told_with_its_command(
    one: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "gcsfs", None)
    with pytest.raises(
        DependencyError, match=r'Datastore .u. needs a package.*pip install "aml-magics\[gcs\]"'
    ):
        open_storage(one, url(one, "gs://bucket"))


def test_wrong_options_of_a_file_system_are_told_without_their_values(one: Store) -> None:
    record = url(one, "abfs://container", connection_string="hush-hush-hush")
    with pytest.raises(DataAccessError, match="Datastore 'u' failed: unable to connect") as caught:
        open_storage(one, record)
    assert "hush" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_place_knows_its_secrets_when_something_fails(one: Store) -> None:
    storage = open_storage(one, url(one, "memory://b", token="hush-hush", host="example"))

    assert (
        str(storage.failed(ValueError("no hush-hush at example")))
        == "Datastore 'u' failed: no *** at example."
    )


def test_files_and_databases_are_not_confused(one: Store, tmp_path: Path) -> None:
    settings = {"server_name": "s", "database_name": "d", "user_id": "u"}
    database = datastore.register(one, "p", "azure_postgre_sql", settings)
    with pytest.raises(InvalidArgumentError, match=r"'p' is a database \(AzurePostgreSql\)"):
        open_storage(one, database)
    with pytest.raises(InvalidArgumentError, match=r"'u' has files \(Url\) and is no database"):
        sql_engine(one, url(one, tmp_path))


def test_what_is_recorded_only_says_so_when_it_is_opened(one: Store) -> None:
    old = datastore.register(one, "old", "azure_data_lake", {"store_name": "lake"})
    with pytest.raises(DataAccessError, match=r"retired Data Lake Storage Gen1.*'lake'"):
        open_storage(one, old)
    share = {"account_name": "account", "file_share_name": "share"}
    with pytest.raises(DataAccessError, match="'share' is reached by SMB, which needs account_key"):
        open_storage(one, datastore.register(one, "s", "azure_file_share", share))


def test_a_dataset_lies_in_a_datastore(one: Store) -> None:
    storage, path = storage_of(one, Location("./d/*.csv", "workspaceblobstore"))

    assert (storage.name, path) == ("workspaceblobstore", "d/*.csv")
    with pytest.raises(InvalidPathError, match="climbs out"):
        storage_of(one, Location("../x", "workspaceblobstore"))
    with pytest.raises(DatastoreNotFoundError, match="no datastore 'none'"):
        storage_of(one, Location("x", "none"))


@pytest.mark.parametrize(
    ("given", "folder", "path"),
    [
        ("d", "d", ""), ("d/", "d", ""), ("d/x.csv", "d", "x.csv"), ("d/*.csv", "d", "*.csv"), ("d/**/y", "d", "**/y"),
        ("./d/../d/x.csv", "d", "x.csv"), ("none.csv", "", "none.csv"), ("a [1]", "a [1]", ""), ("a [1]/*", "a [1]", "*"),
        ("d/*/x.csv", "d", "*/x.csv"),
    ],
)  # fmt: skip
def test_a_path_of_this_machine_has_its_folder_as_place(
    one: Store, tmp_path: Path, given: str, folder: str, path: str
) -> None:
    for name in ("d", "a [1]"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.csv").write_text("a")
    for location in (given, f"{tmp_path}/{given}", f"file://{tmp_path}/{given.removeprefix('./')}"):
        storage, rest = storage_of(one, Location(location))
        assert (storage.folder, rest) == (tmp_path / folder, path)


@pytest.mark.parametrize(
    ("given", "root", "path"),
    [
        ("memory://b", "/b", ""), ("memory://b/", "/b", ""), ("memory://b/x.csv", "/b", "x.csv"), ("memory://b/f/", "/b/f", ""),
        ("memory://b/f/*.csv", "/b/f", "*.csv"), ("memory://b/*/g/x", "/b", "*/g/x"),
    ],
)  # fmt: skip
def test_a_url_has_its_folder_as_place(one: Store, given: str, root: str, path: str) -> None:
    storage, rest = storage_of(one, Location(given))

    assert (storage.root, rest, storage.folder) == (root, path, None)


def test_a_signed_url_is_a_file_and_its_name_shows_no_password(one: Store) -> None:
    url_ = "https://user:hush@host/d/x.csv?sv=1&sig=a/b"
    storage, rest = storage_of(one, Location(url_))

    assert (storage.name, rest) == ("https://host/d", "x.csv?sv=1&sig=a/b")
    assert storage.at(rest) == "https://host/d/x.csv?sv=1&sig=a/b"
    assert storage.files.storage_options["headers"] == {"Authorization": "Basic dXNlcjpodXNo"}
    assert "hush" not in repr(storage)
    with pytest.raises(InvalidArgumentError, match=r"for 's33' URLs\. Did you mean 's3"):
        storage_of(one, Location("s33://b/x"))


def test_a_database_is_queried(one: Store, postgres_server: Any) -> None:
    at = sa.make_url(postgres_server.create_database())
    settings = {
        "server_name": at.host,
        "database_name": at.database,
        "user_id": at.username,
        "port_number": at.port,
        "enforce_ssl": False,
    }
    record = datastore.register(
        one, "p", "azure_postgre_sql", settings, {"user_password": "hush-hush"}
    )
    engine = sql_engine(one, record)

    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT 6 * 7")) == 42
    assert "hush" not in repr(engine)
    encrypted = sql_engine(one, replace(record, settings={**settings, "enforce_ssl": True}))
    with pytest.raises(sa.exc.OperationalError, match="does not support SSL"):
        encrypted.connect()


@pytest.mark.parametrize("kind", ["azure_my_sql", "azure_sql_database"])
def test_a_missing_driver_is_told_with_its_command(
    one: Store, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for driver in ("pymysql", "pymssql"):
        monkeypatch.setitem(__import__("sys").modules, driver, None)
    user = {"user_id": "u"} if kind == "azure_my_sql" else {"username": "u"}
    secrets = {"user_password": "p"} if kind == "azure_my_sql" else {"password": "p"}
    settings = {"server_name": "s", "database_name": "d", **user}
    with pytest.raises(DependencyError, match=r'pip install "aml-magics\[sql\]"'):
        sql_engine(one, datastore.register(one, "m", kind, settings, secrets))
