"""``%%aml_run --compute NAME``: a cell that runs in a worker while the notebook stays free."""

from __future__ import annotations

import ast
import contextvars
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aml_magics.magics.cell.panel import Panel
from aml_magics.magics.failure import complaining
from aml_magics.magics.remote.shipment import pack, sizes_text, unpack, used_names
from aml_magics.records.compute import LOCAL
from aml_magics.records.secret import mask
from aml_magics.sdk.run.run import Run
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.job import submission
from aml_magics.services.job.submission import returned_path
from aml_magics.services.run import code_snapshot
from aml_magics.services.run.log import log_size
from aml_magics.views.run.output import run_output
from aml_magics.views.run.run import run_view

if TYPE_CHECKING:
    from collections.abc import Hashable

    from IPython.core.interactiveshell import InteractiveShell

    from aml_magics.magics.options import RunOptions
    from aml_magics.views.static.output import Bundle

POLL = 0.25
CELL_FILE = "cell.py"
OPTIONS_FILE = "cell.json"


def run_elsewhere(
    shell: InteractiveShell, options: RunOptions, source: str, body: str, default_experiment: str
) -> None:
    """Submit a cell; put its run into the user's variables and its panel below the cell.

    Raises:
        UsageError: a variable cannot be sent.
        ComputeTargetError: no compute target of that name, or none that takes runs.
        SyntaxError: the cell is not valid Python; no run was created then.
    """
    python = shell.transform_cell(body)  # type: ignore[no-untyped-call]
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    compile(python, "<cell>", "exec", flags)  # a mistake fails the cell now, not a run later
    names = used_names(python, shell.user_ns)
    data, sizes = pack(shell.user_ns, [name for name in names if name != "run"])
    run = _submit(options, source, body, data, default_experiment)
    shell.push({"run": run})  # type: ignore[no-untyped-call]
    if sizes and not options.quiet:
        print(f"Taken along: {sizes_text(sizes)}", file=sys.stderr)  # noqa: T201 -- a word to the user
    RemoteCell(shell, run, options).follow()


def _submit(
    options: RunOptions, source: str, body: str, data: bytes, default_experiment: str
) -> Run:
    import json

    workspace = Workspace.from_config()
    settings = {"expect": [str(one) for one in options.expect], "returned": list(options.returned)}
    with tempfile.TemporaryDirectory(prefix="aml-magics-cell-") as folder:
        # The first line was the magic: with a comment in its place line numbers are the notebook's.
        head = "" if body.lstrip().startswith("%%") else "# %%aml_run\n"
        Path(folder, CELL_FILE).write_text(f"{head}{body}", encoding="utf-8")
        Path(folder, OPTIONS_FILE).write_text(json.dumps(settings), encoding="utf-8")
        wanted = submission.Submission(
            folder=Path(folder),
            command=(sys.executable, "-m", "aml_magics.magics.remote.worker"),
            place=Path.cwd(),
            attachment=data,
            name=options.name,
            params=options.params,
            tags=options.tags,
            target=options.compute or LOCAL,
        )
        record, _ = submission.submit(
            workspace.store, options.experiment or default_experiment, wanted
        )
    run = Run._of(workspace, record)  # noqa: SLF001 -- as any handle is made
    if options.description:
        run.description = options.description
    _keep_source(run, source)
    return run


def _keep_source(run: Run, source: str) -> None:
    code_snapshot.put(run._workspace.store, run._record, {"source": mask(source)})  # noqa: SLF001 -- as above


class RemoteCell:
    """Follows the run of a cell in another process, and copies its variables back."""

    def __init__(self, shell: InteractiveShell, run: Run, options: RunOptions) -> None:
        self._shell = shell
        self._run = run
        self._options = options
        self._store = run._workspace.store  # noqa: SLF001 -- as above
        panel_id = f"aml-run-{run.id}-{time.time_ns():x}"
        self._lock = threading.Lock()
        run._tell_at_end(self._end)  # noqa: SLF001 -- who waits for the run has its variables then
        self._panel = Panel(shell, self._draw, self._state, panel_id)

    def follow(self) -> None:
        """Show the run, and wait for its end in the background."""
        if not self._options.quiet:
            self._panel.start(self._draw())
        wait = contextvars.copy_context().run
        threading.Thread(
            target=wait, args=(self._wait,), name="aml_magics-remote-cell", daemon=True
        ).start()

    def _wait(self) -> None:
        with complaining(f"run {self._run.id} is followed no longer"):
            while not self._run.record.status.is_terminal:
                time.sleep(POLL)
            self._end()

    def _end(self) -> None:
        """Called in the background, and where the run is waited for: see DrawnOutputs."""
        self._bring_back()
        if not self._options.quiet:
            self._panel.finish()

    def _bring_back(self) -> None:
        path = returned_path(self._store, self._run.id)
        with self._lock:
            if not path.exists():
                return  # it gives nothing back, failed before it could, or they are here
            values = unpack(path.read_bytes())
            path.unlink()
            self._shell.push(values)  # type: ignore[no-untyped-call]

    def _draw(self) -> Bundle:
        return run_output(self._store.record.name, run_view(self._store, self._run.record)).bundle()

    def _state(self) -> Hashable:
        record: Any = self._run.record
        seconds = int(time.time() - (record.started or record.created))
        journals = tuple(
            path.stat().st_size for path in self._store.journals.glob(f"{record.key}-*.journal")
        )
        return record.status, record.reason, log_size(self._store, record), journals, seconds // 2
