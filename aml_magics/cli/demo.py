"""``aml-magics demo``: execute the tutorial in a real kernel and list its runs."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import aml_magics
from aml_magics._optional import check_module
from aml_magics.cli._base import ShellCommand
from aml_magics.cli._workspace import open_workspace
from aml_magics.commands.runs import RunsCommand
from aml_magics.errors import NotFoundError

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.sdk.workspace.workspace import Workspace

NOTEBOOK: Final = Path("notebooks") / "01_a_cell_is_a_run.ipynb"
CELL_SECONDS: Final = 600


class DemoCommand(ShellCommand):
    """Executes the tutorial on the current workspace, then lists its runs."""

    summary = "Execute the tutorial notebook in a real kernel and list the runs it made."

    def execute(self, options: Namespace) -> int:
        """Print the progress; return 1 if a cell fails."""
        for package in ("nbclient", "nbformat", "sklearn", "matplotlib"):
            check_module(package, "`aml-magics demo`")
        path = tutorial(Path(aml_magics.__file__).parent)
        workspace = open_workspace(options.workspace)
        print(f"Executing {path.name} in a kernel of {sys.executable}", flush=True)
        problem = _executed(path, workspace)
        if problem:
            print(problem, file=sys.stderr)
            return 1
        print(_run_table(workspace))
        print(
            f"\nThe runs are kept in {workspace.store.folder}; `aml-magics runs` lists them again.\n"
            f"The notebook is {path}."
        )
        return 0


def tutorial(package: Path) -> Path:
    """Return the tutorial's path: inside the package in a wheel, beside it in a checkout."""
    path = next((p for p in (package / NOTEBOOK, package.parent / NOTEBOOK) if p.is_file()), None)
    if path is None:
        raise NotFoundError(
            f"The tutorial is part of the source, and there is no {package.parent / NOTEBOOK}. "
            "Clone the repository and run `make demo` in it."
        )
    return path


def _executed(path: Path, workspace: Workspace) -> str:
    """Return the error text; empty after success."""
    import nbformat
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    with tempfile.TemporaryDirectory(prefix="aml-magics-demo-") as folder:
        # The kernel finds the workspace by the configuration, and leaves its files in this folder.
        workspace.write_config(folder)
        # Without folders to look in, `python3` is the kernel of this very interpreter.
        kernel = AsyncKernelManager(kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
        client = NotebookClient(
            notebook,
            km=kernel,
            timeout=CELL_SECONDS,
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": folder}},
            on_cell_complete=_tick,
        )
        try:
            client.execute(cleanup_kc=True)  # also a kernel that we made is ended
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            return f"aml-magics: the tutorial failed: {error}"
    return ""


def _tick(cell: dict[str, str], cell_index: int) -> None:
    if cell["cell_type"] == "code":
        first = next(iter(cell["source"].strip().splitlines()), "")
        print(f"  cell {cell_index + 1}: {first:.70}", flush=True)


def _run_table(workspace: Workspace) -> str:
    command = RunsCommand()
    return command.answer(workspace, command.parser("runs").parse_args([])).text
