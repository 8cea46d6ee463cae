"""How an error is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.errors import ExpectationError
from aml_magics.magics.failure import MOST_CHARACTERS, complain, one_line, run_error

if TYPE_CHECKING:
    import pytest
    from IPython.terminal.interactiveshell import TerminalInteractiveShell as Shell


class OddError(Exception):
    def __str__(self) -> str:
        raise KeyError("odd")


def raised(error: BaseException) -> BaseException:
    try:
        raise error  # noqa: TRY301 -- it needs a traceback
    except BaseException as caught:
        return caught


def test_error_has_its_type_message_and_traceback(shell: Shell) -> None:
    kept = run_error(raised(ValueError("no")), shell)

    assert (kept.code, kept.message) == ("ValueError", "no")
    assert kept.traceback.endswith("ValueError: no\n")


def test_error_whose_text_cannot_be_read_is_kept_all_the_same(shell: Shell) -> None:
    kept = run_error(raised(OddError()), shell)

    assert kept.message == "<its message cannot be read: KeyError>"
    assert "OddError" in kept.traceback


def test_error_of_ours_needs_no_traceback(shell: Shell) -> None:
    assert run_error(raised(ExpectationError("a is 1")), shell).traceback == ""


def test_secret_in_the_message_is_masked(shell: Shell) -> None:
    kept = run_error(raised(ValueError("password=hunter22")), shell)

    assert "hunter22" not in kept.message + kept.traceback.splitlines()[-1]


def test_endless_traceback_is_cut_in_its_middle(shell: Shell) -> None:
    kept = run_error(raised(ValueError("x" * MOST_CHARACTERS)), shell)

    assert len(kept.traceback) < MOST_CHARACTERS + 10


def test_error_without_a_traceback_is_kept(shell: Shell) -> None:
    assert run_error(ValueError("no"), shell).traceback == "ValueError: no\n"


def test_complaint_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    complain("it was not kept", ValueError("a\nb"))

    assert capsys.readouterr().err == "aml_magics: it was not kept: ValueError: a b\n"
    assert one_line(ValueError("a")) == "ValueError: a"
