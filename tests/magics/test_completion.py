"""What Tab offers, in a real kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.magics.conftest import Kernel


def offered(kernel: Kernel, code: str) -> list[str]:
    request = kernel.client.complete(code, len(code))
    content = kernel._shell_reply(request)["content"]
    start = content["cursor_start"]
    # What the line is after choosing each, from where the word began.
    return [
        (code[:start] + match)[code.rfind(" ", 0, start + 1) + 1 :] for match in content["matches"]
    ]


def chosen(kernel: Kernel, code: str, after: str = "") -> list[str]:
    """What the cell is after choosing each; the cursor stands before ``after``."""
    request = kernel.client.complete(code + after, len(code))
    content = kernel._shell_reply(request)["content"]
    return [code[: content["cursor_start"]] + match + after for match in content["matches"]]


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("%aml ru", "runs"),
        ("df = %aml ru", "runs"),
        ("%aml runs --fi", "--filter"),
        ("%aml runs --status Fai", "Failed"),
        ("%aml help ru", "runs"),
        ("%%aml_run --exp", "--experiment"),
        ("%%aml_run --exp", "--expect"),
        ("%%aml_run x --no-cap", "--no-capture"),
        ("%aml runs ", "--limit"),
    ],
)
def test_commands_options_and_choices_are_offered(kernel: Kernel, code: str, word: str) -> None:
    assert word in offered(kernel, code)


def test_live_values_are_offered(kernel: Kernel) -> None:
    kernel.run("%%aml_run tabbed --experiment 'two words'\npass")
    kernel.run("import aml_magics.magics.completion as c; c._live.clear()")

    assert "tabbed" in offered(kernel, "%aml run tab")
    assert "tabbed" in offered(kernel, "%%aml_run --resume tab")
    assert "'two words'" in offered(kernel, "%aml runs --experiment ")


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("two", "'two words'"),
        ("'two", "'two words'"),
        ('"two', '"two words"'),
        ("'two wo", "'two words'"),
        ('"two wo', '"two words"'),
    ],
)
def test_a_name_in_quotes_goes_on_as_it_was_begun(kernel: Kernel, typed: str, line: str) -> None:
    kernel.run("%%aml_run --experiment 'two words'\npass")
    kernel.run("import aml_magics.magics.completion as c; c._live.clear()")

    assert chosen(kernel, f"%aml runs --experiment {typed}") == [f"%aml runs --experiment {line}"]


def test_a_quote_that_the_editor_has_closed_is_not_closed_twice(kernel: Kernel) -> None:
    kernel.run("%%aml_run --experiment 'two words'\npass")
    kernel.run("import aml_magics.magics.completion as c; c._live.clear()")
    code = '%aml runs --experiment "two'

    assert chosen(kernel, code, after='"') == ['%aml runs --experiment "two words"']


@pytest.mark.parametrize(
    "code", ["%%aml_run\nprint(--exp", "x = 1 # aml", "%aml nothing --", "%amlx ru"]
)
def test_elsewhere_nothing_of_ours_is_offered(kernel: Kernel, code: str) -> None:
    assert not {"runs", "--experiment"} & set(offered(kernel, code))


def test_store_that_does_not_open_offers_nothing(kernel: Kernel) -> None:
    kernel.run("import aml_magics.magics.completion as c; c._live.clear()")
    kernel.run("import os; os.makedirs('.azureml'); open('.azureml/config.json', 'w').write('x');")
    try:
        assert "--experiment" in offered(kernel, "%aml runs --exp")
        assert offered(kernel, "%aml run tab") != ["tabbed"]
    finally:
        kernel.run("os.remove('.azureml/config.json')")
        kernel.run("c._live.clear()")
