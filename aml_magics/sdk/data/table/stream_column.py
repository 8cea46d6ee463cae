"""A column whose values are paths of files, as the dataset of these files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aml_magics.errors import InvalidDatasetError
from aml_magics.records.dataset import Definition, Location
from aml_magics.sdk.data.dataset.file_dataset import FileDataset
from aml_magics.sdk.data.dataset.path import locations_of

if TYPE_CHECKING:
    from aml_magics.sdk.data.table.reading import TabularReading

_DATASTORE: Final = re.compile(
    r"(?:AmlDatastore://|azureml://(?:.*/)?datastores/)(?P<name>[^/]+)/(?:paths/)?(?P<path>.+)"
)
_MAGIC: Final = re.compile(r"[*?\[]")


def files_of(dataset: TabularReading, column: str) -> FileDataset:
    """The files that a column names, each once: by a URL, a path, or ``AmlDatastore://name/path``.

    Raises:
        ColumnNotFoundError: there is no such column.
        InvalidDatasetError: it names no file, or has a wildcard.
    """
    dataset._check_there([column])
    with dataset._step("keep_columns", columns=[column])._table() as table:
        values = [one for batch in table.batches() for one in batch.column(0).to_pylist()]
    paths = list(dict.fromkeys(str(one) for one in values if one))
    if not paths:
        raise InvalidDatasetError(f"Column {column!r} names no file.")
    locations = [_location(path) for path in paths]
    for location in locations:
        if _MAGIC.search(location.path):
            raise InvalidDatasetError(
                f"Column {column!r} has {location.path!r:.80}, which names no single file: leave out * ? [."
            )
    return FileDataset._of(dataset._workspace, Definition("file", tuple(locations)))


def _location(path: str) -> Location:
    found = _DATASTORE.fullmatch(path)
    if found is not None:
        return Location(found["path"], found["name"])
    return locations_of(path)[0][0]
