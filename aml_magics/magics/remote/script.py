"""``%%aml_script NAME.py``: writes a cell to a file and submits the file as a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aml_magics.commands._parser import HelpRequested
from aml_magics.commands.submit import SubmitCommand, submit_script
from aml_magics.errors import UsageError
from aml_magics.magics.arguments import words_of
from aml_magics.magics.cell.cell import visible_names
from aml_magics.magics.remote.cell import RemoteCell
from aml_magics.sdk.workspace.workspace import Workspace

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from aml_magics.commands.submit import SubmitParser


def script_parser() -> SubmitParser:
    """The options of ``%aml submit``, and some more."""
    command = SubmitCommand()
    parser = command.parser("%%aml_script")
    parser.add_argument("--write-only", action="store_true", help="write the file, submit nothing")
    parser.add_argument("--quiet", action="store_true", help="show no panel")
    return parser  # type: ignore[return-value]


def run_script_cell(shell: InteractiveShell, line: str, body: str) -> None:
    """Write the cell to its file and submit it; the variable ``run`` becomes its handle."""
    try:
        options = script_parser().parse_args(words_of(line, visible_names(shell)))
    except HelpRequested as help_:
        print(help_.text)  # noqa: T201 -- where IPython's own magics print theirs
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
    RemoteCell(shell, run, quiet=options.quiet).follow()
