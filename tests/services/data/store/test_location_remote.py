"""Datastores on a real Azurite and on moto's S3: they work, are away, and refuse a wrong key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from aml_magics.errors import DataAccessError
from aml_magics.services.data.store import datastore
from aml_magics.services.data.store.location import make_container, open_storage
from aml_magics.services.workspace import workspace

if TYPE_CHECKING:
    from aml_magics.services.data.store.location import Storage
    from aml_magics.store.store import Store
    from tests.fixtures.azurite import Container
    from tests.fixtures.s3 import Bucket

WRONG = "d3JvbmctaHVzaC1odXNoLWh1c2gtaHVzaC1odXNoLWh1c2g="


@pytest.fixture
def one() -> Store:
    return workspace.create("w")


def blob(store: Store, container: Container, secrets: dict[str, Any], **settings: Any) -> Storage:
    given = {
        "account_name": container.account,
        "container_name": container.name,
        "endpoint": container.endpoint,
    }
    return open_storage(
        store, datastore.register(store, "b", "azure_blob", {**given, **settings}, secrets)
    )


def bucket(store: Store, s3: Bucket, **options: Any) -> Storage:
    given = {"url": f"{s3.url}/folder", "storage_options": {**s3.storage_options, **options}}
    return open_storage(store, datastore.register(store, "s", "url", given))


def what_it_says(storage: Storage, path: str = "") -> str:
    with pytest.raises(Exception) as caught:
        storage.files.ls(storage.at(path), refresh=True)
    return str(storage.failed(caught.value))


def token(container: Container) -> str:
    from azure.storage.blob import ContainerSasPermissions, generate_container_sas

    return generate_container_sas(
        container.account,
        container.name,
        account_key=container.key,
        permission=ContainerSasPermissions(read=True, write=True, list=True, create=True),
        expiry=datetime.now(UTC) + timedelta(hours=1),
    )


def check(storage: Storage) -> None:
    storage.files.pipe(storage.at("é/x y.csv"), b"a,b\n")

    assert storage.files.cat(storage.at("é/x y.csv")) == b"a,b\n"
    found = storage.files.find(storage.at("é"))
    assert found == [storage.at("é/x y.csv")]


def test_blobs_are_written_and_read_with_a_key(one: Store, azurite: Container) -> None:
    check(blob(one, azurite, {"account_key": azurite.key}))


def test_an_emulator_is_named_by_host_and_port(one: Store, azurite: Container) -> None:
    at = {"endpoint": f"127.0.0.1:{azurite.port}", "protocol": "http"}
    check(blob(one, azurite, {"account_key": azurite.key}, **at))


def test_blobs_are_written_and_read_with_a_token(one: Store, azurite: Container) -> None:
    check(blob(one, azurite, {"sas_token": token(azurite)}))


def test_a_container_is_made_when_it_is_asked_for(one: Store, azurite: Container) -> None:
    secrets = {"account_key": azurite.key}
    storage = blob(one, azurite, secrets, container_name=f"{azurite.name[:20]}-new")
    make_container(one, datastore.get(one, "b"))
    make_container(one, datastore.get(one, "b"))

    check(storage)


def test_a_container_that_cannot_be_made_is_told(one: Store, azurite: Container) -> None:
    blob(one, azurite, {"account_key": WRONG}, container_name="new-one")
    with pytest.raises(DataAccessError, match="'b' refuses the credentials"):
        make_container(one, datastore.get(one, "b"))


def test_a_wrong_key_of_blobs_is_told_and_not_shown(one: Store, azurite: Container) -> None:
    said = what_it_says(blob(one, azurite, {"account_key": WRONG}))

    assert "Datastore 'b' refuses the credentials; register it again" in said
    assert WRONG not in said


def test_a_key_that_is_none_is_told_and_not_shown(one: Store, azurite: Container) -> None:
    said = what_it_says(blob(one, azurite, {"account_key": "hush-hush"}))

    assert "refuses the credentials" in said
    assert "hush" not in said


def test_a_container_that_is_not_there_is_told(one: Store, azurite: Container) -> None:
    said = what_it_says(blob(one, azurite, {"account_key": azurite.key}, container_name="none"))

    assert "has no such" in said


def test_an_account_that_is_away_is_told_with_its_address(one: Store, azurite: Container) -> None:
    storage = blob(one, azurite, {"account_key": azurite.key}, endpoint="http://127.0.0.1:1/x")
    said = what_it_says(storage)

    assert "does not answer at 127.0.0.1:1; check the address and the network" in said
    assert azurite.key not in said


def test_a_bucket_is_written_and_read(one: Store, s3: Bucket) -> None:
    check(bucket(one, s3))


def test_a_bucket_that_is_not_there_is_told(one: Store, s3: Bucket) -> None:
    record = datastore.register(
        one, "s", "url", {"url": "s3://no-such-bucket-here", "storage_options": s3.storage_options}
    )
    assert "has no such container, bucket or database" in what_it_says(open_storage(one, record))


def test_a_bucket_that_is_away_is_told_with_its_address(one: Store, s3: Bucket) -> None:
    said = what_it_says(bucket(one, s3, endpoint_url="http://127.0.0.1:1"))

    assert "does not answer at 127.0.0.1:1" in said
    assert s3.secret not in said
