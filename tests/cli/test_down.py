from __future__ import annotations

from aml_magics.cli import main as cli


def test_without_services_there_is_nothing_to_stop(capsys):
    assert cli.main(["down"]) == 0

    assert "No service runs" in capsys.readouterr().out
