"""``%%aml_sweep``: a cell that becomes the trials of a sweep."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from aml_magics.commands._parser import HelpRequested
from aml_magics.magics.arguments import words_of
from aml_magics.magics.cell.cell import visible_names
from aml_magics.magics.cell.transformer import refuse_empty
from aml_magics.magics.cell.upstream import names_of
from aml_magics.magics.remote.cell import (
    RemoteCell,
    cell_submission,
    keep_source,
    packed_variables,
)
from aml_magics.magics.remote.sweep_options import read_sweep_options
from aml_magics.records.compute import LOCAL
from aml_magics.sdk.sweep.hyperdrive_run import HyperDriveRun
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.sweep import submission
from aml_magics.views.sweep.output import sweep_output
from aml_magics.views.sweep.sweep import sweep_view

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from IPython.core.interactiveshell import InteractiveShell

    from aml_magics.magics.remote.sweep_options import SweepOptions
    from aml_magics.services.sweep.request import SweepRequest
    from aml_magics.views.static.output import Bundle

MAGIC = "%%aml_sweep"
AZURE_TRIALS = 1_000


def run_sweep_cell(
    shell: InteractiveShell, line: str, body: str, default_experiment: str, *, quiet: bool
) -> None:
    """Submit a cell as a sweep; put its run into the user's variables and its panel below the cell.

    Raises:
        UsageError: the line is malformed, or a variable cannot be sent.
        SweepError: an expression, the sampler or the policy cannot be read, or could not run.
        ComputeTargetError: no compute target of that name, or none that takes runs.
        SyntaxError: the cell is not valid Python; no run was created then.
    """
    try:
        options = read_sweep_options(words_of(line, visible_names(shell)), quiet=quiet)
    except HelpRequested as help_:
        print(help_.text)  # noqa: T201 -- where IPython's own magics print theirs
        return
    refuse_empty(body, MAGIC)
    space = options.request.space
    packed = packed_variables(shell, body, left_out=("run", *space))
    # the panel says how few there are
    few = options.request.shortage if options.quiet else ""
    if told := few or many_trials(options.request):
        print(told, file=sys.stderr)  # noqa: T201 -- a word to the user
    for told in without_effect(space, body, shell.transform_cell(body)):  # type: ignore[no-untyped-call]
        print(told, file=sys.stderr)  # noqa: T201 -- a word to the user
    run = _submit(options, f"{MAGIC} {line}\n{body}", body, packed.data, default_experiment)
    shell.push({options.out: run})  # type: ignore[no-untyped-call]
    if not options.quiet:
        packed.tell()
    SweptCell(shell, run, quiet=options.quiet).follow()


def many_trials(request: SweepRequest) -> str:
    """A sentence for a sweep of more trials than anybody looks at; empty for others."""
    count = request.expected
    if count <= AZURE_TRIALS:
        return ""
    return (
        f"A sweep has at most {AZURE_TRIALS:,} trials in Azure, and this one asks for {count:,}, each of them a run with a process and "
        "files of its own; all will be run. --max-runs takes fewer, --max-minutes ends it in time, and sweep.cancel() ends it now."
    )


def without_effect(space: Iterable[str], body: str, python: str) -> list[str]:
    """A sentence for each parameter that makes no trial differ from another.

    Args:
        python: the cell as plain Python.
    """
    names, told = names_of(python), []
    for name in space:
        if not re.search(rf"\b{re.escape(name)}\b", body):
            told.append(
                f"The cell does not name its parameter {name!r}; a parameter is a variable of the cell."
            )
        # in quotes where it is read as run.parameters["lr"]
        elif name in names.defined - names.used and not re.search(rf"['\"]{name}['\"]", body):
            told.append(
                f"The cell sets its parameter {name!r} before it reads it, so all trials have the same; remove that line."
            )
    return told


def _submit(
    options: SweepOptions, source: str, body: str, data: bytes, default_experiment: str
) -> HyperDriveRun:
    workspace = Workspace.from_config()
    script = cell_submission(
        body, data, magic=MAGIC, name=options.name, target=options.compute or LOCAL
    )
    with script as wanted:
        record, _ = submission.submit(
            workspace.store, options.experiment or default_experiment, options.request, wanted
        )
    run = HyperDriveRun._of(workspace, record)  # noqa: SLF001 -- as any handle is made
    keep_source(run, source)
    return run


class SweptCell(RemoteCell):
    """Follows the sweep of a cell."""

    def _draw(self) -> Bundle:
        return sweep_output(sweep_view(self._store, self._run.record)).bundle()

    def _state(self) -> Hashable:
        record = self._run.record
        with self._store.catalogue.read() as connection:
            counts = self._store.sweeps.progress(connection, record.key)
        return record.status, record.reason, counts
