from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aml_magics import Workspace
from aml_magics.errors import (
    AlreadyExistsError,
    DatastoreNotFoundError,
    DependencyError,
    InvalidArgumentError,
)
from aml_magics.sdk.data.store.datastore import Datastore, of_record
from aml_magics.sdk.data.store.file_datastore import (
    AzureBlobDatastore,
    AzureDataLakeDatastore,
    AzureDataLakeGen2Datastore,
    AzureFileDatastore,
    DBFSDatastore,
    HDFSDatastore,
    UrlDatastore,
)
from aml_magics.sdk.data.store.sql_datastore import (
    AzureMySqlDatastore,
    AzurePostgreSqlDatastore,
    AzureSqlDatabaseDatastore,
)

ROOT = Path(__file__).resolve().parents[4]
HUSH = "aHVzaC1odXNoLWh1c2g="
USER: dict[str, Any] = {
    "server_name": "s",
    "database_name": "d",
    "user_id": "u",
    "user_password": HUSH,
}
REGISTERED: list[tuple[str, dict[str, Any], type, str]] = [
    (
        "azure_blob_container",
        {"container_name": "files", "account_name": "account", "account_key": HUSH, "sas_token": HUSH},
        AzureBlobDatastore,
        "AzureBlob",
    ),
    (
        "azure_file_share",
        {"file_share_name": "files", "account_name": "account", "account_key": HUSH},
        AzureFileDatastore,
        "AzureFile",
    ),
    (
        "azure_data_lake_gen2",
        {"filesystem": "files", "account_name": "account", "tenant_id": "t", "client_id": "c", "client_secret": HUSH},
        AzureDataLakeGen2Datastore,
        "AzureDataLakeGen2",
    ),
    (
        "azure_data_lake",
        {"store_name": "lake", "tenant_id": "t", "client_id": "c", "client_secret": HUSH},
        AzureDataLakeDatastore,
        "AzureDataLake",
    ),
    (
        "azure_sql_database",
        {"server_name": "s", "database_name": "d", "username": "u", "password": HUSH},
        AzureSqlDatabaseDatastore,
        "AzureSqlDatabase",
    ),
    ("azure_postgre_sql", {**USER, "port_number": "5433"}, AzurePostgreSqlDatastore, "AzurePostgreSql"),
    ("azure_my_sql", USER, AzureMySqlDatastore, "AzureMySql"),
    ("dbfs", {}, DBFSDatastore, "DBFS"),
    (
        "hdfs",
        {
            "protocol": "https",
            "namenode_address": "n",
            "hdfs_server_certificate": None,
            "kerberos_realm": "R",
            "kerberos_kdc_address": "k",
            "kerberos_principal": "p",
            "kerberos_password": HUSH,
        },
        HDFSDatastore,
        "Hdfs",
    ),
    ("url", {"url": "s3://bucket", "storage_options": {"secret": HUSH, "anon": False}}, UrlDatastore, "Url"),
]  # fmt: skip


def blob(workspace: Workspace, **settings: Any) -> AzureBlobDatastore:
    given = {"container_name": "files", "account_name": "account", "account_key": HUSH}
    return Datastore.register_azure_blob_container(workspace, "b", **{**given, **settings})


@pytest.mark.parametrize(("verb", "settings", "kind", "type_"), REGISTERED)
def test_every_kind_is_registered_found_and_shown_without_its_secret(
    workspace: Workspace, verb: str, settings: dict[str, Any], kind: type, type_: str
) -> None:
    made = getattr(Datastore, f"register_{verb}")(workspace, "mine", **settings)
    found = Datastore.get(workspace, "mine")

    assert type(made) is type(found) is kind
    assert made == found == Datastore(workspace, "mine") == workspace.datastores["mine"]
    assert (found.name, found.datastore_type, found.workspace) == ("mine", type_, workspace)
    assert json.loads(repr(found))["name"] == "mine"
    assert HUSH not in repr(found) + str(found) + repr(workspace.datastores)
    for name, value in settings.items():
        alias = {"filesystem": "container_name", "file_share_name": "container_name"}.get(
            name, name
        )
        if name != "storage_options" and hasattr(found, alias):
            assert getattr(found, alias) == value


def test_every_attribute_has_a_value_where_none_was_given(workspace: Workspace) -> None:
    for verb, settings, _, _ in REGISTERED:
        made = getattr(Datastore, f"register_{verb}")(workspace, verb, **settings)
        for name in dir(type(made)):
            if not name.startswith("_") and isinstance(getattr(type(made), name), property):
                getattr(made, name)
    url = workspace.datastores["url"]
    assert (url.url, url.storage_options, url.description) == ("s3://bucket", {"anon": False}, "")
    lake = workspace.datastores["azure_data_lake_gen2"]
    assert (lake.protocol, lake.endpoint, lake.client_secret) == ("https", "core.windows.net", HUSH)


def test_the_workspaces_own_datastores_look_like_azures(workspace: Workspace) -> None:
    default = workspace.get_default_datastore()

    assert type(default) is AzureBlobDatastore
    assert (default.name, default.datastore_type) == ("workspaceblobstore", "AzureBlob")
    assert (default.account_name, default.container_name) == ("", "workspaceblobstore")
    assert (default.account_key, default.sas_token) == (None, None)
    assert (default.protocol, default.endpoint) == ("https", "core.windows.net")
    files = Datastore.get(workspace, datastore_name="workspacefilestore")
    assert (type(files), files.datastore_type) == (AzureFileDatastore, "AzureFile")
    assert Datastore(workspace) == Datastore.get_default(workspace) == default
    assert default != files
    assert len({default, files, Datastore(workspace)}) == 2


def test_datastores_of_a_workspace_are_seen_at_once(workspace: Workspace) -> None:
    seen = workspace.datastores
    blob(workspace)

    assert list(seen)[:2] == ["workspaceblobstore", "workspacefilestore"]
    assert list(seen)[-1] == "b"
    assert len(seen) == len(list(seen))
    assert "b" in seen
    assert seen.get("none") is None
    with pytest.raises(DatastoreNotFoundError, match="no datastore 'bb'"):
        seen["bb"]
    assert Workspace.get("w").datastores["b"].account_key == HUSH


def test_another_is_the_default_until_it_is_unregistered(workspace: Workspace) -> None:
    made = blob(workspace)
    made.set_as_default()
    assert workspace.get_default_datastore() == made
    workspace.set_default_datastore("workspacefilestore")
    assert workspace.get_default_datastore().name == "workspacefilestore"

    made.unregister()
    with pytest.raises(DatastoreNotFoundError, match="no datastore 'b'"):
        made.unregister()
    with pytest.raises(DatastoreNotFoundError, match="no datastore 'b'"):
        made.set_as_default()
    assert made.account_key is None
    with pytest.raises(InvalidArgumentError, match="belongs to every workspace"):
        workspace.get_default_datastore().unregister()


def test_a_notebook_may_be_run_again_and_nothing_is_overwritten_unasked(
    workspace: Workspace,
) -> None:
    assert blob(workspace) == blob(workspace)
    with pytest.raises(AlreadyExistsError, match="other settings; overwrite=True replaces"):
        blob(workspace, container_name="other")
    assert blob(workspace, container_name="other", overwrite=True).container_name == "other"


def test_azures_other_arguments_are_taken(workspace: Workspace) -> None:
    made = blob(
        workspace,
        skip_validation=True,
        blob_cache_timeout=60,
        grant_workspace_access=True,
        subscription_id="s",
        resource_group="g",
    )

    assert (made.blob_cache_timeout, made.subscription_id, made.resource_group) == (60, "s", "g")


def test_a_share_is_not_made_from_here(workspace: Workspace) -> None:
    with pytest.raises(InvalidArgumentError, match="create_if_not_exists makes no file share"):
        Datastore.register_azure_file_share(
            workspace, "f", "files", "account", account_key=HUSH, create_if_not_exists=True
        )


def test_a_container_is_made_when_it_is_registered(workspace: Workspace, azurite: Any) -> None:
    made = blob(
        workspace,
        container_name=f"{azurite.name[:20]}-made",
        account_name=azurite.account,
        account_key=azurite.key,
        endpoint=azurite.endpoint,
        create_if_not_exists=True,
    )
    Path("x.csv").write_text("a\n1\n")
    made.upload_files(["x.csv"], show_progress=False)
    made.download("down", show_progress=False)

    assert Path("down/x.csv").read_text() == "a\n1\n"


def test_a_local_folder_is_a_datastore(workspace: Workspace) -> None:
    Path("data").mkdir()
    made = Datastore.register_url(workspace, "local", "data", description="Here.")
    Path("x.csv").write_text("a")
    made.upload_files(["x.csv"], target_path="in", show_progress=False)

    assert Path("data/in/x.csv").read_text() == "a"
    assert made.description == "Here."
    assert made.url == str(Path("data").absolute())


def test_the_whole_of_a_datastore_is_given_to_a_script(workspace: Workspace) -> None:
    default = workspace.get_default_datastore()

    assert str(default.as_mount()).startswith("$AZUREML_DATAREFERENCE_")
    assert default.as_download(path_on_compute="d").path_on_compute == "d"
    assert default.as_upload(path_on_compute="u").mode == "upload"


def test_a_kind_that_a_package_added_is_used_like_a_url_or_a_database(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aml_magics._registry import Registry
    from aml_magics.kinds.datastores._base import SqlDatastore
    from aml_magics.kinds.datastores.dbfs import Dbfs
    from aml_magics.records.data.datastore import DatastoreRecord
    from aml_magics.sdk.data.store.abstract_datastore import AbstractDatastore

    for base, kind in ((Dbfs, UrlDatastore), (SqlDatastore, AbstractDatastore)):
        monkeypatch.setattr(Registry, "load", lambda self, name, base=base: base)
        assert type(of_record(workspace, DatastoreRecord("x", "added"))) is kind


def test_a_datastore_is_taken_without_its_packages(workspace: Workspace) -> None:
    code = (
        "import sys; from aml_magics import Workspace\n"
        "Workspace.get('w').get_default_datastore()\n"
        "print(sorted({'duckdb', 'pandas', 'pyarrow', 'adlfs', 's3fs'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout == "[]\n"


def test_a_missing_package_is_told_when_it_is_needed(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "smbclient", None)
    made = Datastore.register_azure_file_share(workspace, "f", "files", "account", account_key=HUSH)
    with pytest.raises(
        DependencyError, match=r'Datastore .f. needs a package.*pip install "aml-magics\[smb\]"'
    ):
        made.download("down", show_progress=False)
