from __future__ import annotations

from aml_magics.cli import main as cli


def test_without_services_it_says_how_to_make_one(capsys):
    assert cli.main(["status"]) == 0

    assert "Model.deploy" in capsys.readouterr().out
