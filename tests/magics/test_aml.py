"""`%aml` in a real kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.magics.conftest import Kernel


def test_statement_shows_its_panel_once_and_leaves_the_value(kernel: Kernel) -> None:
    kernel.run("%%aml_run listed\npass")
    reply = kernel.run("%aml runs")

    assert (len(reply.displays), reply.result) == (1, "")
    assert "listed" in reply.texts[0]
    assert "<table" in reply.displays[0]["data"]["text/html"]
    assert kernel.value("type(_).__name__") == "DataFrame"
    assert kernel.value("type(Out[max(Out)]).__name__") == "DataFrame"


def test_assignment_shows_nothing(kernel: Kernel) -> None:
    reply = kernel.run("df = %aml runs --limit 1")

    assert (reply.displays, reply.result) == ([], "")
    assert kernel.value("(type(df).__name__, len(df))") == ("DataFrame", 1)


def test_each_statement_of_a_cell_shows_its_panel(kernel: Kernel) -> None:
    reply = kernel.run("%aml runs\nfor i in range(2):\n    %aml experiments\n%aml workspace")

    assert len(reply.displays) == 4


def test_semicolon_keeps_it_silent(kernel: Kernel) -> None:
    reply = kernel.run("%aml runs;")

    assert (reply.status, reply.displays, reply.result) == ("ok", [], "")


def test_bare_magic_shows_the_commands(kernel: Kernel) -> None:
    shown = kernel.run("%aml").texts[0]

    assert "runs" in shown
    assert "workspace" in shown
    assert kernel.run("%aml --help").texts[0] == shown


def test_help_of_a_command_is_shown(kernel: Kernel) -> None:
    assert "--filter" in kernel.run("%aml runs --help").texts[0]


def test_unknown_command_gives_one_line(kernel: Kernel) -> None:
    reply = kernel.run("%aml rums")

    assert reply.ename == "UsageError"
    assert "`%aml` has no command 'rums'. Did you mean 'runs'?" in reply.evalue
    assert reply.traceback.count("\n") == 0


def test_variables_are_filled_in(kernel: Kernel) -> None:
    kernel.run("%%aml_run 'odd; name'\npass")
    kernel.run("name = 'odd; name'")
    reply = kernel.run("handle = %aml run $name")

    assert reply.status == "ok", reply.evalue
    assert kernel.value("handle.name") == "odd; name"


def test_value_inside_an_expression_is_taken(kernel: Kernel) -> None:
    reply = kernel.run("len(get_ipython().run_line_magic('aml', 'runs --limit 1'))")

    assert (reply.displays, reply.result) == ([], "1")


def test_local_variable_of_a_function_is_filled_in(kernel: Kernel) -> None:
    kernel.run("def f(count):\n    found = %aml runs --limit $count\n    return found")

    assert kernel.run("len(f(1))").result == "1"


def test_value_that_a_function_returns_is_taken(kernel: Kernel) -> None:
    reply = kernel.run("def listed():\n    return len(get_ipython().run_line_magic('aml', 'runs'))")

    assert reply.status == "ok", reply.evalue
    assert kernel.run("listed() > 0").result == "True"


def test_statement_in_the_middle_leaves_the_result_of_the_cell_alone(kernel: Kernel) -> None:
    reply = kernel.run("%aml runs\n1 + 1")

    assert (len(reply.displays), reply.result) == (1, "2")
    assert kernel.value("_") == 2


def test_statement_of_another_magic_shows_its_panel(kernel: Kernel) -> None:
    reply = kernel.run("%time %aml runs")

    assert (len(reply.displays), reply.result) == (1, "")


def test_text_that_looks_like_the_magic_is_text(kernel: Kernel) -> None:
    reply = kernel.run("text = '''\n%aml runs\n'''\nprint(text)")

    assert (reply.displays, reply.stdout.strip()) == ([], "%aml runs")
