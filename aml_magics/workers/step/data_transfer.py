"""Copies a file or a folder to where the worker sends it from: the command of a ``DataTransferStep``.

::

    python -m aml_magics.workers.step.data_transfer --source PATH --destination PATH --datastore NAME --path BELOW
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from aml_magics.errors import AmlError, PipelineError
from aml_magics.records.data.dataset import Location
from aml_magics.sdk.run.run import Run
from aml_magics.services.data.store.files import files_at
from aml_magics.services.data.store.location import storage_of

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

FILE: Final = "file"
DIRECTORY: Final = "directory"


def main(words: Sequence[str]) -> None:
    """Copy the source, and say how much it was.

    Raises:
        PipelineError: the source is of another type, or a folder would go to a file.
        DataAccessError: the datastore of the destination cannot be reached.
    """
    options = _options(words)
    source, target = Path(options.source), Path(options.destination)
    form = DIRECTORY if source.is_dir() else FILE
    wanted = options.source_reference_type
    if wanted not in (None, form):
        raise PipelineError(f"The source is a {form}, and source_reference_type is {wanted!r}.")
    to = options.destination_reference_type or there(options.datastore, options.path) or form
    if (form, to) == (DIRECTORY, FILE):
        raise PipelineError(
            f"The source is a directory, and {options.path!r} in {options.datastore!r} is a file; give another destination."
        )
    if form == FILE and to == DIRECTORY:
        target.mkdir(parents=True, exist_ok=True)
        target /= source.name
    copied = _copied(source, target)
    size = sum(one.stat().st_size for one in copied)
    print(
        f"{len(copied):,} file{'' if len(copied) == 1 else 's'}, {size:,} bytes: to "
        f"{options.path or 'the root'} in {options.datastore}.",
        flush=True,
    )


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise PipelineError(f"The command line of the step cannot be read: {message}.")


def _options(words: Sequence[str]) -> Namespace:
    parser = _Parser(prog="data_transfer", allow_abbrev=False, add_help=False)
    for name in ("source", "destination", "datastore", "path"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--source_reference_type")
    parser.add_argument("--destination_reference_type")
    return parser.parse_args(words)


def there(datastore: str, path: str) -> str | None:
    """What is at a path of a datastore of this run's workspace; None for nothing."""
    if not path:
        return DIRECTORY
    store = Run.get_context(allow_offline=False)._workspace.store  # noqa: SLF001
    storage, below = storage_of(store, Location(path, datastore))
    found = files_at(storage, below, datastore, empty_is_fine=True)
    if not found:
        return None
    return FILE if [one.location.path for one in found] == [below] else DIRECTORY


def _copied(source: Path, target: Path) -> list[Path]:
    """Copy what is mounted, whose files are links; returns the copies."""
    if source.is_file():
        return [Path(shutil.copyfile(source, target))]
    shutil.copytree(source, target, copy_function=shutil.copyfile, dirs_exist_ok=True)
    return [one for one in target.rglob("*") if one.is_file()]


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except AmlError as error:
        # the log of the step says what is wrong, and not where in this package it was found
        sys.tracebacklimit = 0
        raise error.with_traceback(None) from None
