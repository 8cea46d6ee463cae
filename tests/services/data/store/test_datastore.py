from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from aml_magics.errors import (
    AlreadyExistsError,
    DatastoreNotFoundError,
    InvalidArgumentError,
    InvalidNameError,
    NotFoundError,
    StoreCorruptError,
)
from aml_magics.services.data.store import datastore
from aml_magics.services.data.store.datastore import credentials_of
from aml_magics.services.workspace import workspace

if TYPE_CHECKING:
    from aml_magics.store.store import Store

BLOB = {"account_name": "account", "container_name": "container"}
HUSH = {"account_key": "aHVzaA=="}
KEYS = {"account_key": "hush é😀\n", "secret_options": {"token": ["a", 1]}}


def test_a_workspace_has_its_own_datastores(store: Store) -> None:
    found = datastore.list_datastores(store)

    assert [one.name for one in found] == list(datastore.BUILT_IN)
    assert datastore.default(store) == found[0] == datastore.get(store, "workspaceblobstore")
    assert found[0].settings == {"url": f"{store.folder}/datastores/workspaceblobstore"}
    assert datastore.get(store, " workspacefilestore ").kind == "workspace_file"


def test_a_datastore_is_registered_and_its_credentials_lie_apart(store: Store) -> None:
    made = datastore.register(
        store, " b l ", "azure_blob", {**BLOB, "protocol": None}, HUSH, description="é"
    )

    assert datastore.get(store, "b l") == made
    assert (made.name, made.settings, made.description) == ("b l", BLOB, "é")
    assert credentials_of(store, "b l") == HUSH
    assert [one.name for one in datastore.list_datastores(store)][-1] == "b l"
    assert HUSH["account_key"] not in repr(made)


def test_secrets_among_settings_do_not_reach_the_catalogue(store: Store) -> None:
    given = {"url": "s3://b", "storage_options": {"key": "k", "secret": "hush-hush", "anon": False}}
    made = datastore.register(store, "s", "url", given)

    assert made.settings == {"url": "s3://b", "storage_options": {"anon": False}}
    assert credentials_of(store, "s") == {"secret_options": {"key": "k", "secret": "hush-hush"}}


def test_registering_again_replaces_settings_and_credentials(store: Store) -> None:
    datastore.register(store, "b", "azure_blob", BLOB, HUSH)
    again = datastore.register(store, "b", "azure_blob", {**BLOB, "container_name": "other"})

    assert datastore.get(store, "b") == again
    assert credentials_of(store, "b") == {}


def test_the_same_again_is_fine_and_another_is_not_overwritten(store: Store) -> None:
    made = datastore.register(store, "b", "azure_blob", BLOB, HUSH, overwrite=False)

    assert datastore.register(store, "b", "azure_blob", BLOB, HUSH, overwrite=False) == made
    for settings, secrets in (
        ({**BLOB, "protocol": "http"}, HUSH),
        (BLOB, {"account_key": "eA=="}),
    ):
        with pytest.raises(
            AlreadyExistsError, match="'b' is registered with other settings; overwrite=True"
        ):
            datastore.register(store, "b", "azure_blob", settings, secrets, overwrite=False)
    assert datastore.get(store, "b") == made
    assert credentials_of(store, "b") == HUSH


def test_the_default_is_chosen_and_falls_back_when_it_goes(store: Store) -> None:
    datastore.register(store, "b", "azure_blob", BLOB, HUSH)
    datastore.set_default(store, "b")
    assert datastore.default(store).name == "b"

    datastore.unregister(store, "b")
    assert datastore.default(store).name == "workspaceblobstore"
    assert credentials_of(store, "b") == {}
    datastore.set_default(store, "workspacefilestore")
    assert datastore.default(store).name == "workspacefilestore"


def test_what_is_not_there_says_what_is_near(store: Store) -> None:
    message = r"no datastore 'workspaceblobstor'\. Did you mean 'workspaceblobstore'"
    for verb in (datastore.get, datastore.set_default, datastore.unregister):
        with pytest.raises(DatastoreNotFoundError, match=message):
            verb(store, "workspaceblobstor")


def test_the_workspaces_own_stay(store: Store) -> None:
    with pytest.raises(InvalidArgumentError, match="belongs to every workspace and stays"):
        datastore.unregister(store, "workspaceblobstore")
    with pytest.raises(InvalidNameError, match="its own datastore 'workspacefilestore'"):
        datastore.register(store, "workspacefilestore", "dbfs", {})


@pytest.mark.parametrize("name", ["", "../x", ".x", "a/b", "a\\b", "x" * 256, None, "a\nb"])
def test_a_name_that_could_name_no_folder_is_refused(store: Store, name) -> None:
    with pytest.raises(InvalidNameError, match="name of a datastore"):
        datastore.register(store, name, "dbfs", {})


@pytest.mark.parametrize(
    ("kind", "settings", "secrets", "message"),
    [
        ("azure_blob", {**BLOB, "container": "c"}, {}, "no setting 'container'. Did you mean 'container_name'"),
        ("azure_blob", {**BLOB, "account_key": "hush"}, {}, "no setting 'account_key'"),
        ("azure_blob", BLOB, {"key": "hush"}, "no setting 'key'"),
        ("azure_blob", {"account_name": ""}, {}, "needs account_name and container_name; give a text"),
        ("azure_blob", {**BLOB, "protocol": "ftp"}, {}, "protocol is 'https' or 'http'"),
        ("azure_postgre_sql", {"server_name": "a/b", "database_name": "d", "user_id": "u"}, {}, "name of a server"),
        ("url", {"url": "nowhere://x"}, {}, "No file system is known for 'nowhere'"),
    ],
)  # fmt: skip
def test_settings_that_lead_nowhere_are_refused_and_nothing_is_kept(
    store: Store, kind, settings, secrets, message
) -> None:
    with pytest.raises(InvalidArgumentError, match=message) as caught:
        datastore.register(store, "x", kind, settings, secrets)
    assert "hush" not in str(caught.value)
    assert len(datastore.list_datastores(store)) == len(datastore.BUILT_IN)
    assert credentials_of(store, "x") == {}


def test_an_unknown_kind_says_what_is_near(store: Store) -> None:
    with pytest.raises(
        NotFoundError, match=r"No kind of datastore 'azure_blub'\. Did you mean 'azure_blob'"
    ):
        datastore.register(store, "x", "azure_blub", {})


def test_what_can_only_be_recorded_is(store: Store) -> None:
    made = datastore.register(store, "old", "azure_data_lake", {"store_name": "s"})

    assert datastore.get(store, "old") == made


def test_no_file_of_the_workspace_but_one_has_the_secret(store: Store) -> None:
    datastore.register(store, "b", "azure_blob", BLOB, {"account_key": "aHVzaC1odXNo"})
    store.catalogue.close()
    files = [file for file in store.folder.rglob("*") if file.is_file()]

    assert [file.name for file in files if b"aHVzaC1odXNo" in file.read_bytes()] == [
        "credentials.json"
    ]


def test_a_name_that_is_no_text_is_told(store):
    with pytest.raises(DatastoreNotFoundError, match="name of a datastore is a text, not NoneType"):
        datastore.get(store, None)


# --- Credentials ---------------------------------------------------------------------------------


@pytest.fixture
def one() -> Store:
    return workspace.create("w")


def test_credentials_are_kept_read_replaced_and_forgotten(one: Store) -> None:
    datastore.set_credentials(one, "a", KEYS)
    datastore.set_credentials(one, "b", {"password": "p"})

    assert credentials_of(one, "a") == KEYS
    assert credentials_of(one, "none") == {}
    datastore.set_credentials(one, "a", {"sas_token": "t"})
    assert credentials_of(one, "a") == {"sas_token": "t"}
    datastore.set_credentials(one, "a", {})
    datastore.set_credentials(one, "a", {})
    assert credentials_of(one, "a") == {}
    assert credentials_of(one, "b") == {"password": "p"}


def test_nobody_else_can_read_them_and_they_are_of_one_workspace(one: Store) -> None:
    datastore.set_credentials(one, "a", {"account_key": "hush-hush"})
    files = [file for file in one.folder.rglob("*") if file.is_file()]

    assert [file.name for file in files if b"hush-hush" in file.read_bytes()] == [
        datastore.CREDENTIALS_FILE
    ]
    assert stat.S_IMODE((one.folder / datastore.CREDENTIALS_FILE).stat().st_mode) == 0o600
    assert credentials_of(workspace.create("other"), "a") == {}


def test_a_damaged_file_is_told_without_its_text(one: Store) -> None:
    (one.folder / datastore.CREDENTIALS_FILE).write_text('{"a": hush')
    with pytest.raises(StoreCorruptError, match="register the datastores again") as caught:
        credentials_of(one, "a")
    assert "hush" not in str(caught.value)
    assert caught.value.__context__ is None


def test_two_processes_lose_no_credential(scripts) -> None:
    workspace.create("test")
    code = """
        from aml_magics.services.data.store import datastore
        for number in range(20):
            datastore.set_credentials(store, f"{os.environ['WHO']}-{number}", {"key": "x"})
        """
    started = [scripts.start(code, WHO=who) for who in "ab"]
    for program in started:
        assert program.wait(60) == 0, program.stderr.read()

    store = workspace.open_named("test")
    kept = [credentials_of(store, f"{who}-{n}") for who in "ab" for n in range(20)]
    assert kept == [{"key": "x"}] * 40
