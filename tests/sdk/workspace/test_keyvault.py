from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from aml_magics import Experiment, Workspace
from aml_magics.errors import (
    InvalidArgumentError,
    InvalidNameError,
    SecretNotFoundError,
    StoreCorruptError,
)

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def keyvault():
    return Workspace.create("w").get_default_keyvault()


def test_secrets_are_set_read_listed_and_deleted(keyvault):
    keyvault.set_secret("api-key", "hush é😀\n")
    keyvault.set_secrets({"b": "1", "a": ""})
    keyvault.set_secret(name="b", value="2")

    assert keyvault.get_secret("api-key") == "hush é😀\n"
    assert keyvault.get_secrets(["a", "b", "none"]) == {"a": "", "b": "2", "none": None}
    assert keyvault.get_secret("none") is None
    assert keyvault.list_secrets() == [{"name": "a"}, {"name": "api-key"}, {"name": "b"}]
    keyvault.delete_secret("a")
    keyvault.delete_secrets(["b"])
    assert keyvault.list_secrets() == [{"name": "api-key"}]
    assert Workspace.get("w").get_default_keyvault().get_secret("api-key") == "hush é😀\n"


def test_secrets_are_of_one_workspace(keyvault):
    keyvault.set_secret("a", "1")

    assert Workspace.create("other").get_default_keyvault().list_secrets() == []


def test_nobody_else_can_read_them_and_nothing_shows_them(keyvault):
    keyvault.set_secret("a", "hush-hush")
    folder = keyvault.workspace.store.folder
    files = [one for one in folder.rglob("*") if one.is_file()]

    assert [one.name for one in files if b"hush-hush" in one.read_bytes()] == ["secrets.json"]
    assert stat.S_IMODE((folder / "secrets.json").stat().st_mode) == 0o600
    assert repr(keyvault) == "Keyvault(workspace='w')"
    assert "hush" not in repr(keyvault.workspace) + str(keyvault.workspace.get_details())


def test_a_run_gives_the_secrets_of_its_workspace(keyvault):
    keyvault.set_secrets({"a": "1", "b": "2"})
    run = Experiment(keyvault.workspace, "e").start_logging()

    assert run.get_secret("a") == "1"
    assert run.get_secrets(["b", "none"]) == {"b": "2", "none": None}


@pytest.mark.parametrize(
    ("name", "value", "error", "message"),
    [
        ("my_key", "x", InvalidNameError, "letters, digits and dashes only.*'my_key'"),
        (" a", "x", InvalidNameError, "letters, digits and dashes only"),
        ("é", "x", InvalidNameError, "letters, digits and dashes only"),
        ("", "x", InvalidNameError, "name of a secret is empty"),
        ("x" * 128, "x", InvalidNameError, "at most 127 are kept"),
        (None, "x", InvalidNameError, "is text, not NoneType"),
        ("a", 1, InvalidArgumentError, "value of secret 'a' is text, not int"),
        ("a", None, InvalidArgumentError, "value of secret 'a' is text, not NoneType"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_set(keyvault, name, value, error, message):
    with pytest.raises(error, match=message):
        keyvault.set_secrets({"good": "x", name: value})
    assert keyvault.list_secrets() == []


def test_deleting_what_is_not_there_says_what_is(keyvault):
    keyvault.set_secrets({"api-key": "1", "b": "2"})
    with pytest.raises(SecretNotFoundError, match=r"no secret 'api-kay'\. Did you mean 'api-key'"):
        keyvault.delete_secrets(["b", "api-kay"])
    assert len(keyvault.list_secrets()) == 2


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1}', '"hush"'])
def test_a_damaged_file_is_told_without_its_text(keyvault, text):
    path = keyvault.workspace.store.folder / "secrets.json"
    path.write_text(text)
    with pytest.raises(StoreCorruptError, match="is no JSON object of texts") as caught:
        keyvault.get_secret("a")
    assert caught.value.__context__ is None
    with pytest.raises(StoreCorruptError, match="set the secrets again"):
        keyvault.set_secret("a", "b")
    assert path.read_text() == text


def test_two_processes_lose_no_secret(keyvault):
    code = (
        "import sys; from aml_magics import Workspace\n"
        "vault = Workspace.get('w').get_default_keyvault()\n"
        "for i in range(20): vault.set_secret(f'{sys.argv[1]}-{i}', 'x')"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, name], env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        for name in "ab"
    ]

    assert [one.wait(60) for one in started] == [0, 0]
    assert len(keyvault.list_secrets()) == 40
