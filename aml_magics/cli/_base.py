"""A command that only a shell has: one file of this folder, named as it is typed.

It prints while it works and ends with an exit code. What a notebook can answer too belongs to
``commands/``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from aml_magics._registry import Registry
from aml_magics.commands._parser import Parser

if TYPE_CHECKING:
    from argparse import Namespace


class ShellCommand(ABC):
    """A command that only a shell has."""

    summary: ClassVar[str]
    """One line for listings and ``--help``."""

    details: ClassVar[str] = ""
    """Further text for ``--help``, printed as it is laid out here."""

    def parser(self, prog: str) -> Parser:
        """Return a parser for the words after the command's name."""
        parser = Parser(prog, self.summary, self.details)
        self.arguments(parser)
        return parser

    def arguments(self, parser: Parser) -> None:
        """Declare the arguments; none by default."""
        del parser

    def read(self, parser: Parser, words: list[str]) -> Namespace:
        """Parse the words after the command's name.

        Raises:
            UsageError: a word is not as declared.
            HelpRequested: ``--help`` is among them.
        """
        return parser.parse_args(words)

    @abstractmethod
    def execute(self, options: Namespace) -> int:
        """Run the command and return the exit code.

        Args:
            options: the parsed arguments, and ``workspace``: the name that was given, or None.

        Raises:
            AmlError: the command failed; the message is one line.
        """


# A registry makes no command itself, so that it may know of it by its abstract base.
SHELL_COMMANDS = Registry(
    "aml_magics.cli",
    ShellCommand,  # type: ignore[type-abstract]
    "command",
    left_out=frozenset({"main"}),
    is_dashed=True,
)
