"""``%aml``: the commands of ``aml_magics.commands`` in a notebook."""

from __future__ import annotations

import dis
from typing import TYPE_CHECKING, Any

from aml_magics.errors import UsageError, did_you_mean
from aml_magics.magics.arguments import words_of
from aml_magics.magics.cell.cell import user_frame, visible_names

if TYPE_CHECKING:
    from types import FrameType

    from IPython.core.interactiveshell import InteractiveShell

    from aml_magics.commands._base import Answer
    from aml_magics.sdk.run.run import Run

_THROWN_AWAY = {"POP_TOP"}
_SHOWN = {"PRINT_EXPR", "CALL_INTRINSIC_1"}


def run_aml(shell: InteractiveShell, line: str) -> Any:  # noqa: ANN401 -- each command has its own value
    """Run one command; as a statement it shows its panel, else it gives its value.

    ``%aml runs`` draws the table once and leaves the DataFrame in ``_`` and ``Out``, while
    ``df = %aml runs`` draws nothing. A semicolon at the end keeps it silent.

    Args:
        shell: the user's shell.
        line: a command and its arguments.

    Raises:
        UsageError: no such command, or arguments not of its form.
        AmlError: it cannot be answered.
    """
    is_silent = line.rstrip().endswith(";")
    answer = _answer(words_of(line.rstrip().removesuffix(";"), visible_names(shell)))
    use = use_of_value(user_frame(shell))
    if is_silent or use == "taken":
        return None if is_silent and use != "taken" else answer.value
    if answer.begun is None:
        shell.display_pub.publish(answer.bundle, {})
    else:
        _follow(shell, answer.begun)
    if use == "shown":
        # IPython would draw the value once more; as the result of the cell it is kept all the same.
        shell.displayhook.update_user_ns(answer.value)  # type: ignore[no-untyped-call]
    return None


def _follow(shell: InteractiveShell, run: Run) -> None:
    """Show the panel of a run that goes on without this notebook, until it ends."""
    from aml_magics.magics.options import RunOptions
    from aml_magics.magics.remote.cell import RemoteCell

    RemoteCell(shell, run, RunOptions()).follow()


def use_of_value(frame: FrameType | None) -> str:
    """What the code of a frame does with the value of the call in which it is.

    Returns:
        ``shown`` where it is the cell's last expression, ``thrown away`` where it is any other
        statement, else ``taken``.
    """
    if frame is None:
        return "taken"
    following = (one for one in dis.get_instructions(frame.f_code) if one.offset > frame.f_lasti)
    operation = next((one.opname for one in following if one.opname != "CACHE"), "")
    if operation in _THROWN_AWAY:
        return "thrown away"
    return "shown" if operation in _SHOWN else "taken"


def _answer(words: list[str]) -> Answer:
    from aml_magics.commands._base import COMMANDS, Answer
    from aml_magics.commands._parser import HelpRequested
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
