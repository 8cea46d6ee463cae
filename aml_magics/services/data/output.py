"""The outputs of a script: sends files to a datastore and makes datasets of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.errors import DataAccessError
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.services.data.store import datastore
from aml_magics.services.data.store.file_pattern import FilePatterns
from aml_magics.services.run.artifact import files_below

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aml_magics.records.data.data_use import DataOutput, OutputResult
    from aml_magics.records.data.dataset import DatasetRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.services.data.transfer.transfer import TransferEvent
    from aml_magics.store.store import Store


def written_files(folder: Path, globs: Sequence[str] = ()) -> list[tuple[Path, str]]:
    """The files that a script wrote to a folder, and their relative names; of a file in its place an empty name.

    Links are not followed, so a script cannot have another local file sent. A folder that the script removed, or
    replaced by a link, is empty.

    Args:
        globs: patterns of the files to take, in git's notation; all files if empty.
    """
    if folder.is_symlink() or not folder.exists():
        return []
    if folder.is_file():
        return [(folder, "")]
    found = [(path, name) for name, path in files_below(folder)]
    if not globs:
        return found
    chosen = FilePatterns(globs)
    return [(path, name) for path, name in found if chosen.match_below(name)]


def send(
    store: Store,
    datastore_name: str,
    path: str,
    files: Sequence[tuple[Path, str]],
    *,
    overwrite: bool,
) -> None:
    """Upload files below a path of a datastore.

    Raises:
        DataAccessError: the datastore cannot be reached or refuses, or a file exists with other contents and
            ``overwrite`` is false.
        DatastoreNotFoundError: it was removed meanwhile.
    """
    from aml_magics.services.data.transfer import transfer  # most scripts have no outputs

    below = path.rstrip("/")
    pairs = [(source, "/".join(filter(None, (below, name)))) for source, name in files]
    there: list[str] = []

    def note_skipped(event: TransferEvent) -> None:
        if event.step == "skip":
            there.append(event.target)

    record = datastore.get(store, datastore_name)
    transfer.upload(store, record, pairs, overwrite=overwrite, on_event=note_skipped)
    others = transfer.differing(store, record, pairs, there) if there else []
    if others:
        raise DataAccessError(
            f"{len(others)} of {len(pairs)} files are in datastore {datastore_name!r} already ({others[0]!r}) and "
            "were not replaced; as_upload(overwrite=True), or run.send_outputs(overwrite=True) afterwards, replaces "
            "them; {run-id} in the destination keeps runs apart."
        )


def keep_results(store: Store, run: RunRecord, output: DataOutput) -> list[DatasetRecord]:
    """Make the datasets of an output whose files are in its datastore.

    Raises:
        DataNotFoundError: no file matches the pattern that rows are read from.
        AlreadyExistsError: as of ``dataset.register``.
    """
    place = output.place(run.id)
    kept = []
    for count, result in enumerate(output.results):
        path = f"{place}/{result.glob}" if result.glob else place
        definition = Definition(
            "tabular" if result.format else "file",
            (Location(path, output.datastore),),
            result.format,
            result.options,
            result.steps,
            result.partition_format,
        )
        kept.append(keep_result(store, run, output, result, definition, count=count))
    return kept


def keep_result(
    store: Store,
    run: RunRecord,
    output: DataOutput,
    result: OutputResult,
    definition: Definition,
    *,
    count: int = 0,
) -> DatasetRecord:
    """Link a dataset to a run as its output: registered if that was asked for, else saved.

    Args:
        count: the number of this output's datasets before this one.
    """
    from aml_magics.services.data import dataset  # most scripts have no outputs

    if result.register_as is None:
        record = dataset.save(store, definition)
    else:
        record = dataset.register(
            store,
            definition,
            result.register_as,
            description=result.description,
            tags=result.tags,
            create_new_version=True,
        )
    name = output.name if count == 0 else f"{output.name}_{count + 1}"
    dataset.use(store, run, record, role="output", name=name, mechanism=output.mechanism)
    return record
