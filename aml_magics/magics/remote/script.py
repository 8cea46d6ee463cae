"""``%%aml_script NAME.py``: a cell is written to a file, and the file is submitted as a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aml_magics.commands._parser import HelpRequested
from aml_magics.commands.submit import SubmitCommand, submit_script
from aml_magics.errors import UsageError
from aml_magics.magics.arguments import words_of
from aml_magics.magics.cell.cell import visible_names
from aml_magics.magics.options import RunOptions
from aml_magics.magics.remote.cell import RemoteCell
from aml_magics.sdk.workspace.workspace import Workspace

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from aml_magics.commands.submit import SubmitParser


def script_parser() -> SubmitParser:
    """The parser of the line: that of ``%aml submit``, and whether to submit at all."""
    command = SubmitCommand()
    parser = command.parser("%%aml_script")
    parser.add_argument("--write-only", action="store_true", help="write the file, submit nothing")
    parser.add_argument("--quiet", action="store_true", help="show no panel")
    return parser  # type: ignore[return-value]


def run_script_cell(shell: InteractiveShell, line: str, body: str) -> None:
    """Write the cell to its file and submit it; ``run`` is the handle.

    Raises:
        UsageError: what is named is no script.
        SubmissionError: the folder cannot be kept.
    """
    try:
        options = script_parser().parse_args(words_of(line, visible_names(shell)))
    except HelpRequested as asked:
        print(asked.text)  # noqa: T201 -- where IPython's own magics print theirs
        return
    path = Path(options.script)
    if path.suffix != ".py":
        raise UsageError(
            f"%%aml_script takes the name of a script, such as train.py, not {options.script!r:.60}."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body, encoding="utf-8")
    print(f"Wrote {path}")  # noqa: T201 -- as %%writefile says it
    if options.write_only:
        return
    run = submit_script(Workspace.from_config(), options)
    shell.push({"run": run})  # type: ignore[no-untyped-call]
    RemoteCell(shell, run, RunOptions(quiet=options.quiet)).follow()
