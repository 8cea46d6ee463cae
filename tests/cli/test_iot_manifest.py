"""``aml-magics iot-manifest``."""

from __future__ import annotations

import json

from aml_magics.cli.main import main


def test_manifest_is_printed(capsys):
    words = [
        "iot-manifest",
        "host/digits:3",
        "--module",
        "digits",
        "--env",
        "A=b=c",
        "--registry",
        "host",
    ]
    assert main([*words, "--username", "ann"]) == 0

    agent = json.loads(capsys.readouterr().out)["modulesContent"]["$edgeAgent"]
    desired = agent["properties.desired"]
    assert desired["modules"]["digits"]["env"] == {"A": {"value": "b=c"}}
    assert desired["runtime"]["settings"]["registryCredentials"]["registry"] == {
        "address": "host", "username": "ann", "password": "${PASSWORD}",
    }  # fmt: skip


def test_what_is_wrong_is_said(capsys):
    assert main(["iot-manifest", "host/digits:3", "--module", "digits", "--env", "A"]) == 2
    assert "NAME=VALUE" in capsys.readouterr().err
    assert main(["iot-manifest", "host/digits:3", "--module", "edgeHub"]) == 1
    assert "module's name" in capsys.readouterr().err
