"""The base of commands, and their answers.

A command is one file of this folder; the file's name is what is typed after ``%aml`` in a notebook
and after ``aml-magics`` in a shell. It declares its arguments and answers a question about a
workspace in several forms; notebook and shell each take the form they can show. To add a command,
write its file and its test; listing, help and completion find it.

Another package adds a command through the entry-point group ``aml_magics.commands``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, ClassVar

from aml_magics._registry import Registry
from aml_magics.commands._parser import Parser

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from aml_magics.sdk.run.run import Run
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.views.static.output import Bundle, Output
    from aml_magics.views.static.page import Page


@dataclass(frozen=True)
class Answer:
    """The answer of a command; each form is made at its first use.

    So a shell never makes HTML or a DataFrame, and a notebook makes each once.

    Args:
        make_html: for a notebook, free of scripts.
        make_text: for a terminal.
        make_value: for code: a DataFrame, a handle, a text.
        make_payload: data for the front end's live panel, by MIME type.
        begun: the run that the command started; a notebook shows and follows its panel.
    """

    make_html: Callable[[], str]
    make_text: Callable[[], str]
    make_value: Callable[[], object]
    make_payload: Callable[[], Bundle] = dict
    begun: Run | None = None

    @cached_property
    def html(self) -> str:
        """HTML for a notebook."""
        return self.make_html()

    @cached_property
    def text(self) -> str:
        """Text for a terminal."""
        return self.make_text()

    @cached_property
    def value(self) -> object:
        """The object for code."""
        return self.make_value()

    @property
    def bundle(self) -> Bundle:
        """All forms that a notebook picks from, by MIME type."""
        return {**self.make_payload(), "text/html": self.html, "text/plain": self.text}

    @classmethod
    def of_output(cls, output: Callable[[], Output], value: Callable[[], object]) -> Answer:
        """An answer that is a screen, made once for all forms."""
        once = cache(output)
        return cls(lambda: once().html, lambda: once().text, value, lambda: once().payload())

    @classmethod
    def of_page(cls, page: Callable[[], Page], value: Callable[[], object]) -> Answer:
        """An answer that is a page, made once for both forms."""
        once = cache(page)
        return cls(lambda: once().html, lambda: once().text, value)

    @classmethod
    def of_text(cls, text: str, value: object) -> Answer:
        """An answer in plain text, which a notebook shows as it is laid out."""
        return cls(lambda: _box(text), lambda: text, lambda: value)

    @classmethod
    def of_begun(cls, text: str, run: Run) -> Answer:
        """An answer about a run that started: its live panel if there is one, else the text."""
        return cls(lambda: _box(text), lambda: text, lambda: run, begun=run)


class Command(ABC):
    """The base of all commands."""

    summary: ClassVar[str]
    """One line for listings and ``--help``."""

    details: ClassVar[str] = ""
    """Further text for ``--help``, printed as it is laid out here."""

    @property
    def name(self) -> str:
        """The name of the file, as it is typed."""
        return type(self).__module__.rpartition(".")[2]

    def parser(self, prog: str) -> Parser:
        """Return a parser for the words after the name.

        Args:
            prog: the command as it was called, such as ``%aml runs``; for messages and help.
        """
        parser = Parser(prog, self.summary, self.details)
        self.arguments(parser)
        return parser

    def arguments(self, parser: Parser) -> None:
        """Declare the arguments; none by default."""
        del parser

    def answer_alone(self, options: Namespace) -> Answer | None:
        """Answer options that need no workspace; asked first.

        So help does not create a workspace, and a new one can be created while the old one does not open.
        """
        del options
        return None

    @abstractmethod
    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Run the command on a workspace; its effect is complete on return.

        Raises:
            AmlError: the command failed; the message is one line.
        """

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Return live values for an argument, for completion.

        Args:
            name: the argument's name in the options, such as ``experiment``.
        """
        del workspace, name
        return []


def _box(text: str) -> str:
    from aml_magics.views.static.element import code_block, frame

    return frame("answer", "answer", code_block(text, "answer"))


# A registry makes no Command itself, so that it may know of it by its abstract base.
COMMANDS = Registry("aml_magics.commands", Command, "command")  # type: ignore[type-abstract]
