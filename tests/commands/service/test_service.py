from __future__ import annotations

import pytest

from aml_magics.commands.service.service import ServiceCommand
from aml_magics.errors import ServiceNotFoundError, UsageError
from aml_magics.views.service.output import SERVICE
from tests.fixtures.services import put_log, put_service


def test_a_service_is_shown_in_all_forms(ask, workspace):
    put_service(workspace.store)

    answer = ask(workspace, "service", "digits")

    assert SERVICE in answer.bundle
    assert "✓ Healthy  digits" in answer.text
    assert answer.value.name == "digits"


def test_the_log_is_shown_and_its_errors_marked(ask, workspace):
    record = put_service(workspace.store)
    put_log(workspace.store, record, "one\nValueError: two\n")

    answer = ask(workspace, "service", "digits", "logs")

    assert answer.value == "one\nValueError: two\n"
    assert "ValueError: two" in answer.text
    assert "aml-removed" in answer.html
    assert ask(workspace, "service", "digits", "logs", "--lines", "1").value == "ValueError: two\n"


def test_keys_are_a_value_and_are_not_shown(ask, workspace):
    put_service(workspace.store)

    answer = ask(workspace, "service", "digits", "keys")

    assert answer.value == ("first-key", "other-key")
    assert "first-key" not in answer.text + answer.html


def test_a_number_goes_with_rollback_alone(ask, workspace):
    put_service(workspace.store)

    with pytest.raises(UsageError, match="rollback needs the number of a revision"):
        ask(workspace, "service", "digits", "rollback")
    with pytest.raises(UsageError, match="only rollback takes a number"):
        ask(workspace, "service", "digits", "stop", "2")


def test_a_service_that_is_not_there_is_told(ask, workspace):
    put_service(workspace.store)

    with pytest.raises(ServiceNotFoundError, match="digits"):
        ask(workspace, "service", "digit")
    assert ServiceCommand().suggest(workspace, "service") == ["digits"]
