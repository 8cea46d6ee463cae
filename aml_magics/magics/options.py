"""The options on the line of ``%%aml_run``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aml_magics.commands._parser import Parser
from aml_magics.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aml_magics.records.run import Scalar
    from aml_magics.services.run.expectation import Expectation

_WHOLE = re.compile(r"[-+]?\d(?:_?\d)*$")
_REAL = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$", re.IGNORECASE)
_TRUTH = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The parsed line of ``%%aml_run``."""

    name: str | None = None
    experiment: str | None = None
    params: dict[str, Scalar] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    description: str = ""
    out: str = "run"
    compute: str | None = None
    returned: tuple[str, ...] = ()
    resume: str | None = None
    expect: tuple[Expectation, ...] = ()
    quiet: bool = False
    capture: bool = True


@lru_cache(maxsize=4)
def options_parser(*, quiet: bool = False, capture: bool = True) -> Parser:
    """Return the parser of the line.

    Args:
        quiet: hide the panel unless ``--no-quiet`` is given.
        capture: keep output unless ``--no-capture`` is given.
    """
    from argparse import BooleanOptionalAction

    parser = Parser("%%aml_run", "Make this cell a run: what it logs, prints and shows is kept.")
    add = parser.add_argument
    add("name", nargs="?", metavar="NAME", help="name of the run; in quotes if it has blanks")
    add("--experiment", metavar="E", help="experiment of the run; else that of %%config AmlMagics")
    several: dict[str, Any] = {"nargs": "+", "action": "extend", "default": []}
    add("--param", **several, metavar="K=V", help="parameters of the run, such as lr=0.1")
    add("--tag", **several, metavar="K=V", help="tags of the run")
    add("--description", default="", metavar="TEXT", help="what the run is about")
    out_help = "variable that holds the run (default: run); with --compute, those to bring back"
    add("--out", nargs="+", default=[], metavar="VAR", help=out_help)
    elsewhere = "run the cell elsewhere: local is a process of its own, or a compute target"
    add("--compute", metavar="NAME", help=elsewhere)
    add("--resume", metavar="RUN", help="go on with a failed or canceled run")
    add("--expect", **several, metavar="BOUND", help='fail unless it holds: "accuracy>=0.8"')
    yes_or_no = BooleanOptionalAction
    add("--quiet", action=yes_or_no, default=quiet, help="show no panel")
    add("--capture", action=yes_or_no, default=capture, help="keep what the cell prints and shows")
    return parser


def read_options(words: Sequence[str], *, quiet: bool = False, capture: bool = True) -> RunOptions:
    """Parse the words of the line, already expanded with the user's variables.

    Args:
        quiet: the user's default for ``--quiet``.
        capture: the user's default for ``--capture``.

    Raises:
        UsageError: the line is malformed.
        HelpRequested: ``--help`` is among the words.
    """
    found = options_parser(quiet=quiet, capture=capture).parse_args(list(words))
    for name in found.out:
        if not name.isidentifier():
            raise UsageError(f"--out takes the name of a variable, not {name!r}; try --out run.")
    if found.compute is None and len(found.out) > 1:
        raise UsageError(
            f"--out takes one variable, which holds the run, not {len(found.out)}; "
            "with --compute it takes those to bring back."
        )
    if found.compute and found.resume:
        raise UsageError("A run is resumed in this kernel: leave out --compute, or --resume.")
    if found.resume and found.name:
        raise UsageError(
            f"A resumed run keeps its name, so {found.name!r} cannot be given with --resume; "
            "leave out one of them."
        )
    return RunOptions(
        name=found.name,
        experiment=found.experiment,
        params={key: scalar(text) for key, text in pairs("--param", found.param).items()},
        tags=pairs("--tag", found.tag),
        description=found.description,
        out=found.out[0] if found.out and found.compute is None else "run",
        compute=found.compute,
        returned=tuple(found.out) if found.compute else (),
        resume=found.resume,
        expect=_expectations(found.expect),
        quiet=found.quiet,
        capture=found.capture,
    )


def _expectations(texts: Sequence[str]) -> tuple[Expectation, ...]:
    if not texts:
        return ()
    from aml_magics.services.run.expectation import parse  # SQLAlchemy: not with `%load_ext`

    return tuple(map(parse, texts))


def scalar(text: str) -> Scalar:
    """Parse a number or truth value; any other text stays text."""
    if _WHOLE.match(text):
        return int(text)
    if _REAL.match(text):
        return float(text)
    return _TRUTH.get(text.lower(), text)


def pairs(option: str, texts: Iterable[str]) -> dict[str, str]:
    """Split ``NAME=VALUE`` texts at the first sign; UsageError for one without."""
    pairs: dict[str, str] = {}
    for text in texts:
        key, sign, value = text.partition("=")
        if not sign or not key.strip():
            raise UsageError(
                f"{option} takes NAME=VALUE, not {text!r}; write for example {option} lr=0.1."
            )
        pairs[key.strip()] = value
    return pairs
