"""`%%aml_run` in a real kernel: the cell is the run, and still is an ordinary cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.magics.conftest import Kernel


def test_completed_cell_marks_its_run_completed(kernel: Kernel) -> None:
    reply = kernel.run("%%aml_run first --param lr=0.1 depth=3 --tag stage=a\nrun.log('acc', 0.5)")

    assert reply.status == "ok"
    assert kernel.value("run.get_status()") == "Completed"
    assert kernel.value("(run.name, run.parameters, run.tags, run.get_metrics())") == (
        "first",
        {"lr": 0.1, "depth": 3},
        {"stage": "a"},
        {"acc": 0.5},
    )


def test_failed_cell_marks_its_run_failed_and_still_fails(kernel: Kernel) -> None:
    reply = kernel.run("%%aml_run\nx = 1\n1 / 0")

    assert (reply.status, reply.ename) == ("error", "ZeroDivisionError")
    assert kernel.value("run.get_status()") == "Failed"
    assert kernel.value("run.record.reason") == "ZeroDivisionError: division by zero"
    assert kernel.value("run.record.error.code") == "ZeroDivisionError"


def test_traceback_has_the_line_numbers_of_the_cell(kernel: Kernel) -> None:
    reply = kernel.run("%%aml_run\nx = 1\n\n1 / 0")
    kept = kernel.value("run.record.error.traceback")

    assert "line 4" in reply.traceback
    assert "aml_magics" not in reply.traceback
    assert "Cell In[" in kept
    assert "line 4, in <module>\n    1 / 0" in kept
    assert "\x1b" not in kept
    assert "IPython" not in kept


def test_traceback_names_the_cell_of_a_function(kernel: Kernel) -> None:
    kernel.run("def broken():\n    raise ValueError('no')")
    kernel.run("%%aml_run\nbroken()")

    assert kernel.value("run.record.error.traceback.count('Cell In[')") == 2


def test_await_works_at_the_top_level(kernel: Kernel) -> None:
    reply = kernel.run("%%aml_run\nimport asyncio\nawait asyncio.sleep(0)\nrun.log('a', 1)\n7")

    assert (reply.status, reply.result) == ("ok", "7")
    assert kernel.value("run.get_status()") == "Completed"


def test_error_after_await_marks_the_run_failed(kernel: Kernel) -> None:
    reply = kernel.run("%%aml_run\nimport asyncio\nawait asyncio.sleep(0)\n1 / 0")

    assert reply.status == "error"
    assert kernel.value("run.get_status()") == "Failed"


def test_last_expression_is_the_output_and_underscore(kernel: Kernel) -> None:
    reply = kernel.run("%%aml_run\n40 + 2")

    assert reply.result == "42"
    assert kernel.value("_") == 42


def test_line_magics_work_inside_the_cell(kernel: Kernel) -> None:
    reply = kernel.run("%%aml_run\nhere = %pwd\n%time 1\n!echo shell")

    assert reply.status == "ok"
    assert kernel.value("here") == str(kernel.folder)


def test_future_import_still_comes_first(kernel: Kernel) -> None:
    reply = kernel.run(
        "%%aml_run\nfrom __future__ import annotations\nrun.log('a', 1)\nraise ValueError"
    )

    assert reply.ename == "ValueError"
    assert "line 4" in reply.traceback


def test_get_context_gives_the_run_of_the_cell(kernel: Kernel) -> None:
    kernel.run("%%aml_run\nsame = Run.get_context() == run")

    assert kernel.value("same") is True
    assert (
        kernel.value("__import__('aml_magics.sdk.run.context', fromlist=['x']).current()") is None
    )


def test_out_names_the_variable(kernel: Kernel) -> None:
    kernel.run("%%aml_run --out trial\ntrial.log('a', 1)")

    assert kernel.value("trial.get_metrics()") == {"a": 1}


def test_running_the_cell_again_is_a_new_run(kernel: Kernel) -> None:
    kernel.run("%%aml_run again\nfirst = run.id")
    kernel.run("%%aml_run again\nsecond = run.id")

    assert kernel.value("first != second")


# The kernel itself looks for an interrupt only when its event loop turns.
def test_run_that_the_cell_ended_itself_stays_as_it_is(kernel: Kernel) -> None:
    reply = kernel.run("%%aml_run\nrun.fail('not good enough')")

    assert reply.status == "ok"
    assert kernel.value("run.get_status()") == "Failed"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--experimant x", "Did you mean '--experiment'"),
        ("--param lr", "--param takes NAME=VALUE, not 'lr'"),
        ("--tag =x", "--tag takes NAME=VALUE, not '=x'"),
        ("--expect accuracy", "METRIC SIGN NUMBER"),
        ("--out a-b", "--out takes the name of a variable, not 'a-b'"),
        ("name --resume other", "leave out one of them"),
        ("'open", "one is not closed"),
        ("--resume no-such-run", "No run 'no-such-run'"),
        (f"{'x' * 10_000}", "10,000 characters"),
        ("''", "is empty"),
    ],
)
def test_line_that_is_wrong_leaves_no_run_and_fails_in_one_line(
    kernel: Kernel, line: str, message: str
) -> None:
    before = kernel.runs()
    reply = kernel.run(f"%%aml_run {line}\nprint('ran')")

    assert reply.status == "error"
    assert message in reply.evalue
    assert reply.traceback.count("\n") == 0
    assert reply.stdout == ""
    assert kernel.runs() == before


def test_syntax_error_leaves_no_run(kernel: Kernel) -> None:
    before = kernel.runs()
    reply = kernel.run("%%aml_run\nx = (\n1 +")

    assert reply.ename == "SyntaxError" or "Incomplete" in reply.ename
    assert kernel.runs() == before


def test_comment_above_gives_one_line_and_no_run(kernel: Kernel) -> None:
    before = kernel.runs()
    reply = kernel.run("# train\n%%aml_run\nprint('ran')")

    assert "first line of its cell" in reply.evalue
    assert "# train" in reply.evalue
    assert reply.traceback.count("\n") == 0
    assert reply.stdout == ""
    assert kernel.runs() == before


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("%aml_run fit\nprint('ran')", "signs: %%aml_run fit as the first line of the cell"),
        ("x = 1\n%aml_run", "`%aml run RUN` shows a run that is there"),
        ("%%aml_run fit\n\n# nothing yet\n", "and there are none: write them there"),
        ("get_ipython().run_cell_magic('aml_run', 'fit', ' ')", "and there are none: write them"),
        ("%%aml_run fit --compute local\n", "and there are none: write them"),
    ],
)
def test_what_was_meant_is_said_in_place_of_an_empty_run(
    kernel: Kernel, cell: str, message: str
) -> None:
    before = kernel.runs()
    reply = kernel.run(cell)

    assert message in reply.evalue
    assert reply.traceback.count("\n") == 0
    assert reply.stdout == ""
    assert kernel.runs() == before


def test_second_run_in_one_cell_is_refused(kernel: Kernel) -> None:
    reply = kernel.run("%%aml_run\n%aml_run again")

    assert "A cell is one run" in reply.evalue


def test_values_are_never_read_again(kernel: Kernel) -> None:
    kernel.run("odd = 'a b; $(touch pwned) `id` \"q\\' --quiet {1+1}'")
    kernel.run("%%aml_run --param odd=$odd --param sum={1 + 1} key={dict(a='x')['a']}\npass")

    assert kernel.value("run.parameters['odd'] == odd")
    assert kernel.value("(run.parameters['sum'], run.parameters['key'])") == (2, "x")
    assert kernel.value("__import__('os').path.exists('pwned')") is False


def test_two_dashes_end_the_options(kernel: Kernel) -> None:
    kernel.run("%%aml_run --param a=1 -- --odd-name\npass")

    assert kernel.value("run.name") == "--odd-name"


def test_quotes_are_stripped(kernel: Kernel) -> None:
    kernel.run("%%aml_run \"my run\" --tag note='two words' --description 'It is <b>big</b>'\npass")

    assert kernel.value("(run.name, run.tags, run.description)") == (
        "my run",
        {"note": "two words"},
        "It is <b>big</b>",
    )


def test_resume_goes_on_with_the_same_run(kernel: Kernel) -> None:
    kernel.run("%%aml_run shaky\nprint('one')\nrun.log('a', 1)\n1 / 0")
    kernel.run("shaky = run.id")
    reply = kernel.run(
        "%%aml_run --resume shaky --param more=1 --tag t=x --description d\n"
        "print('two')\nrun.log('a', 2)"
    )

    assert reply.status == "ok"
    assert kernel.value("(run.id == shaky, run.get_status())") == (True, "Completed")
    assert kernel.value("(run.get_metrics()['a'], run.record.attempt)") == ([1, 2], 2)
    assert kernel.value("(run.parameters, run.tags, run.description)") == (
        {"more": 1},
        {"t": "x"},
        "d",
    )


def test_completed_run_is_not_resumed(kernel: Kernel) -> None:
    kernel.run("%%aml_run good\npass")
    reply = kernel.run("%%aml_run --resume good\npass")

    assert "only a Failed or Canceled run is resumed" in reply.evalue


def test_expectation_that_holds_completes_the_run(kernel: Kernel) -> None:
    reply = kernel.run("%%aml_run --expect 'a>=0.5' 'a<1'\nrun.log('a', 0.5)")

    assert reply.status == "ok"
    assert kernel.value("run.get_status()") == "Completed"


def test_expectation_that_is_not_met_fails_run_and_cell(kernel: Kernel) -> None:
    reply = kernel.run("%%aml_run --expect 'a>=0.8'\nrun.log('a', 0.5)")

    assert (reply.status, reply.ename) == ("error", "ExpectationError")
    assert reply.traceback == "ExpectationError: Expected a>=0.8, but a is 0.5."
    assert kernel.value("(run.get_status(), run.record.error.code)") == (
        "Failed",
        "ExpectationError",
    )


def test_help_is_shown_and_nothing_runs(kernel: Kernel) -> None:
    before = kernel.runs()
    reply = kernel.run("%%aml_run --help\nprint('ran')")

    assert "--experiment" in reply.stdout
    assert "\nran" not in reply.stdout
    assert kernel.runs() == before


def test_question_mark_shows_the_help(kernel: Kernel) -> None:
    request = kernel.send("%%aml_run?")
    kernel.client.get_iopub_msg(timeout=60)
    page = kernel._shell_reply(request)["content"]["payload"][0]["data"]["text/plain"]

    assert "--expect" in page


def test_configured_experiment_is_the_default(kernel: Kernel) -> None:
    kernel.run("%config AmlMagics.experiment = 'configured'")
    kernel.run("%%aml_run\npass")
    name = kernel.value("run.experiment.name")
    kernel.run("%config AmlMagics.experiment = ''")

    assert name == "configured"


def test_hooks_are_there_only_while_a_cell_is_a_run(kernel: Kernel) -> None:
    hooks = "sum(len(c) for c in get_ipython().events.callbacks.values())"
    before = kernel.value(hooks)
    kernel.run(f"%%aml_run\nduring = {hooks}")

    assert kernel.value("during") == before + 2
    assert kernel.value(hooks) == before


def test_run_whose_end_was_lost_is_failed_before_the_next(kernel: Kernel) -> None:
    # IPython tells nobody of the end of a silent cell.
    kernel._shell_reply(kernel.send("%%aml_run\nlost = run", silent=True, store_history=False))
    kernel.run("%%aml_run\npass")

    assert kernel.value("(lost.get_status(), lost.record.error.code)") == ("Failed", "Abandoned")
    assert kernel.value("run.get_status()") == "Completed"
