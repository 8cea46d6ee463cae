"""Make ``%%aml_run`` part of its own cell, and find out whether the value of ``%aml`` is used.

The first line of the cell is replaced by one call, and every other line stays where it is. So the
cell is ordinary code to IPython: tracebacks have its line numbers, ``await`` works at the top
level, the last expression is ``Out[n]``, and an interrupt reaches the code itself.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from typing import Any, Final

from aml_magics.errors import UsageError

MAGIC = "%%aml_run"
_FIRST_LINE = re.compile(r"%%aml_run(?![\w?])[ \t]*(?P<arguments>[^\r\n]*)")
_ELSEWHERE = re.compile(r"(?:^|\s)--compute(?:[\s=]|$)")
_LATER_LINE = re.compile(r"%%aml_run(?!\w)")
_ONE_SIGN = re.compile(r"[ \t]*%aml_run(?![\w?])[ \t]*(?P<arguments>[^\r\n]*)")
_QUESTION = re.compile(r"\s*%aml[ \t]+(?P<command>[\w-]+)[ \t]*\?{1,2}\s*")
_HELP = {"--help", "-h"}
_OF_OURS = re.compile(r"%%aml_\w+")
_GOES_ON = re.compile(r"\\[ \t]*\r?\n?$")
_FUTURE = re.compile(r"from __future__ import [^(\\]+$")


def transform(lines: list[str]) -> list[str]:
    """Turn a cell that starts with ``%%aml_run`` into the call that starts its run.

    Args:
        lines: the lines of a cell, each with its line break.

    Returns:
        As many lines; those of a cell without the magic are unchanged.

    Raises:
        UsageError: ``%%aml_run`` stands below other lines of the cell, or above none, or lacks a
            percent sign.
    """
    if not lines:
        return lines
    lines = _joined(lines)
    first = _FIRST_LINE.match(lines[0])
    if first and not _is_help(first["arguments"]):
        refuse_empty("".join(lines[1:]))
    if first and _ELSEWHERE.search(first["arguments"]):
        return lines  # another process runs the cell: the magic gets it as text
    if first:
        if _is_help(first["arguments"]):
            lines = [lines[0]]  # the cell is not run: the user wants to know what the magic does
        call = f"get_ipython().run_line_magic('aml_run', {first['arguments'].strip()!r})"
        return _begun(call, lines[1:])
    if not lines[0].startswith("%%"):
        _refuse_misplaced(lines)
    return lines


# In a terminal, IPython asks this mark whether to leave the transformer out when it decides if a
# cell is complete: a `%%` line must go on to the blank line that ends it.
transform.has_side_effects = True  # type: ignore[attr-defined]


def help_for_question(lines: list[str]) -> list[str]:
    """Turn ``%aml NAME?`` into ``%aml NAME --help``: IPython would look for a variable NAME."""
    found = _QUESTION.fullmatch("".join(lines))
    return [f"%aml {found['command']} --help\n"] if found else lines


STATEMENT: Final = "\0statement\0"
"""Precedes the words of a ``%aml`` whose value is not used."""

LAST: Final = "\0last\0"
"""The same for the cell's last statement, whose value IPython keeps in ``_`` and ``Out``."""


class AmlStatements(ast.NodeTransformer):
    """Marks each ``%aml`` that is a statement: it shows its panel, any other returns its value.

    A call cannot know whether its value is used, and IPython has turned the magics into calls before it
    parses the cell. So this is an AST transformer, which IPython runs on each cell: it sees statements
    in loops and functions as well, and text that only looks like a magic is not taken for one.
    """

    def visit_Module(self, node: ast.Module) -> ast.AST:
        """Mark the statements of a cell; its last one differently."""
        self.generic_visit(node)
        line = _aml_line(node.body[-1]) if node.body else None
        if line is not None:
            line.value = line.value.replace(STATEMENT, LAST, 1)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        """Mark an expression statement that calls ``%aml``."""
        line = _aml_line(node)
        if line is not None:
            line.value = STATEMENT + line.value
        return node


def _aml_line(statement: ast.stmt) -> Any:  # noqa: ANN401 -- an ast.Constant whose value is a text
    """The words in ``get_ipython().run_line_magic('aml', words)``; None for other statements."""
    match statement:
        case ast.Expr(
            ast.Call(
                ast.Attribute(attr="run_line_magic"),
                [ast.Constant("aml"), ast.Constant(str()) as line],
            )
        ):
            return line
    return None


def _joined(lines: list[str]) -> list[str]:
    """As many lines, the first one with what follows it behind a backslash, as in a shell."""
    count = 0
    while count < len(lines) - 1 and _GOES_ON.search(lines[count]):
        count += 1
    if count == 0 or not _OF_OURS.match(lines[0]):
        return lines
    words = " ".join(_GOES_ON.sub("", line).strip() for line in lines[: count + 1])
    return [f"{words}\n", *["\n"] * count, *lines[count + 1 :]]


def _begun(call: str, body: list[str]) -> list[str]:
    from IPython.core.inputtransformer2 import cell_magic

    top = next((i for i, line in enumerate(body) if not line.isspace()), 0)
    # IPython makes a call of a cell magic only in the cell's first line, which ours takes; so we do it
    # for `%%time` and its like below.
    if body and body[top].startswith("%%"):
        stacked = cell_magic(body[top:])  # type: ignore[no-untyped-call]
        return [call + "\n", *body[:top], *stacked]
    last = _last_future_import(body)
    if last is None:
        return [call + "\n", *body]
    # Python allows nothing but other such imports before these.
    return ["\n", *body[:last], f"{body[last].rstrip()}; {call}\n", *body[last + 1 :]]


def _last_future_import(body: list[str]) -> int | None:
    return max((i for i, line in enumerate(body) if _FUTURE.match(line.rstrip())), default=None)


def refuse_empty(body: str, magic: str = MAGIC) -> None:
    """Refuse a cell with nothing but blanks and comments below the magic."""
    if all(line.strip() == "" or line.lstrip().startswith("#") for line in body.splitlines()):
        raise UsageError(
            f"{magic} makes a run of the lines below it, and there are none: write them there. "
            "`%aml run RUN` shows a run, experiment.start_logging() begins one without a cell."
        )


def _refuse_misplaced(lines: list[str]) -> None:
    for number, line in enumerate(lines):
        one_sign = _ONE_SIGN.match(line)
        is_one = one_sign is not None and not _is_help(one_sign["arguments"])
        if not (is_one or _LATER_LINE.match(line)) or _ends_inside_string(lines[:number]):
            continue
        if one_sign is None:
            raise UsageError(
                f"{MAGIC} has to be the first line of its cell, and here it is line {number + 1}; "
                f"move it above {lines[0].strip()[:40]!r}."
            )
        arguments = one_sign["arguments"].strip()
        raise UsageError(
            f"A run is a whole cell, so its magic has two percent signs: {f'{MAGIC} {arguments}'.strip():.80} "
            f"as the first line of the cell. `%aml run {(arguments.split() or ['RUN'])[0]:.40}` shows a run "
            "that is there."
        )


def _is_help(arguments: str) -> bool:
    return bool(_HELP & set(arguments.split()))


def _ends_inside_string(lines: list[str]) -> bool:
    """Whether the next line is inside a triple-quoted string, where a magic is only text."""
    try:
        for _ in tokenize.generate_tokens(io.StringIO("".join(lines)).readline):
            pass
    except tokenize.TokenError as error:
        return "string" in str(error)
    except SyntaxError:
        return False
    return False
