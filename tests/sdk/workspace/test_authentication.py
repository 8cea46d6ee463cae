from __future__ import annotations

import os
import stat
import subprocess
import sys
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
from aml_magics.services.workspace.token import local_token

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
def test_every_way_gives_the_same_header(way):
    header = way.get_authentication_header()

    assert isinstance(way, AbstractAuthentication)
    assert header == {"Authorization": f"Bearer {local_token()}"}
    assert len(local_token()) >= 40
    assert way.get_authentication_header() == header


def test_the_token_is_random_and_private():
    first = local_token()

    assert stat.S_IMODE(token_file().stat().st_mode) == 0o600
    assert token_file().read_text() == first
    assert [one.name for one in token_file().parent.iterdir()] == ["token"]
    token_file().unlink()
    assert local_token() != first


@pytest.mark.parametrize("mode", [0o644, 0o660])
def test_a_token_that_others_could_read_is_replaced(mode):
    first = local_token()
    token_file().chmod(mode)

    assert local_token() != first
    assert stat.S_IMODE(token_file().stat().st_mode) == 0o600


def test_an_empty_token_is_replaced():
    local_token()
    token_file().write_text("")

    assert local_token() == token_file().read_text() != ""


def test_processes_that_start_at_once_agree_on_the_token():
    code = "from aml_magics.services.workspace.token import local_token; print(local_token())"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]

    assert {one.communicate(timeout=60)[0].strip() for one in started} == {local_token()}


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
    assert InteractiveLoginAuthentication().get_token("scope") == local_token()
    with pytest.raises(
        InvalidArgumentError, match="takes an Audience and returns a token, not str"
    ):
        TokenAuthentication("token")


def test_a_workspace_is_opened_with_any_of_them():
    Workspace.create("w", auth=PRINCIPAL)

    assert Workspace.get("w", auth=MsiAuthentication()).name == "w"
    assert Workspace(workspace_name="w", auth=AzureCliAuthentication()).name == "w"
