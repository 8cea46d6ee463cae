"""``python -m aml_magics.magics.remote.worker``: runs a submitted cell in its worker.

The cell runs in an IPython of its own, so that magics and ``await`` work. Its output is the log of
the run, figures that it shows are kept with the run, and requested variables go back.
"""

from __future__ import annotations

import base64
import io
import json
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from aml_magics.errors import AmlError, ExpectationError, UsageError
from aml_magics.magics.failure import one_line, run_error
from aml_magics.magics.remote.shipment import CELL_FILE, OPTIONS_FILE, PYTHON, pack, unpack
from aml_magics.sdk.run.run import Run
from aml_magics.services.job.attachment import given_path, returned_path
from aml_magics.services.job.submission import SOURCE_VARIABLE
from aml_magics.services.run.expectation import check, parse
from aml_magics.services.sweep.result import hyperparameters_of
from aml_magics.store.home import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_FIGURES = 100
INLINE = "module://matplotlib_inline.backend_inline"


class LogPublisher(DisplayPublisher):
    """Prints displayed objects for the log. Figures become images of the run."""

    figures = 0

    def publish(self, data: dict[str, Any], *_: object, **__: object) -> None:
        """Print the text of a displayed object; keep the PNG of a figure."""
        text, picture = data.get("text/plain", ""), data.get("image/png")
        if text:
            print(text)  # noqa: T201 -- the log of the run
        if picture is None or self.figures >= MOST_FIGURES:
            return
        self.figures += 1
        png = picture if isinstance(picture, bytes) else base64.b64decode(picture)
        Run.get_context().log_image(f"figure_{self.figures}", path=io.BytesIO(png))


class WorkerShell(InteractiveShell):
    """An IPython shell without a user."""

    def enable_gui(self, gui: object = None) -> None:
        """Start no event loop, since no window opens."""
        del gui


def main() -> int:
    """Run the cell; return 0 if it ended well and met its expectations."""
    folder = Path(os.environ[SOURCE_VARIABLE])
    options = json.loads((folder / OPTIONS_FILE).read_text(encoding="utf-8"))
    run = Run.get_context()
    shell = worker_shell()
    is_away = Path.cwd().samefile(folder)
    if is_away:
        print(_place())  # noqa: T201 -- the log of the run
    try:
        given = _given(run, options.get("python", PYTHON))
    except AmlError as error:
        print(one_line(error))  # noqa: T201 -- as above
        run.fail_with(run_error(error, shell))
        return 1
    values = hyperparameters_of(run.record) or {}  # of a trial: its parameters are variables
    shell.push({**given, **values, "run": run})  # type: ignore[no-untyped-call]
    cell = (folder / CELL_FILE).read_text(encoding="utf-8")
    result = shell.run_cell(cell, store_history=False)  # type: ignore[no-untyped-call]
    failure = result.error_before_exec or result.error_in_exec
    if failure is None:
        failure = _unmet(run, options["expect"])
    if failure is not None and not (isinstance(failure, SystemExit) and failure.code in (None, 0)):
        run.fail_with(run_error(failure, shell))
        if is_away and isinstance(failure, FileNotFoundError | ModuleNotFoundError):
            print(_place())  # noqa: T201 -- as above
        return 1
    _give_back(run, shell.user_ns, options["returned"])
    return 0


def _place() -> str:
    return f"The cell works in a folder of its own on {socket.gethostname()}; files beside the notebook are not there."


def worker_shell() -> WorkerShell:
    """The shell of a cell's process: its output is the log of the run, and its figures are kept with it."""
    # matplotlib takes long to import: it shows figures as `%matplotlib inline` does once the cell has imported it
    os.environ.setdefault("MPLBACKEND", INLINE)
    settings = Config(
        {"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}}
    )
    shell = WorkerShell.instance(config=settings, display_pub_class=LogPublisher)
    shell.run_line_magic("load_ext", "aml_magics")
    sys.path.insert(0, str(Path.cwd()))  # as in the notebook: modules beside it are found
    return shell


def _given(run: Run, python: str) -> dict[str, Any]:
    """The variables of the notebook, of which the file is removed."""
    path = given_path(run._workspace.store, run.id)  # noqa: SLF001 -- of this very run
    data = path.read_bytes()
    path.unlink()
    if python != PYTHON:
        raise UsageError(
            f"A cell goes to the Python that pickled its variables, to the second number of its version: the notebook has {python}, "
            f"and {socket.gethostname()} has {PYTHON}. Install {python} there, or send the cell to another target."
        )
    return unpack(data)


def _unmet(run: Run, expected: Sequence[str]) -> BaseException | None:
    try:
        check(run._workspace.store, run.record, [parse(text) for text in expected])  # noqa: SLF001 -- as above
    except ExpectationError as error:
        print(f"ExpectationError: {error}")  # noqa: T201 -- the log of the run
        return error
    return None


def _give_back(run: Run, values: dict[str, Any], names: Sequence[str]) -> None:
    """Leave variables for the notebook. The run completes even if one cannot be sent."""
    if not names:
        return
    missing = [name for name in names if name not in values]
    for name in missing:
        print(f"The cell left no variable {name!r}.")  # noqa: T201 -- the log of the run
    data, _ = pack(values, [name for name in names if name in values])
    write_whole(returned_path(run._workspace.store, run.id), data)  # noqa: SLF001 -- as above


if __name__ == "__main__":
    sys.exit(main())
