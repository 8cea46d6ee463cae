from __future__ import annotations


def test_deleted_runs_go_for_good_only_with_consent(ask, trained):
    ask(trained, "delete", "quick")

    asked = ask(trained, "purge")
    assert asked.text.startswith("1 deleted run would be removed for good. `%aml purge --yes`")
    assert asked.value == 0

    assert ask(trained, "purge", "--yes").text == "1 deleted run removed for good."
    assert ask(trained, "restore").value == []
    assert ask(trained, "purge").text == "0 deleted runs would be removed for good."
    assert len(ask(trained, "runs").value) == 2
