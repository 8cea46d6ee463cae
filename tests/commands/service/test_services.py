from __future__ import annotations

from tests.fixtures.services import put_service


def test_services_are_listed(ask, workspace):
    put_service(workspace.store)

    answer = ask(workspace, "services")

    assert "✓ Healthy" in answer.text
    assert list(answer.value["name"]) == ["digits"]
    assert answer.value["models"].tolist() == ["digits:1"]
    assert answer.value["rate"].dtype == "float64"
    assert str(answer.value["updated"].dtype) == "datetime64[us, UTC]"


def test_without_services_the_table_says_how_to_make_one(ask, workspace):
    answer = ask(workspace, "services")

    assert "%aml deploy MODEL --entry score.py" in answer.text
    assert len(answer.value) == 0
