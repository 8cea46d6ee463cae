"""``%%aml_run --compute NAME``: a cell that runs in a worker while the notebook stays free."""

from __future__ import annotations

import ast
import contextvars
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aml_magics.magics.cell.panel import Panel
from aml_magics.magics.failure import complaining
from aml_magics.magics.remote.shipment import (
    CELL_FILE,
    OPTIONS_FILE,
    PYTHON,
    pack,
    sizes_text,
    unpack,
    used_names,
)
from aml_magics.records.compute import LOCAL
from aml_magics.records.secret import mask
from aml_magics.sdk.run.run import Run
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.job import attachment, submission
from aml_magics.services.run import code_snapshot
from aml_magics.services.run.log import log_size
from aml_magics.views.run.output import run_output
from aml_magics.views.run.run import run_view

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator, Sequence

    from IPython.core.interactiveshell import InteractiveShell

    from aml_magics.magics.options import RunOptions
    from aml_magics.views.static.output import Bundle

POLL = 0.25


def run_elsewhere(
    shell: InteractiveShell, options: RunOptions, source: str, body: str, default_experiment: str
) -> None:
    """Submit a cell; put its run into the user's variables and its panel below the cell.

    Raises:
        UsageError: a variable cannot be sent.
        ComputeTargetError: no compute target of that name, or none that takes runs.
        SyntaxError: the cell is not valid Python; no run was created then.
    """
    packed = packed_variables(shell, body, left_out=("run",))
    run = _submit(options, source, body, packed.data, default_experiment)
    shell.push({"run": run})  # type: ignore[no-untyped-call]
    if not options.quiet:
        packed.tell()
    RemoteCell(shell, run, quiet=options.quiet).follow()


@dataclass(frozen=True, slots=True)
class PackedVariables:
    """The variables of the notebook that a cell uses, pickled."""

    data: bytes
    sizes: dict[str, int]

    def tell(self) -> None:
        """Say what goes along."""
        if self.sizes:
            print(f"Taken along: {sizes_text(self.sizes)}", file=sys.stderr)  # noqa: T201 -- a word to the user


def packed_variables(
    shell: InteractiveShell, body: str, left_out: Collection[str]
) -> PackedVariables:
    """Check a cell, and pickle the variables that it uses.

    Args:
        left_out: variables that the cell gets in its own process.

    Raises:
        SyntaxError: the cell is not valid Python.
        UsageError: a variable cannot be sent.
    """
    python = shell.transform_cell(body)  # type: ignore[no-untyped-call]
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    compile(python, "<cell>", "exec", flags)  # a mistake fails the cell now, not a run later
    names = used_names(python, shell.user_ns)
    data, sizes = pack(shell.user_ns, [name for name in names if name not in left_out])
    return PackedVariables(data, sizes)


@contextmanager
def cell_submission(
    body: str,
    data: bytes,
    *,
    magic: str = "%%aml_run",
    expect: Sequence[str] = (),
    returned: Sequence[str] = (),
    **wanted: Any,  # noqa: ANN401 -- fields of a Submission
) -> Iterator[submission.Submission]:
    """A cell as a script to submit; its folder is there until the end of the context.

    Args:
        data: the variables that go along.
        magic: stands in a comment in place of the cell's first line.
        expect: conditions that the run has to meet.
        returned: variables to bring back.
    """
    import json

    with tempfile.TemporaryDirectory(prefix="aml-magics-cell-") as folder:
        # The first line was the magic: with a comment in its place line numbers are the notebook's.
        head = "" if body.lstrip().startswith("%%") else f"# {magic}\n"
        Path(folder, CELL_FILE).write_text(f"{head}{body}", encoding="utf-8")
        settings = {"expect": list(expect), "returned": list(returned), "python": PYTHON}
        Path(folder, OPTIONS_FILE).write_text(json.dumps(settings), encoding="utf-8")
        yield submission.Submission(
            folder=Path(folder),
            module=submission.CELL,
            place=Path.cwd(),
            attachment=data,
            **wanted,
        )


def _submit(
    options: RunOptions, source: str, body: str, data: bytes, default_experiment: str
) -> Run:
    workspace = Workspace.from_config()
    script = cell_submission(
        body,
        data,
        expect=[str(one) for one in options.expect],
        returned=options.returned,
        name=options.name,
        params=options.params,
        tags=options.tags,
        target=options.compute or LOCAL,
    )
    with script as wanted:
        record, _ = submission.submit(
            workspace.store, options.experiment or default_experiment, wanted
        )
    run = Run._of(workspace, record)  # noqa: SLF001 -- as any handle is made
    if options.description:
        run.description = options.description
    keep_source(run, source)
    return run


def keep_source(run: Run, source: str) -> None:
    """Keep the text of the cell with its run, without secrets."""
    code_snapshot.put(run._workspace.store, run._record, {"source": mask(source)})  # noqa: SLF001 -- as above


class RemoteCell:
    """Follows the run of a cell in another process, and copies its variables back."""

    def __init__(self, shell: InteractiveShell, run: Run, *, quiet: bool) -> None:
        self._shell = shell
        self._run = run
        self._quiet = quiet
        self._store = run._workspace.store  # noqa: SLF001 -- as above
        panel_id = f"aml-run-{run.id}-{time.time_ns():x}"
        self._lock = threading.Lock()
        run._tell_at_end(self._end)  # noqa: SLF001 -- who waits for the run has its variables then
        self._panel = Panel(shell, self._draw, self._state, panel_id)

    def follow(self) -> None:
        """Show the run, and wait for its end in the background."""
        if not self._quiet:
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
        if not self._quiet:
            self._panel.finish()

    def _bring_back(self) -> None:
        store, record = self._store, self._run.record
        with self._lock:
            data = attachment.read_returned(store, record)
            if (
                data is not None
            ):  # else it gives nothing back, failed before it could, or they are here
                self._shell.push(unpack(data))  # type: ignore[no-untyped-call]
            attachment.forget_returned(store, record)

    def _draw(self) -> Bundle:
        return run_output(self._store.record.name, run_view(self._store, self._run.record)).bundle()

    def _state(self) -> Hashable:
        record: Any = self._run.record
        seconds = int(time.time() - (record.started or record.created))
        journals = tuple(
            path.stat().st_size for path in self._store.journals.glob(f"{record.key}-*.journal")
        )
        return record.status, record.reason, log_size(self._store, record), journals, seconds // 2
