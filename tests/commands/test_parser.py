from __future__ import annotations

from argparse import BooleanOptionalAction

import pytest

from aml_magics.commands._parser import HelpRequested, Parser, whole_number
from aml_magics.errors import UsageError


@pytest.fixture
def parser():
    parser = Parser(prog="%%aml_run", description="Make a run.", epilog="  laid out\n  as it is")
    parser.add_argument("name", nargs="?", help="its name")
    parser.add_argument("--experiment", help="its experiment")
    parser.add_argument("--status", choices=["Failed", "Completed"])
    parser.add_argument("--param", nargs="+", action="extend", default=[])
    parser.add_argument("--limit", type=whole_number)
    parser.add_argument("--capture", action=BooleanOptionalAction, default=True)
    return parser


def test_words_become_values(parser):
    found = parser.parse_args(["cell", "--param", "a=1", "b=2", "--no-capture", "--limit", "007"])

    assert (found.name, found.param, found.capture) == ("cell", ["a=1", "b=2"], False)
    assert found.limit == 7
    assert not hasattr(found, "help")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--experimnt", "e"], r"has no option '--experimnt'\. Did you mean '--experiment'\? `%%"),
        (["--exp", "e"], r"has no option '--exp'"),
        (["--no-captre"], r"has no option '--no-captre'\. Did you mean '--no-capture'\?"),
        (["-x"], r"has no option '-x'\."),
        (
            ["--experiment=e", "--statu=Failed"],
            r"has no option '--statu'\. Did you mean '--status'",
        ),
        (["--status", "Faild"], r"cannot read --status: 'Faild' .* Did you mean 'Failed'\? `%%"),
        (["--status", "x"], r"'x' is none of its values\. Choose from Failed, Completed\. `%%"),
        (["--limit", "many"], r"cannot read --limit: 'many' is no whole number from 1 up\. `%%"),
        (["--limit"], r"cannot read --limit: expected one argument\."),
        (["a", "b"], r"has no place for 'b'\. `%%aml_run --help` tells what it takes\.$"),
    ],
)
def test_a_wrong_word_is_refused_in_one_line(parser, words, message, capsys):
    with pytest.raises(UsageError, match=message) as caught:
        parser.parse_args(words)

    assert "\n" not in str(caught.value)
    assert capsys.readouterr() == ("", "")


def test_a_missing_word_is_asked_for():
    parser = Parser("%aml run", "Show a run.")
    parser.add_argument("run", metavar="RUN")

    with pytest.raises(UsageError, match="`%aml run` needs RUN"):
        parser.parse_args([])


def test_a_long_word_is_cut_in_the_message(parser):
    with pytest.raises(UsageError, match="has no option '--xxx") as caught:
        parser.parse_args(["--" + "x" * 10_000])

    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["--status", "x", "--help"], ["-z", "-h"]])
def test_help_is_raised_even_where_other_words_are_wrong(parser, words, capsys):
    with pytest.raises(HelpRequested, match="usage: %%aml_run") as request:
        parser.parse_args(words)

    assert "Make a run." in request.value.text
    assert "  laid out\n  as it is" in request.value.text
    assert capsys.readouterr() == ("", "")


def test_two_dashes_end_the_options(parser):
    assert parser.parse_args(["--", "--help"]).name == "--help"


def test_numbers_and_text_with_blanks_may_begin_with_a_dash(parser):
    assert parser.parse_args(["-1.5"]).name == "-1.5"
    assert parser.parse_args(["- a remark"]).name == "- a remark"
    assert parser.parse_args(["--experiment=--x"]).experiment == "--x"


def test_no_words_are_no_words_and_never_those_of_the_process(parser, monkeypatch):
    monkeypatch.setattr("sys.argv", ["prog", "--bogus"])

    assert parser.parse_args().name is None


def test_leaving_the_process_is_refused(parser):
    with pytest.raises(UsageError, match="ended with status 3: why"):
        parser.exit(3, "why")


def test_arguments_are_told_for_completion(parser):
    told = {one.name: one for one in parser.arguments()}

    assert list(told) == ["help", "name", "experiment", "status", "param", "limit", "capture"]
    assert told["name"].flags == ()
    assert told["experiment"].summary == "its experiment"
    assert told["status"].choices == ("Failed", "Completed")
    assert told["param"].takes_many
    assert not told["limit"].takes_many
    assert told["capture"].flags == ("--capture", "--no-capture")
    assert [one.name for one in told.values() if not one.takes_value] == ["help", "capture"]
