"""How ``%%aml_run`` becomes part of its own cell.

The first line of the cell is replaced by one call, and every other line stays where it is. So the
cell is ordinary code to IPython: tracebacks have its line numbers, ``await`` works at the top
level, the last expression is ``Out[n]``, and an interrupt reaches the code itself.
"""

from __future__ import annotations

import io
import re
import tokenize

from aml_magics.errors import UsageError

MAGIC = "%%aml_run"
_FIRST_LINE = re.compile(r"%%aml_run(?![\w?])[ \t]*(?P<arguments>[^\r\n]*)")
_ELSEWHERE = re.compile(r"(?:^|\s)--compute(?:[\s=]|$)")
_LATER_LINE = re.compile(r"%%aml_run(?!\w)")
_ASKED = re.compile(r"\s*%aml[ \t]+(?P<command>[\w-]+)[ \t]*\?{1,2}\s*")
_HELP = {"--help", "-h"}
_FUTURE = re.compile(r"from __future__ import [^(\\]+$")


def transform(lines: list[str]) -> list[str]:
    """Turn a cell that starts with ``%%aml_run`` into the call that begins its run.

    Args:
        lines: the lines of a cell, each with its line break.

    Returns:
        As many lines; those of a cell without the magic are returned as they are.

    Raises:
        UsageError: ``%%aml_run`` stands below other lines of the cell.
    """
    if not lines:
        return lines
    first = _FIRST_LINE.match(lines[0])
    if first and _ELSEWHERE.search(first["arguments"]):
        return lines  # the cell is not run here: the magic gets it as text
    if first:
        if _HELP & set(first["arguments"].split()):
            lines = [lines[0]]  # who asks what the magic does wants nothing run yet
        call = f"get_ipython().run_line_magic('aml_run', {first['arguments'].strip()!r})"
        return _begun(call, lines[1:])
    if not lines[0].startswith("%%"):
        _refuse_magic_below(lines)
    return lines


# In a terminal, IPython asks this mark whether to leave the transformer out when it decides if a
# cell is complete: a `%%` line must go on to the blank line that ends it.
transform.has_side_effects = True  # type: ignore[attr-defined]


def asked(lines: list[str]) -> list[str]:
    """Turn ``%aml NAME?`` into ``%aml NAME --help``: IPython would look for a variable NAME.

    Args:
        lines: the lines of a cell, each with its line break.
    """
    found = _ASKED.fullmatch("".join(lines))
    return [f"%aml {found['command']} --help\n"] if found else lines


def _begun(call: str, body: list[str]) -> list[str]:
    from IPython.core.inputtransformer2 import cell_magic

    top = next((i for i, line in enumerate(body) if not line.isspace()), 0)
    if body and body[top].startswith("%%"):
        stacked = cell_magic(body[top:])  # type: ignore[no-untyped-call]
        return [call + "\n", *body[:top], *stacked]
    last = _last_future_import(body)
    if last is None:
        return [call + "\n", *body]
    # Python wants these imports before any other statement.
    return ["\n", *body[:last], f"{body[last].rstrip()}; {call}\n", *body[last + 1 :]]


def _last_future_import(body: list[str]) -> int | None:
    return max((i for i, line in enumerate(body) if _FUTURE.match(line.rstrip())), default=None)


def _refuse_magic_below(lines: list[str]) -> None:
    for number, line in enumerate(lines):
        if _LATER_LINE.match(line) and not _ends_inside_string(lines[:number]):
            raise UsageError(
                f"{MAGIC} has to be the first line of its cell, and here it is line {number + 1}; "
                f"move it above {lines[0].strip()[:40]!r}."
            )


def _ends_inside_string(lines: list[str]) -> bool:
    try:
        for _ in tokenize.generate_tokens(io.StringIO("".join(lines)).readline):
            pass
    except tokenize.TokenError as error:
        return "string" in str(error)
    except SyntaxError:
        return False
    return False
