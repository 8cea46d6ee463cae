"""What a command is.

A command is one file of this folder; the file's name is what is typed after ``%aml`` in a notebook
and after ``aml-magics`` in a shell. It knows neither of them: it declares its arguments, and
answers a question about a workspace in three forms, from which a face takes what it can show. To
add one, write its file and its test; listing, help and completion find it.

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
    """The answer of a command; each form is made when it is first used.

    So a shell never makes HTML or a DataFrame, and a notebook makes each once.

    Args:
        make_html: makes the picture for a notebook, free of scripts.
        make_text: makes the lines for a terminal.
        make_value: makes the object for code: a DataFrame, a handle, a text.
        make_payload: makes what our own front end draws, by MIME type, where there is a live panel.
        begun: the run that the command began, whose panel a notebook shows and follows.
    """

    make_html: Callable[[], str]
    make_text: Callable[[], str]
    make_value: Callable[[], object]
    make_payload: Callable[[], Bundle] = dict
    begun: Run | None = None

    @cached_property
    def html(self) -> str:
        """The picture for a notebook."""
        return self.make_html()

    @cached_property
    def text(self) -> str:
        """The lines for a terminal."""
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
        """An answer that is a screen.

        Args:
            output: makes the screen, once for all forms.
            value: makes the object for code.
        """
        once = cache(output)
        return cls(lambda: once().html, lambda: once().text, value, lambda: once().payload())

    @classmethod
    def of_page(cls, page: Callable[[], Page], value: Callable[[], object]) -> Answer:
        """An answer that is a page.

        Args:
            page: makes the page, once for both forms.
            value: makes the object for code.
        """
        once = cache(page)
        return cls(lambda: once().html, lambda: once().text, value)

    @classmethod
    def of_text(cls, text: str, value: object) -> Answer:
        """An answer in words, which a notebook shows as they are laid out."""
        return cls(lambda: _box(text), lambda: text, lambda: value)

    @classmethod
    def of_begun(cls, text: str, run: Run) -> Answer:
        """An answer in words about a run that began: where there is a live panel, that is shown instead."""
        return cls(lambda: _box(text), lambda: text, lambda: run, begun=run)


class Command(ABC):
    """One command."""

    summary: ClassVar[str]
    """What it does, in one line."""

    details: ClassVar[str] = ""
    """More about it, for ``--help``, as it is laid out here."""

    @property
    def name(self) -> str:
        """What is typed: the name of the file."""
        return type(self).__module__.rpartition(".")[2]

    def parser(self, prog: str) -> Parser:
        """A parser for the words after the name.

        Args:
            prog: how the command was called, such as ``%aml runs``; for messages and help.
        """
        parser = Parser(prog, self.summary, self.details)
        self.arguments(parser)
        return parser

    def arguments(self, parser: Parser) -> None:
        """Declare the arguments; none by default."""
        del parser

    def answer_alone(self, options: Namespace) -> Answer | None:
        """The answer, where these options need no workspace; a face asks for it first.

        So help does not make a workspace, and a new one can be made while the old does not open.
        """
        del options
        return None

    @abstractmethod
    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """The answer about a workspace; what the command does is done when this returns.

        Raises:
            AmlError: in one line, what cannot be answered and why.
        """

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Live values for an argument, for completion.

        Args:
            workspace: where to look.
            name: the argument's name in the options, such as ``experiment``.
        """
        del workspace, name
        return []


def _box(text: str) -> str:
    from aml_magics.views.static.element import code_block, frame

    return frame("answer", "answer", code_block(text, "answer"))


# A registry makes no Command itself, so that it may know of it by its abstract base.
COMMANDS = Registry("aml_magics.commands", Command, "command")  # type: ignore[type-abstract]
