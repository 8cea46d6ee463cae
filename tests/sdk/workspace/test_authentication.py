from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aml_magics import Workspace
from aml_magics.errors import InvalidArgumentError
from aml_magics.sdk.workspace.authentication import (
    AbstractAuthentication,
    Audience,
    AzureCliAuthentication,
    AzureMLTokenAuthentication,
    InteractiveLoginAuthentication,
    MsiAuthentication,
    ServicePrincipalAuthentication,
    TokenAuthentication,
)
from aml_magics.services.workspace.token import is_user_token, user_token

ROOT = Path(__file__).resolve().parents[3]
PRINCIPAL = ServicePrincipalAuthentication("tenant", "id", "hush-hush")
WAYS = [
    InteractiveLoginAuthentication(),
    InteractiveLoginAuthentication(force=True, tenant_id="t", cloud="AzureCloud"),
    AzureCliAuthentication(),
    AzureMLTokenAuthentication("hush-hush", run_id="r"),
    AzureMLTokenAuthentication.create("hush-hush", None, "host"),
    MsiAuthentication(),
    PRINCIPAL,
    TokenAuthentication(lambda audience: f"for {audience}"),
]


def token_file():
    return Path(os.environ["AML_MAGICS_HOME"]) / "token"


@pytest.mark.parametrize("way", WAYS)
def test_every_way_gives_a_header_with_a_token_of_the_user(way):
    [(name, value)] = way.get_authentication_header().items()

    assert isinstance(way, AbstractAuthentication)
    assert (name, value.partition(" ")[0]) == ("Authorization", "Bearer")
    assert is_user_token(value.partition(" ")[2])


@pytest.mark.parametrize(
    "change", [str.upper, lambda one: one[1:], lambda one: f"{one}é", lambda _: ""]
)
def test_a_token_that_was_changed_is_not_the_users(change):
    assert not is_user_token(change(user_token()))


def test_a_token_is_good_for_an_hour(monkeypatch):
    made = user_token()
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 3590)
    assert is_user_token(made)
    monkeypatch.setattr("time.time", lambda: now + 3601)
    assert not is_user_token(made)


def test_the_secret_is_random_and_private_and_never_sent():
    made = user_token()
    secret = token_file().read_text()

    assert stat.S_IMODE(token_file().stat().st_mode) == 0o600
    assert len(secret) >= 40
    assert secret not in made
    assert [one.name for one in token_file().parent.iterdir()] == ["token"]
    token_file().unlink()
    assert not is_user_token(made)


@pytest.mark.parametrize("mode", [0o644, 0o660])
def test_a_secret_that_others_could_read_is_replaced(mode):
    made = user_token()
    token_file().chmod(mode)

    assert not is_user_token(made)
    assert stat.S_IMODE(token_file().stat().st_mode) == 0o600


def test_an_empty_secret_is_replaced():
    made = user_token()
    token_file().write_text("")

    assert not is_user_token(made)
    assert token_file().read_text() != ""


def test_processes_that_start_at_once_agree_on_the_secret():
    code = "from aml_magics.services.workspace.token import user_token; print(user_token())"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]

    assert all(is_user_token(one.communicate(timeout=60)[0].strip()) for one in started)


def test_a_password_is_not_kept():
    assert repr(PRINCIPAL) == (
        "ServicePrincipalAuthentication(tenant_id='tenant', service_principal_id='id', "
        "service_principal_password='***')"
    )
    assert "hush" not in repr(vars(PRINCIPAL))
    assert repr(InteractiveLoginAuthentication()) == "InteractiveLoginAuthentication()"


def test_a_function_gets_the_token_for_an_audience():
    way = TokenAuthentication(lambda audience: f"for {audience.name}")

    assert way.get_token() == "for ARM"
    assert way.get_token(Audience.aml) == way.get_token(Audience.AML) == "for AML"
    assert is_user_token(InteractiveLoginAuthentication().get_token("scope"))
    with pytest.raises(
        InvalidArgumentError, match="takes an Audience and returns a token, not str"
    ):
        TokenAuthentication("token")


def test_a_workspace_is_opened_with_any_of_them():
    Workspace.create("w", auth=PRINCIPAL)

    assert Workspace.get("w", auth=MsiAuthentication()).name == "w"
    assert Workspace(workspace_name="w", auth=AzureCliAuthentication()).name == "w"
