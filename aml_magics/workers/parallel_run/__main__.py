"""Runs a script for each mini-batch: the command of a ``ParallelRunStep``.

::

    python -m aml_magics.workers.parallel_run --entry_script score.py --input NAME PATH --output FOLDER -- ARGUMENTS
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from aml_magics.errors import AmlError, ParallelRunError, RunStateError
from aml_magics.sdk.run.run import Run
from aml_magics.workers.parallel_run.driver import Driver
from aml_magics.workers.parallel_run.mini_batch import MiniBatches
from aml_magics.workers.parallel_run.options import read
from aml_magics.workers.parallel_run.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(words: Sequence[str]) -> None:
    """Run all mini-batches.

    Raises:
        ParallelRunError: the options, the script or the inputs cannot be used, or more failed than may.
    """
    options = read(words)
    if not Path(options.entry_script).is_file():
        raise ParallelRunError(
            f"There is no entry_script {options.entry_script!r} in source_directory; it has: "
            f"{', '.join(sorted(one.name for one in Path().glob('*.py'))) or 'no Python file'}."
        )
    run = _run()
    progress = Progress(run)
    # in the folder of the run, which is removed with it
    folder = Path(tempfile.mkdtemp(prefix=".mini_batches-", dir=Path.cwd()))
    try:
        batches = MiniBatches(options, None if run is None else run._workspace.store, folder)  # noqa: SLF001
        Driver(options, batches, progress, folder).run()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(progress.counts.line, flush=True)


def _run() -> Run | None:
    """The run of the step; None for who tries the driver alone."""
    try:
        return Run.get_context(allow_offline=False)
    except RunStateError:
        return None


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except AmlError as error:
        # the log of the step says what is wrong, and not where in this package it was found
        sys.tracebacklimit = 0
        raise error.with_traceback(None) from None
