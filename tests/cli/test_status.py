from __future__ import annotations

from aml_magics.cli import main as cli
from aml_magics.services.process import rest
from aml_magics.services.process.rest import RestStatus


def test_without_services_it_says_how_to_make_one(capsys):
    assert cli.main(["status"]) == 0

    assert "Model.deploy" in capsys.readouterr().out


def test_it_says_where_rest_requests_for_pipelines_are_answered(capsys, monkeypatch):
    for found, said in (
        (
            RestStatus(1234, 1, 1.0, is_down=False),
            "are answered at http://127.0.0.1:1234 since 1970",
        ),
        (
            RestStatus(1234, None, 0.0, is_down=True),
            "are not answered; `aml-magics up` starts that",
        ),
        (RestStatus(1234, None, 0.0, is_down=False), "none is active"),
    ):
        monkeypatch.setattr(rest, "rest_status", lambda _store, found=found: found)
        assert cli.main(["status"]) == 0
        assert said in capsys.readouterr().out
