"""``aml-magics``: run the command that a shell names, and print its answer.

The answer goes to standard output, everything else to standard error. The exit code is 0,
2 for a malformed command line, 1 for any other error.
"""

from __future__ import annotations

import io
import os
import sys
import warnings
from typing import TYPE_CHECKING, Final, TextIO

from aml_magics._version import VERSION
from aml_magics.cli._base import SHELL_COMMANDS, ShellCommand
from aml_magics.commands._base import COMMANDS, Command
from aml_magics.commands._parser import HelpRequested, Parser
from aml_magics.commands.help import overview
from aml_magics.errors import AmlError, UsageError, did_you_mean
from aml_magics.warnings import AmlWarning

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

PROG: Final = "aml-magics"
INTERRUPTED: Final = 130
PIPE_CLOSED: Final = 141
_HELP: Final = frozenset({"-h", "--help"})


def main(words: Sequence[str] | None = None) -> int:
    """Run a command line and return the exit code.

    Args:
        words: the words after the program's name; ``sys.argv`` if None.
    """
    _print_what_the_terminal_cannot_show()
    with warnings.catch_warnings():
        warnings.showwarning = _show_warning
        try:
            code = _dispatch(sys.argv[1:] if words is None else list(words))
            sys.stdout.flush()  # a closed pipe is met here, not in the interpreter's last breath
        except AmlError as error:
            _complain(str(error).replace("`%aml ", f"`{PROG} "))
            return 2 if isinstance(error, UsageError) else 1
        except KeyboardInterrupt:
            return INTERRUPTED
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return PIPE_CLOSED
    return code


def _dispatch(words: list[str]) -> int:
    try:
        top, name, rest = _split(words)
        if name is None:
            return _about_itself(top)
        options = _parser().parse_args(top)
        return _execute(name, rest, options.workspace)
    except HelpRequested as request:
        print(request.text.rstrip())
        return 0


def _split(words: list[str]) -> tuple[list[str], str | None, list[str]]:
    """Options before the command, the command, the words after it; `help X` is `X --help`."""
    start = 0
    while start < len(words) and words[start].startswith("-"):
        start += 2 if words[start] == "--workspace" else 1
    top, rest = words[:start], words[start:]
    if rest[:1] == ["help"]:
        rest = [*rest[1:2], "--help"]
    if not rest or _HELP & {*top, rest[0]}:
        return top, None, []
    return top, rest[0], rest[1:]


def _about_itself(words: list[str]) -> int:
    if words and not _HELP & set(words) and _parser().parse_args(words).version:
        print(f"{PROG} {VERSION}")
    else:
        print(_parser(_overview()).format_help().rstrip())
    return 0


def _execute(name: str, words: list[str], workspace: str | None) -> int:
    command = _load(name)
    parser = command.parser(f"{PROG} {name}")
    _add_workspace(parser)
    if isinstance(command, ShellCommand):
        options = command.read(parser, words)
        options.workspace = options.workspace or workspace
        return command.execute(options)
    options = parser.parse_args(words)
    options.workspace = options.workspace or workspace
    return _show(command, options)


def _show(command: Command, options: Namespace) -> int:
    answer = command.answer_alone(options)
    if answer is None:
        from aml_magics.cli._workspace import open_workspace  # SQLAlchemy: not for `--version`

        answer = command.answer(open_workspace(options.workspace), options)
    print(answer.text)
    return 0


def _load(name: str) -> Command | ShellCommand:
    if name in SHELL_COMMANDS.names():
        return SHELL_COMMANDS.load(name)()
    known = COMMANDS.names()
    if name in known:
        return COMMANDS.load(name)()
    near = did_you_mean(name, [*known, *SHELL_COMMANDS.names()])
    raise UsageError(f"No command {name!r:.60}.{near} `{PROG} --help` lists them.")


def _parser(epilog: str = "") -> Parser:
    parser = Parser(PROG, "Runs, their metrics and files, kept on your own machine.", epilog)
    parser.usage = f"{PROG} [--workspace NAME] COMMAND [...]"
    parser.add_argument("--version", action="store_true", help="show the version")
    _add_workspace(parser)
    return parser


def _add_workspace(parser: Parser) -> None:
    parser.add_argument(
        "--workspace", metavar="NAME", help="the workspace; else that of this folder"
    )


def _overview() -> str:
    summaries = {name: COMMANDS.load(name).summary for name in COMMANDS.names()}
    summaries |= {name: SHELL_COMMANDS.load(name).summary for name in SHELL_COMMANDS.names()}
    lines = overview(dict(sorted(summaries.items()))).replace("\n", "\n  ")
    return f"commands:\n  {lines}\n\n`{PROG} help COMMAND` tells about one."


def _print_what_the_terminal_cannot_show() -> None:
    """Let a terminal without UTF-8 show `?` for a character instead of raising an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    if issubclass(category, AmlWarning):
        _complain(f"warning: {message}")
    else:
        print(
            warnings.formatwarning(message, category, filename, lineno, line),
            file=file or sys.stderr,
        )


def _complain(text: str) -> None:
    print(f"{PROG}: {text}", file=sys.stderr)
