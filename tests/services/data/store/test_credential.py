from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from aml_magics.errors import StoreCorruptError
from aml_magics.services.data.store import credential
from aml_magics.services.workspace import workspace

if TYPE_CHECKING:
    from aml_magics.store.store import Store

KEYS = {"account_key": "hush é😀\n", "secret_options": {"token": ["a", 1]}}


@pytest.fixture
def one() -> Store:
    return workspace.create("w")


def test_credentials_are_kept_read_replaced_and_forgotten(one: Store) -> None:
    credential.set_credentials(one, "a", KEYS)
    credential.set_credentials(one, "b", {"password": "p"})

    assert credential.credentials_of(one, "a") == KEYS
    assert credential.credentials_of(one, "none") == {}
    credential.set_credentials(one, "a", {"sas_token": "t"})
    assert credential.credentials_of(one, "a") == {"sas_token": "t"}
    credential.forget_credentials(one, "a")
    credential.forget_credentials(one, "a")
    assert credential.credentials_of(one, "a") == {}
    assert credential.credentials_of(one, "b") == {"password": "p"}


def test_nobody_else_can_read_them_and_they_are_of_one_workspace(one: Store) -> None:
    credential.set_credentials(one, "a", {"account_key": "hush-hush"})
    files = [file for file in one.folder.rglob("*") if file.is_file()]

    assert [file.name for file in files if b"hush-hush" in file.read_bytes()] == [credential.FILE]
    assert stat.S_IMODE((one.folder / credential.FILE).stat().st_mode) == 0o600
    assert credential.credentials_of(workspace.create("other"), "a") == {}


def test_a_damaged_file_is_told_without_its_text(one: Store) -> None:
    (one.folder / credential.FILE).write_text('{"a": hush')
    with pytest.raises(StoreCorruptError, match="register the datastores again") as caught:
        credential.credentials_of(one, "a")
    assert "hush" not in str(caught.value)
    assert caught.value.__context__ is None


def test_two_processes_lose_no_credential(scripts) -> None:
    workspace.create("test")
    code = """
        from aml_magics.services.data.store import credential
        for number in range(20):
            credential.set_credentials(store, f"{os.environ['WHO']}-{number}", {"key": "x"})
        """
    started = [scripts.start(code, WHO=who) for who in "ab"]
    for program in started:
        assert program.wait(60) == 0, program.stderr.read()

    store = workspace.open_named("test")
    kept = [credential.credentials_of(store, f"{who}-{n}") for who in "ab" for n in range(20)]
    assert kept == [{"key": "x"}] * 40
