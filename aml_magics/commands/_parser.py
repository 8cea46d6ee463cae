"""Parse a command line without printing or leaving the process.

``argparse`` writes to stderr and calls ``sys.exit``, which in a notebook is noise at best. Here a
wrong word is a :class:`UsageError` of one line and ``--help`` is :class:`HelpRequested`.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from aml_magics.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NUMBER = re.compile(r"-\.?\d")
_HELP = ("-h", "--help")
_WHOLE = re.compile(r"0*[1-9][0-9]{0,17}")


class HelpRequested(Exception):  # noqa: N818 -- a request, not an error
    """``--help`` was among the words; ``text`` is the help to show."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True, slots=True)
class Argument:
    """A declared argument, for completion.

    ``name`` is the attribute that gets its value; ``flags`` is empty for a positional argument.
    """

    name: str
    flags: tuple[str, ...]
    choices: tuple[str, ...]
    summary: str
    takes_value: bool
    takes_many: bool


class Parser(argparse.ArgumentParser):
    """An argument parser that raises where ``argparse`` exits.

    Args:
        prog: the words before the arguments, such as ``%aml runs``.
        epilog: shown below the options as it is laid out.
    """

    def __init__(self, prog: str, description: str, epilog: str = "") -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=epilog or None,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
            add_help=False,
        )
        # From Python 3.14 on help is coloured, with codes that a notebook shows as text.
        self.color = False
        self.add_argument(
            *_HELP, action="store_true", default=argparse.SUPPRESS, help="show this text"
        )

    def arguments(self) -> list[Argument]:
        """Declared arguments, in order."""
        return [_argument(action) for action in self._actions]

    # argparse gives its callers a Namespace or an object of their own; ours need the first.
    def parse_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> argparse.Namespace:
        """Parse the words; ``sys.argv`` is never read.

        Raises:
            UsageError: a word is not as declared.
            HelpRequested: ``--help`` is among them.
        """
        words = list(args or [])
        options = list(_options_in(words))
        if any(flag in options for flag in _HELP):  # also where other words are wrong
            raise HelpRequested(self.format_help())
        flags = [flag for each in self.arguments() for flag in each.flags]
        for option in options:
            if option not in flags:
                self._refuse(f"has no option {option!r:.60}.{did_you_mean(option, flags)}")
        values, rest = self.parse_known_args(words, namespace)
        if rest:
            self._refuse(f"has no place for {rest[0]!r:.60}.")
        return values

    def error(self, message: str) -> NoReturn:
        """Raise :class:`UsageError` with argparse's message."""
        missing = "the following arguments are required: "
        if message.startswith(missing):
            self._refuse(f"needs {message.removeprefix(missing)}.")
        stop = "" if message.endswith((".", "?")) else "."
        self._refuse(f"cannot read {message.removeprefix('argument ')}{stop}")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """Raise :class:`UsageError` instead of leaving the process."""
        self._refuse(f"ended with status {status}: {message or ''}".strip())

    def _refuse(self, problem: str) -> NoReturn:
        raise UsageError(f"`{self.prog}` {problem} `{self.prog} --help` tells what it takes.")

    # One of argparse's inner methods, the same since 2.7: only here is the wrong value at hand.
    def _check_value(self, action: argparse.Action, value: Any) -> None:  # noqa: ANN401
        choices = [str(choice) for choice in action.choices or ()]
        if choices and value not in choices:
            near = did_you_mean(str(value), choices) or f" Choose from {', '.join(choices)}."
            raise argparse.ArgumentError(action, f"{value!r:.60} is none of its values.{near}")


def whole_number(text: str) -> int:
    """Parse a whole number from 1 up, for ``type=``."""
    if not _WHOLE.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r:.60} is no whole number from 1 up")
    return int(text)


def _options_in(words: Sequence[str]) -> Iterator[str]:
    """Find words that argparse takes for options: not negative numbers, not text with blanks."""
    for word in words:
        if word == "--":
            return
        flag = word.partition("=")[0]
        if word.startswith("-") and len(word) > 1 and " " not in flag and not _NUMBER.match(word):
            yield flag


def _argument(action: argparse.Action) -> Argument:
    count = action.nargs
    return Argument(
        name=action.dest,
        flags=tuple(action.option_strings),
        choices=tuple(str(choice) for choice in action.choices or ()),
        summary=action.help or "",
        takes_value=count != 0,
        takes_many=count in ("*", "+") or (isinstance(count, int) and count > 1),
    )
