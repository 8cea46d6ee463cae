from __future__ import annotations

from pathlib import Path

import pytest

from aml_magics.commands._base import COMMANDS, Answer
from aml_magics.commands._parser import HelpRequested
from aml_magics.errors import UsageError
from aml_magics.views.compare.output import COMPARE
from aml_magics.views.run.output import RUN, RUN_TABLE

NAMES = COMMANDS.names()


def test_all_commands_are_found_by_their_files():
    assert NAMES == [
        "archive", "azureml", "cancel", "compare", "compute", "computes", "dataset", "datasets", "datastores", "delete", "deploy", "diff", "environments", "experiments", "help", "image", "images", "log", "model", "models", "modules", "note", "pipeline", "pipelines", "purge", "rename", "restore", "run", "runs", "schedule", "schedules", "service", "services", "star", "submit", "sweep", "sweeps", "tag", "unarchive", "unstar", "workspace",
    ]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_command_has_a_summary_of_one_line(name):
    summary = COMMANDS.load(name).summary

    assert summary.endswith((".", "`."))
    assert len(summary) <= 80
    assert "\n" not in summary


@pytest.mark.parametrize("name", NAMES)
def test_a_command_has_a_test_file_of_its_name(name):
    assert list(Path(__file__).parent.rglob(f"test_{name}.py"))


@pytest.mark.parametrize("name", NAMES)
def test_a_command_is_named_as_its_file(name):
    assert COMMANDS.load(name)().name == name


@pytest.mark.parametrize("name", NAMES)
def test_a_command_explains_each_of_its_arguments(name):
    parser = COMMANDS.load(name)().parser(f"%aml {name}")

    assert [one.name for one in parser.arguments() if not one.summary] == []
    with pytest.raises(HelpRequested) as request:
        parser.parse_args(["--help"])
    assert COMMANDS.load(name).summary in request.value.text


@pytest.mark.parametrize("name", NAMES)
def test_a_command_refuses_an_unknown_option_in_one_line(name):
    with pytest.raises(UsageError, match=f"`%aml {name}` has no option '--bogus'") as caught:
        COMMANDS.load(name)().parser(f"%aml {name}").parse_args(["--bogus"])

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["runs", "experiments", "workspace"])
def test_markup_in_a_name_stays_text(ask, workspace, name):
    from aml_magics.services.run import run as runs

    payload = '<img src=x onerror="window.__pwned=1">'
    runs.start(workspace.store, payload, name=payload, params={payload: payload})

    assert "<img" not in ask(workspace, name).html


def test_a_form_of_an_answer_is_made_once_and_only_when_asked_for():
    made: list[str] = []

    def make(form):
        return lambda: made.append(form) or form

    answer = Answer(make("html"), make("text"), make("value"))

    assert made == []
    assert (answer.text, answer.text, answer.value) == ("text", "text", "value")
    assert made == ["text", "value"]


def test_an_answer_in_words_is_escaped_for_a_notebook():
    assert "&lt;b&gt;" in Answer.of_text("<b>", None).html


@pytest.mark.parametrize(
    ("words", "mime"),
    [(["run", "quick"], RUN), (["runs"], RUN_TABLE), (["compare", "slow", "quick"], COMPARE)],
)
def test_an_answer_that_is_a_screen_has_its_snapshot_beside_the_page(ask, trained, words, mime):
    bundle = ask(trained, *words).bundle

    assert list(bundle) == [mime, "text/html", "text/plain"]
    assert bundle[mime]["workspace"] == "lab"
    assert "quick" in bundle[mime]["view"]


def test_an_answer_in_words_has_no_snapshot():
    assert list(Answer.of_text("a", None).bundle) == ["text/html", "text/plain"]


def test_a_screen_is_made_once_for_all_its_forms(ask, trained, monkeypatch):
    from aml_magics.commands import run

    made = []
    view = run.run_view
    monkeypatch.setattr(run, "run_view", lambda *given: made.append(given) or view(*given))
    answer = ask(trained, "run", "quick")

    assert made == []
    assert answer.text
    assert answer.bundle
    assert len(made) == 1
