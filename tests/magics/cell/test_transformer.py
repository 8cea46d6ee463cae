"""What the first line of a `%%aml_run` cell turns into."""

from __future__ import annotations

import ast

import pytest

from aml_magics.errors import UsageError
from aml_magics.magics.cell.transformer import (
    LAST,
    STATEMENT,
    AmlStatements,
    help_for_question,
    transform,
)

CALL = "get_ipython().run_line_magic('aml_run', {!r})\n"


def lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def test_first_line_becomes_one_call_and_others_stay_where_they_are() -> None:
    assert transform(lines("%%aml_run a --quiet\nx = 1\n\ny\n")) == [
        CALL.format("a --quiet"),
        "x = 1\n",
        "\n",
        "y\n",
    ]


def test_quotes_in_the_line_survive() -> None:
    call, _ = transform(["""%%aml_run 'a "b"' --tag x=\\n\n""", "x\n"])

    assert eval(call.partition("'aml_run', ")[2].rstrip(")\n")) == """'a "b"' --tag x=\\n"""


def test_a_line_goes_on_behind_a_backslash_and_later_ones_stay_where_they_are() -> None:
    cell = ["%%aml_run a \\\n", "  --tag b=1 \\ \r\n", "  c=2\n", "x = 1\n"]
    call = "get_ipython().run_line_magic('aml_run', 'a --tag b=1 c=2')\n"
    assert transform(cell) == [call, "\n", "\n", "x = 1\n"]
    sweep = ["%%aml_sweep a \\\n", "--metric m\n", "x \\\n", "+ 1\n"]
    assert transform(sweep) == ["%%aml_sweep a --metric m\n", "\n", "x \\\n", "+ 1\n"]
    for other in (["%%time \\\n", "x\n"], ["x = 1 + \\\n", "2\n"]):
        assert transform(other) == other


@pytest.mark.parametrize("text", ["", "x = 1\n", "%%aml_runs\n", "%%aml_run?\n", "%%time\nx\n"])
def test_cell_without_the_magic_is_left_as_it_is(text: str) -> None:
    assert transform(lines(text)) == lines(text)


def test_magic_stacked_below_keeps_its_line() -> None:
    assert transform(lines("%%aml_run\n\n%%time\nx\n")) == [
        CALL.format(""),
        "\n",
        "get_ipython().run_cell_magic('time', '', 'x\\n')\n",
    ]


def test_future_imports_stay_first() -> None:
    body = "import_ = 1\nfrom __future__ import annotations\nx\n"

    assert transform(lines("%%aml_run\n" + body)) == [
        "\n",
        "import_ = 1\n",
        f"from __future__ import annotations; {CALL.format('')}",
        "x\n",
    ]


def test_help_drops_the_body() -> None:
    assert transform(lines("%%aml_run --help\nx\n")) == [CALL.format("--help")]


@pytest.mark.parametrize("above", ["# a comment\n", "x = 1\n", "x = 'a'\n\n"])
def test_line_above_the_magic_is_refused(above: str) -> None:
    with pytest.raises(UsageError, match="has to be the first line of its cell"):
        transform(lines(f"{above}%%aml_run\ny\n"))


@pytest.mark.parametrize("sign", ["%", "%%"])
def test_magic_inside_a_string_is_text(sign: str) -> None:
    text = f'cell = """\n{sign}aml_run\n"""\n'

    assert transform(lines(text)) == lines(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "%aml_run fit --tag a=b\ny\n",
            "signs: %%aml_run fit --tag a=b as the .*`%aml run fit` shows",
        ),
        ("x = 1\n  %aml_run\n", "two percent signs: %%aml_run as the first line.*`%aml run RUN`"),
    ],
)
def test_one_percent_sign_is_refused_with_what_is_meant(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        transform(lines(text))


@pytest.mark.parametrize("text", ["%aml_run --help\n", "%aml_run?\n", "%aml_runs\n"])
def test_help_on_one_percent_sign_is_left_to_the_magic(text: str) -> None:
    assert transform(lines(text)) == lines(text)


@pytest.mark.parametrize("below", ["", "\n", "  \n\n# run.log('a', 1)\n"])
def test_magic_above_nothing_is_refused(below: str) -> None:
    with pytest.raises(
        UsageError, match="run of the lines below it, and there are none: write them"
    ):
        transform(lines(f"%%aml_run fit\n{below}"))


def test_line_above_that_is_no_python_is_refused_too() -> None:
    with pytest.raises(UsageError, match="here it is line 2"):
        transform(["  x = $\n", "%%aml_run\n"])


def test_terminal_waits_for_the_end_of_the_cell() -> None:
    from IPython.core.inputtransformer2 import TransformerManager

    manager = TransformerManager()
    manager.cleanup_transforms.append(transform)

    assert manager.check_complete("%%aml_run\nx = 1")[0] == "incomplete"


@pytest.mark.parametrize("text", ["%aml dataset?", "%aml dataset ?\n", "\n%aml dataset??\n"])
def test_a_question_mark_asks_for_the_help_of_a_command(text: str) -> None:
    assert help_for_question(lines(text)) == ["%aml dataset --help\n"]


@pytest.mark.parametrize("text", ["", "%aml?\n", "%aml runs -f x?\n", "x?\n", "%aml runs?\nx\n"])
def test_other_questions_are_left_as_they_are(text: str) -> None:
    assert help_for_question(lines(text)) == lines(text)


def marked(code: str) -> list[str]:
    """The words of each `%aml` in code that IPython has made of a cell, as the magic gets them."""
    tree = AmlStatements().visit(ast.parse(code.replace("%aml", "get_ipython().run_line_magic")))
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return [text for text in texts if text != "aml"]


def test_statement_is_marked_wherever_it_stands() -> None:
    inside = "for i in x:\n    %aml('aml', 'a')\ndef f():\n    %aml('aml', 'b')\n"

    assert marked(f"{inside}%aml('aml', 'c')\n%aml('aml', 'd')") == [
        f"{STATEMENT}c",
        f"{LAST}d",
        f"{STATEMENT}a",
        f"{STATEMENT}b",
    ]


@pytest.mark.parametrize(
    "code",
    [
        "y = %aml('aml', 'a')",
        "len(%aml('aml', 'a'))",
        "def f():\n    return %aml('aml', 'a')",
        "lambda: %aml('aml', 'a')",
        "%aml('other', 'a')",
    ],
)
def test_value_that_is_taken_is_not_marked(code: str) -> None:
    assert {"a", "other"} >= set(marked(code))


def test_empty_cell_has_nothing_to_mark() -> None:
    assert marked("") == []
