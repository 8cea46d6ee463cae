"""From the line of ``%%aml_run`` to a run that has begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.magics.cell.run import CellRun

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from aml_magics.magics.cell.cell import Cell
    from aml_magics.magics.options import RunOptions
    from aml_magics.sdk.run.run import Run
    from aml_magics.sdk.workspace.workspace import Workspace


def begin(
    shell: InteractiveShell, cell: Cell, options: RunOptions, default_experiment: str
) -> CellRun:
    """Start the run of a cell, or resume one.

    Args:
        shell: the user's shell.
        cell: the cell.
        options: what its first line asks for.
        default_experiment: where the run belongs if the line does not say it.

    Raises:
        AmlError: the run cannot be started; there is none then.
    """
    from aml_magics.sdk.workspace.workspace import Workspace

    workspace = Workspace.from_config()
    if options.resume:
        run = _resumed(workspace, options, options.resume)
    else:
        run = _started(workspace, options, default_experiment)
    cell_run = CellRun(shell, cell, workspace.store, run, options)
    cell_run.begin()
    return cell_run


def _started(workspace: Workspace, options: RunOptions, default_experiment: str) -> Run:
    from aml_magics.sdk.run.experiment import Experiment

    experiment = Experiment(workspace, options.experiment or default_experiment)
    return experiment.start_logging(
        display_name=options.name,
        parameters=options.params,
        tags=options.tags,
        description=options.description,
    )


def _resumed(workspace: Workspace, options: RunOptions, which: str) -> Run:
    from aml_magics.sdk.run.run import Run
    from aml_magics.services.run.run import find

    record = find(workspace.store, which)
    run = Run.get(workspace, record.id).resume()
    if options.params:
        run.log_parameters(options.params)
    if options.tags:
        run.set_tags(options.tags)
    if options.description:
        run.description = options.description
    return run
