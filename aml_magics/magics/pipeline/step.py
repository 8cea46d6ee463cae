"""``%%aml_step NAME``: adds a cell to the pipeline of the notebook; ``%aml pipeline run`` runs it."""

from __future__ import annotations

import builtins
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aml_magics.commands._parser import HelpRequested, Parser
from aml_magics.errors import UsageError, did_you_mean
from aml_magics.magics.arguments import words_of
from aml_magics.magics.cell.cell import visible_names
from aml_magics.magics.cell.upstream import names_of
from aml_magics.magics.options import pairs, scalar
from aml_magics.magics.pipeline.local_file import local_files
from aml_magics.magics.pipeline.local_module import local_modules
from aml_magics.magics.pipeline.notebook import CellStep, Source, pipeline_of
from aml_magics.magics.remote.cell import packed_variables

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Collection, Mapping

    from IPython.core.interactiveshell import InteractiveShell

_VARIABLE: Final = re.compile(r"[A-Za-z_]\w*")
_OF_IPYTHON: Final = frozenset({"get_ipython", "display", "run", "In", "Out", "_", "__", "___"})
_DATASET: Final = "dataset:"
_MOST_LISTED: Final = 12


def step_parser() -> Parser:
    """The options on the line."""
    parser = Parser("%%aml_step", "Add this cell to the pipeline of the notebook as a step.")
    add = parser.add_argument
    add("step", metavar="NAME", help="of the step; a cell of that name is replaced")
    several: dict[str, Any] = {"nargs": "+", "action": "extend", "default": []}
    add(
        "--input",
        **several,
        metavar="[V=]X",
        help="a variable that an earlier step has as output: x, train.x, v=train.x, v=dataset:NAME",
    )
    add("--output", **several, metavar="X", help="variables of the cell that others may take")
    add("--param", **several, metavar="K=V", help="parameters of the pipeline with defaults")
    add("--after", **several, metavar="STEP", help="steps to run after, without data between")
    add(
        "--files",
        **several,
        metavar="PATH",
        help="files and folders beside the notebook that go along; those that the cell names do anyway",
    )
    add("--compute", default="", metavar="NAME", help="a compute target, else this machine")
    add("--no-reuse", action="store_true", help="run it each time, also where nothing changed")
    return parser


def add_step_cell(shell: InteractiveShell, line: str, body: str) -> None:
    """Add the cell, or replace the step of that name; nothing runs yet.

    Raises:
        SyntaxError: the cell is not Python.
        UsageError: the options, or the names that the cell uses, break a rule.
    """
    try:
        options = step_parser().parse_args(words_of(line, visible_names(shell)))
    except HelpRequested as help_:
        print(help_.text)  # noqa: T201 -- where IPython's own magics print theirs
        return
    inputs = dict(_source(text) for text in options.input)
    params = {name: scalar(text) for name, text in pairs("--param", options.param).items()}
    _check_names(options, inputs, params)
    given = {*inputs, *params}
    packed = packed_variables(shell, body, left_out=(*given, *_OF_IPYTHON))
    python = shell.transform_cell(body)  # type: ignore[no-untyped-call]
    _check_uses(shell, python, given, options.output)
    used = [shell.user_ns[name] for name in packed.sizes]
    here = Path.cwd()
    along = local_files(python, options.files, here) | local_modules(python, used, here)
    step = CellStep(
        name=options.step,
        body=body,
        data=packed.data,
        inputs=inputs,
        outputs=tuple(options.output),
        params=params,
        after=tuple(options.after),
        compute=options.compute,
        allow_reuse=not options.no_reuse,
        along=along,
    )
    text = pipeline_of(shell).put(step)
    packed.tell()
    if along:
        print(f"Taken along from this folder: {_listed(along)}", file=sys.stderr)  # noqa: T201 -- a word to the user
    print(text)  # noqa: T201 -- a word to the user


def _listed(along: Collection[str]) -> str:
    names = sorted(along)
    more = f" and {len(names) - _MOST_LISTED:,} more" if len(names) > _MOST_LISTED else ""
    return ", ".join(names[:_MOST_LISTED]) + more


def _source(text: str) -> tuple[str, Source]:
    """An input: its variable, and the step and output, or the dataset, that it comes from."""
    variable, has_variable, origin = text.partition("=")
    origin = origin if has_variable else variable
    if origin.startswith(_DATASET):
        if not has_variable:
            raise UsageError(
                f"--input {text!r:.60}: a dataset needs the variable that it becomes: --input data={text}."
            )
        name, _, version = origin.removeprefix(_DATASET).partition(":")
        return variable, Source(dataset=name, version=int(version) if version.isdecimal() else None)
    step, dot, output = origin.rpartition(".")
    return (variable if has_variable else output), Source(step=step if dot else "", output=output)


def _check_names(
    options: Namespace, inputs: Mapping[str, Source], params: Mapping[str, object]
) -> None:
    if not options.step.strip() or not options.step.isprintable() or len(options.step) > 255:
        raise UsageError(f"The name of a step is printable text, not {options.step!r:.60}.")
    kinds = {"--input": list(inputs), "--output": options.output, "--param": list(params)}
    told: dict[str, str] = {}
    for kind, names in kinds.items():
        for name in names:
            if not _VARIABLE.fullmatch(name):
                raise UsageError(f"{kind} is a name of a variable, such as x, not {name!r:.60}.")
            if name in told:
                raise UsageError(
                    f"{name!r} is {told[name]} and {kind} of step {options.step!r}; give one of both another name."
                )
            told[name] = kind


def _check_uses(
    shell: InteractiveShell, python: str, given: Collection[str], outputs: Collection[str]
) -> None:
    """Refuse names that nobody gives: the cell would fail when its step runs."""
    names = names_of(python)
    known = {*shell.user_ns, *given, *_OF_IPYTHON}
    missing = sorted(
        name
        for name in names.used - names.defined
        if name not in known and not hasattr(builtins, name)
    )
    if not missing:
        return
    first = missing[0]
    if first in outputs:
        raise UsageError(
            f"The cell uses {first!r} before it assigns it: --output {first} is a variable that the cell gives to later steps."
        )
    raise UsageError(
        f"The cell uses {first!r}, which neither the notebook nor an input gives.{did_you_mean(first, known)} "
        f"If another step has it as output, add --input {first}."
    )
