"""``%aml``: the commands of ``aml_magics.commands`` in a notebook."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from aml_magics.commands._base import COMMANDS, Answer
from aml_magics.commands._parser import HelpRequested
from aml_magics.errors import UsageError, did_you_mean
from aml_magics.magics.arguments import words_of
from aml_magics.magics.cell.cell import visible_names
from aml_magics.magics.options import RunOptions

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from aml_magics.sdk.run.run import Run

STATEMENT: Final = "\0statement\0"
"""Comes before the words of a ``%aml`` whose value nothing takes."""

LAST: Final = "\0last\0"
"""The same, where it is the cell's last statement, whose value IPython keeps in ``_`` and ``Out``."""


class AmlStatements(ast.NodeTransformer):
    """Marks each ``%aml`` that is a statement: it shows its panel, any other gives its value.

    A call cannot know what becomes of its value, and IPython has made calls of the magics before the
    cell is parsed. So this is an AST transformer, which IPython runs on each cell: it sees statements
    in loops and functions as well, and text that only looks like a magic is not taken for one.
    """

    def visit_Module(self, node: ast.Module) -> ast.AST:
        """A cell."""
        self.generic_visit(node)
        line = _aml_line(node.body[-1]) if node.body else None
        if line is not None:
            line.value = line.value.replace(STATEMENT, LAST, 1)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        """A statement that is an expression."""
        line = _aml_line(node)
        if line is not None:
            line.value = STATEMENT + line.value
        return node


def _aml_line(statement: ast.stmt) -> Any:  # noqa: ANN401 -- an ast.Constant whose value is a text
    """The words in ``get_ipython().run_line_magic('aml', words)``; None where it is another statement."""
    match statement:
        case ast.Expr(
            ast.Call(
                ast.Attribute(attr="run_line_magic"),
                [ast.Constant("aml"), ast.Constant(str()) as line],
            )
        ):
            return line
    return None


def run_aml(shell: InteractiveShell, line: str) -> Any:  # noqa: ANN401 -- each command has its own value
    """Run one command; as a statement it shows its panel, else it gives its value.

    ``%aml runs`` draws the table once and leaves the DataFrame in ``_`` and ``Out``, while
    ``df = %aml runs`` draws nothing. A semicolon at the end keeps it silent.

    Args:
        shell: the user's shell.
        line: a command and its arguments, behind :data:`STATEMENT` or :data:`LAST` if it is one.

    Raises:
        UsageError: no such command, or arguments not of its form.
        AmlError: it cannot be answered.
    """
    is_last = line.startswith(LAST)
    is_statement = is_last or line.startswith(STATEMENT)
    words = line.removeprefix(LAST).removeprefix(STATEMENT).rstrip()
    answer = _answer(words_of(words.removesuffix(";"), visible_names(shell)))
    if not is_statement:
        return answer.value
    if words.endswith(";"):
        return None
    if answer.begun is None:
        shell.display_pub.publish(answer.bundle, {})
    else:
        _follow(shell, answer.begun)
    if is_last:
        # Returned, it would be drawn once more; so it is kept here as IPython keeps it.
        shell.displayhook.update_user_ns(answer.value)  # type: ignore[no-untyped-call]
    return None


def _follow(shell: InteractiveShell, run: Run) -> None:
    """Show the panel of a run that goes on without this notebook, until it ends."""
    from aml_magics.magics.remote.cell import RemoteCell

    RemoteCell(shell, run, RunOptions()).follow()


def _answer(words: list[str]) -> Answer:
    from aml_magics.sdk.workspace.workspace import Workspace

    name, *arguments = words or ["help"]
    if name in {"--help", "-h"}:
        name = "help"
    if name not in COMMANDS.names():
        near = did_you_mean(name, COMMANDS.names())
        raise UsageError(f"`%aml` has no command {name!r:.60}.{near} `%aml help` lists them.")
    command = COMMANDS.load(name)()
    try:
        options = command.parser(f"%aml {name}").parse_args(arguments)
    except HelpRequested as asked:
        return Answer.of_text(asked.text, asked.text)
    alone = command.answer_alone(options)
    return command.answer(Workspace.from_config(), options) if alone is None else alone
