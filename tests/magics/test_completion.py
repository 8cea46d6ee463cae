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
        ("%%aml_step x --inp", "--input"),
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
    kernel.run(
        "from aml_magics import Workspace\n"
        "from aml_magics.services.compute.registry import create\n"
        "create(Workspace.from_config().store, 'cpu-cluster', 'aml_compute', {})"
    )
    for line in ("%%aml_run --compute cp", "%aml submit --compute cp", "%aml compute cp"):
        assert "cpu-cluster" in offered(kernel, line)
    assert "local" in offered(kernel, "%%aml_run --compute=lo")[0]


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


def test_every_run_is_offered_by_the_beginning_of_its_name_or_id(kernel: Kernel) -> None:
    kernel.run(
        "from aml_magics.services.run import run as runs\n"
        "store = Workspace.from_config().store\n"
        "old = runs.start(store, 'e', name='logistic')\n"
        "for n in range(250): runs.start(store, 'e', name=f'trial-{n:03}')\n"
        "c._live.clear()"
    )

    assert offered(kernel, "%aml compare log") == ["logistic"]
    assert offered(kernel, "%aml run trial-00") == [f"trial-{n:03}" for n in range(9, -1, -1)]
    beginning = kernel.value("old.id[:8]")
    assert beginning in offered(kernel, f"%aml log {beginning[:5]}")
    assert len(offered(kernel, "%aml run ")) == 200


@pytest.fixture
def logged(kernel: Kernel) -> Kernel:
    """A kernel whose runs have a metric, and names with blanks."""
    kernel.run(
        "%%aml_run --experiment 'two words' --param rate=1\nrun.log('accuracy', 1); run.log('val acc', 1)"
    )
    kernel.run("import aml_magics.magics.completion as c; c._live.clear()")
    return kernel


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("%aml runs --sort metrics.acc", "%aml runs --sort metrics.accuracy"),
        ("%aml runs --sort=metrics.acc", "%aml runs --sort=metrics.accuracy"),
        ("%aml runs --sort dura", "%aml runs --sort duration"),
        ('%aml runs --filter "para', '%aml runs --filter "params.rate'),
        ('%aml runs --filter "status = Failed and not (metrics.acc', '%aml runs --filter "status = Failed and not (metrics.accuracy'),
        ('%aml runs --filter="metrics.`va', '%aml runs --filter="metrics.`val acc`'),
        ("%aml runs --filter 'metrics.`val a", "%aml runs --filter 'metrics.`val acc`"),
        ("%aml runs --experiment=tw", "%aml runs --experiment='two words'"),
        ('%aml runs --experiment="two w', '%aml runs --experiment="two words"'),
        ("%aml runs --status=Fai", "%aml runs --status=Failed"),
        ("%%aml_run --expect acc", "%%aml_run --expect accuracy"),
        ("%%aml_run --experiment=tw", "%%aml_run --experiment='two words'"),
        ('%%aml_run x --expect "acc', '%%aml_run x --expect "accuracy'),
    ],
)  # fmt: skip
def test_names_of_metrics_and_values_behind_an_equals_sign_are_offered(
    logged: Kernel, typed: str, line: str
) -> None:
    assert chosen(logged, typed) == [line]


def test_a_filter_can_name_anything_that_runs_have(logged: Kernel) -> None:
    words = offered(logged, "%aml runs --filter ")

    assert {"metrics.accuracy", "'metrics.`val acc`'", "params.rate", "status", "created"} <= set(
        words
    )
    assert "accuracy" in offered(logged, "%%aml_run --expect ")


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
