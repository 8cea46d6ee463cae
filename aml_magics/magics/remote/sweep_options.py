"""The options on the line of ``%%aml_sweep``."""

from __future__ import annotations

import keyword
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from aml_magics.commands._parser import Parser, whole_number
from aml_magics.errors import UsageError
from aml_magics.magics.options import pairs
from aml_magics.records.sweep.sweep import Goal
from aml_magics.services.sweep.grammar import (
    read_expression,
    read_policy,
    read_sampler,
    whole_calls,
)
from aml_magics.services.sweep.request import MAX_MINUTES, SweepRequest

if TYPE_CHECKING:
    from collections.abc import Sequence


MOST_TRIALS: Final = 20
OUT: Final = "sweep"
GOALS: Final = ("maximize", "minimize")
_TAKEN: Final = ("run",)
"""Names that the cell has already."""


@dataclass(frozen=True, slots=True)
class SweepOptions:
    """The parsed line of ``%%aml_sweep``."""

    request: SweepRequest
    experiment: str | None = None
    compute: str | None = None
    out: str = OUT
    name: str | None = None
    quiet: bool = False


@lru_cache(maxsize=2)
def sweep_parser(*, quiet: bool = False) -> Parser:
    """Return the parser of the line; ``quiet`` is the user's default for ``--quiet``."""
    from argparse import BooleanOptionalAction

    parser = Parser(
        "%%aml_sweep",
        "Run this cell many times, each with other values of its parameters, and find the best.",
        _EXAMPLES,
    )
    add = parser.add_argument
    add("name", nargs="?", metavar="NAME", help="name of the sweep; in quotes if it has blanks")
    several: dict[str, Any] = {"nargs": "+", "action": "extend", "default": []}
    add("--param", **several, metavar="K=EXPR", help="a variable of the cell, and its values")
    add("--metric", metavar="M", help="the metric that the cell logs, by which trials are ranked")
    add("--goal", choices=GOALS, help="which is better: a high or a low value")
    add("--max-runs", type=whole_number, default=MOST_TRIALS, metavar="N", help="trials (20)")
    add("--concurrent", type=whole_number, metavar="N", help="trials at once")
    add("--max-minutes", type=float, default=MAX_MINUTES, metavar="M", help="end it after so long")
    add("--sampler", default="random", metavar="S", help="random, grid or bayesian (random)")
    add("--policy", metavar="P", help="which trials are ended early: bandit(slack_factor=0.1)")
    add("--compute", metavar="NAME", help="a compute target, else this machine")
    add("--experiment", metavar="E", help="experiment of the runs")
    add("--tag", **several, metavar="K=V", help="tags of the sweep")
    add("--out", default=OUT, metavar="VAR", help="variable that holds the sweep's run (sweep)")
    add("--quiet", action=BooleanOptionalAction, default=quiet, help="show no panel")
    return parser


_EXAMPLES: Final = """\
values of a parameter:
  choice(2, 4, 8)  choice(relu, tanh)  choice(range(1, 9))  randint(10)
  uniform(0, 1)  loguniform(-6, -1)  normal(0, 1)  lognormal(0, 1)
  quniform(0, 1, 0.1)  qloguniform  qnormal  qlognormal
  of loguniform the numbers are exponents of e, as in Azure
policies:
  bandit(slack_factor=0.1, evaluation_interval=1, delay_evaluation=5)
  median_stopping  truncation_selection(truncation_percentage=20)
"""


def read_sweep_options(words: Sequence[str], *, quiet: bool = False) -> SweepOptions:
    """Parse the words of the line, already expanded with the user's variables.

    Raises:
        UsageError: the line is malformed.
        SweepError: an expression, the sampler or the policy cannot be read, or could not run.
        HelpRequested: ``--help`` is among the words.
    """
    found = sweep_parser(quiet=quiet).parse_args(whole_calls(words))
    if not found.param:
        raise UsageError(
            "%%aml_sweep takes one parameter or more: --param lr=loguniform(-6,-1) depth=choice(2,4,8)."
        )
    for option in ("metric", "goal"):
        if getattr(found, option) is None:
            raise UsageError(
                f"%%aml_sweep has to know which trial is the best: --{option} is missing; "
                "write for example --metric acc --goal maximize."
            )
    if not found.out.isidentifier():
        raise UsageError(f"--out takes the name of a variable, not {found.out!r}; try --out {OUT}.")
    space = {name: read_expression(name, text) for name, text in _params(found.param).items()}
    request = SweepRequest(
        sampler=read_sampler(found.sampler),
        space=space,
        metric=found.metric,
        goal=Goal(found.goal.upper()),
        most_trials=found.max_runs,
        most_at_once=found.concurrent,
        max_minutes=found.max_minutes,
        policy=None if found.policy is None else read_policy(found.policy),
        tags=pairs("--tag", found.tag),
    )
    return SweepOptions(
        request, found.experiment, found.compute, found.out, found.name, found.quiet
    )


def values_for(argument: str) -> list[str]:
    """What can be typed for an option, for completion; empty where only the workspace knows."""
    from aml_magics.kinds.policies._base import POLICIES
    from aml_magics.services.sweep.grammar import sampler_names

    if argument == "policy":
        return POLICIES.names()
    return sampler_names() if argument == "sampler" else []


def expressions_after(word: str) -> list[str]:
    """``lr=`` with each distribution; empty before the sign."""
    from aml_magics.records.sweep.parameter_expression import ARGUMENTS

    name, sign, _ = word.partition("=")
    return [f"{name}={one}(" for one in ARGUMENTS] if sign else []


def _params(texts: Sequence[str]) -> dict[str, str]:
    found = pairs("--param", texts)
    for name in found:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise UsageError(
                f"A parameter becomes a variable of the cell, and {name!r:.60} cannot be one; "
                "use letters, digits and _."
            )
        if name in _TAKEN:
            raise UsageError(f"{name!r} is the run in the cell; give the parameter another name.")
    return found
