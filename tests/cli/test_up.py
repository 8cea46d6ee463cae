from __future__ import annotations

from aml_magics.cli import main as cli


def test_without_services_there_is_nothing_to_start(capsys):
    assert cli.main(["up"]) == 0

    assert "No service has to be started" in capsys.readouterr().out


def test_an_unknown_service_is_named(capsys):
    assert cli.main(["up", "digits"]) == 1
    assert "no web service 'digits'" in capsys.readouterr().err
