"""``%aml``: the commands of ``aml_magics.commands`` in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aml_magics.commands._base import COMMANDS, Answer
from aml_magics.commands._parser import HelpRequested
from aml_magics.errors import UsageError, did_you_mean
from aml_magics.magics.arguments import words_of
from aml_magics.magics.cell.cell import visible_names
from aml_magics.magics.cell.transformer import LAST, STATEMENT
from aml_magics.magics.other_workspace import tell_of_other
from aml_magics.magics.remote.cell import RemoteCell
from aml_magics.sdk.workspace.workspace import Workspace

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from aml_magics.sdk.run.run import Run


_OF_CELLS: Final = frozenset({"run", "show", "clear"})
"""What `%aml pipeline` does with the cells of a notebook that are steps."""


def run_aml(shell: InteractiveShell, line: str, experiment: str) -> Any:  # noqa: ANN401 -- each command has its own value
    """Run one command; as a statement it shows its panel, else it returns its value.

    ``%aml runs`` draws the table once and leaves the DataFrame in ``_`` and ``Out``, while
    ``df = %aml runs`` draws nothing. A semicolon at the end keeps it silent.

    Args:
        line: a command and its arguments, behind :data:`STATEMENT` or :data:`LAST` if it is one.
        experiment: of what the notebook itself runs.

    Raises:
        UsageError: no such command, or arguments not of its form.
        AmlError: it cannot be answered.
    """
    is_last = line.startswith(LAST)
    is_statement = is_last or line.startswith(STATEMENT)
    words = line.removeprefix(LAST).removeprefix(STATEMENT).rstrip()
    answer = _answer(shell, words_of(words.removesuffix(";"), visible_names(shell)), experiment)
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
    RemoteCell(shell, run, quiet=False).follow()


def _answer(shell: InteractiveShell, words: list[str], experiment: str) -> Answer:
    name, *arguments = words or ["help"]
    if name == "pipeline" and arguments and arguments[0] in _OF_CELLS:
        # only a notebook has cells that are steps, so the command for all faces does not know of it
        from aml_magics.magics.pipeline.command import answer

        try:
            return answer(shell, arguments[0], arguments[1:], experiment)
        except HelpRequested as help_:
            return Answer.of_text(help_.text, help_.text)
    if name in {"--help", "-h"}:
        name = "help"
    if name not in COMMANDS.names():
        near = did_you_mean(name, COMMANDS.names())
        raise UsageError(f"`%aml` has no command {name!r:.60}.{near} `%aml help` lists them.")
    command = COMMANDS.load(name)()
    try:
        options = command.parser(f"%aml {name}").parse_args(arguments)
    except HelpRequested as help_:
        return Answer.of_text(help_.text, help_.text)
    alone = command.answer_alone(options)
    if alone is not None:
        return alone
    workspace = Workspace.from_config()
    tell_of_other(shell, workspace)
    return command.answer(workspace, options)
