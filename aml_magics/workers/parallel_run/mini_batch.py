"""Mini-batches: some files or some rows of the inputs, one after the other."""

from __future__ import annotations

import os
import pickle
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import ParallelRunError
from aml_magics.records.pipeline.parallel_run import (
    DEFAULT_BYTES,
    DEFAULT_FILES,
    bytes_of,
    files_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    import pyarrow as pa

    from aml_magics.records.data.dataset import DatasetRecord, Definition
    from aml_magics.services.data.table.table import Table
    from aml_magics.store.store import Store
    from aml_magics.workers.parallel_run.options import Input, Options

_MOST_INLINE: Final = 16_384
"""Bytes of a message that a socket takes at once, so that the driver never waits for a busy process."""

_SHOWN: Final = 3


@dataclass(slots=True)
class MiniBatch:
    """Some items of an input.

    ``names`` are its files, or say in one text which rows it has. ``payload`` are the pickled items, or the path of the
    file that has them.
    """

    index: int
    input: str
    items: int
    names: Sequence[str]
    payload: bytes | str = field(repr=False)
    partition: dict[str, Any] | None = None
    tries: int = 0

    @property
    def title(self) -> str:
        """What messages call it."""
        more = len(self.names) - _SHOWN
        listed = ", ".join(self.names[:_SHOWN])
        return f"mini-batch {self.index} ({listed}{f' and {more:,} more' if more > 0 else ''})"

    def forget(self) -> None:
        """Remove the file of its items."""
        if isinstance(self.payload, str):
            Path(self.payload).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Part:
    """Items before they are a mini-batch."""

    items: list[str] | pd.DataFrame
    names: Sequence[str]
    partition: dict[str, Any] | None = None


class MiniBatches:
    """The mini-batches of all inputs, in the order of the inputs; made as they are asked for.

    Args:
        store: where datasets are; None outside of a run, where every input is a path.
        folder: for the items of larger mini-batches, and for mounts.

    Raises (while they are made):
        ParallelRunError: an input has no item, or not what its settings need.
        AmlError: a dataset cannot be read.
    """

    def __init__(self, options: Options, store: Store | None, folder: Path) -> None:
        self._options = options
        self._store = store
        self._folder = folder

    def __iter__(self) -> Iterator[MiniBatch]:
        index = 0
        for one in self._options.inputs:
            before = index
            for part in self._parts(one):
                yield self._mini_batch(index, one.name, part)
                index += 1
            if index == before:
                raise ParallelRunError(
                    f"Input {one.name!r} has nothing to run on: no file, or no row. Give it data, or leave the input out."
                )

    def _mini_batch(self, index: int, name: str, part: _Part) -> MiniBatch:
        pickled = pickle.dumps(part.items, protocol=5)
        payload: bytes | str = pickled
        if len(pickled) > _MOST_INLINE:
            path = self._folder / f"{index}.pickle"
            path.write_bytes(pickled)
            payload = str(path)
        return MiniBatch(index, name, len(part.items), part.names, payload, part.partition)

    def _parts(self, one: Input) -> Iterator[_Part]:
        if Path(one.value).is_absolute() or self._store is None:
            return self._of_paths(one, _files_below(one), None)
        from aml_magics.services.data import dataset

        record = dataset.get_by_id(self._store, one.value)
        if record.definition.kind == "file":
            return self._of_paths(one, *self._mounted(self._store, one, record))
        return self._of_rows(self._store, one, record.definition)

    def _mounted(
        self, store: Store, one: Input, record: DatasetRecord
    ) -> tuple[list[tuple[str, str]], list[dict[str, Any]]]:
        """Names and paths of the files of a dataset, and the values that its partition format reads from each."""
        from aml_magics.services.data.mount import mount
        from aml_magics.services.data.store.files import find_files
        from aml_magics.services.data.store.partition import partition_values

        definition = record.definition
        target = self._folder / one.name
        mount(store, definition, target)
        files = find_files(store, definition)
        values = [partition_values(definition.partition_format, file.path) for file in files]
        return [(file.relative, str(target / file.relative)) for file in files], values

    def _of_paths(
        self, one: Input, files: list[tuple[str, str]], values: list[dict[str, Any]] | None
    ) -> Iterator[_Part]:
        keys = self._options.partition_keys
        if not keys:
            size = files_of(self._options.mini_batch_size or DEFAULT_FILES)
            for start in range(0, len(files), size):
                some = files[start : start + size]
                yield _Part([path for _, path in some], [name for name, _ in some])
            return
        known = set(values[0]) if values else set()
        if missing := [key for key in keys if key not in known]:
            raise ParallelRunError(
                f"Input {one.name!r} has no partition key {missing[0]!r:.60}; its files have: {', '.join(sorted(known)) or 'none'}. Make the "
                "dataset with a partition_format that reads it from their paths, and give it as it is, by as_named_input."
            )
        found: dict[tuple[Any, ...], list[tuple[str, str]]] = {}
        for file, read in zip(files, values or (), strict=True):
            found.setdefault(tuple(read[key] for key in keys), []).append(file)
        for key_values, some in found.items():
            partition = dict(zip(keys, key_values, strict=True))
            yield _Part([path for _, path in some], [name for name, _ in some], partition)

    def _of_rows(self, store: Store, one: Input, definition: Definition) -> Iterator[_Part]:
        from aml_magics.services.data.table.table import opened

        with opened(store, definition) as table:
            keys = self._options.partition_keys
            parts = _partitions(table, keys) if keys else self._sized(table)
            row = 0
            for part in parts:
                count = len(part.items)
                names = [f"rows {row:,} to {row + count - 1:,} of input {one.name!r}"]
                if part.partition:
                    values = ", ".join(f"{key}={value}" for key, value in part.partition.items())
                    names = [f"{count:,} rows of input {one.name!r} with {values}"]
                if definition.timestamp is not None:
                    frame: Any = part.items
                    part = replace(part, items=frame.set_index(definition.timestamp, drop=False))  # noqa: PLW2901
                yield replace(part, names=names)
                row += count

    def _sized(self, table: Table) -> Iterator[_Part]:
        """Rows of about the wanted size in memory."""
        import pyarrow as pa

        size = bytes_of(self._options.mini_batch_size or DEFAULT_BYTES)
        kept: list[pa.RecordBatch] = []
        rows = 0
        wanted = 0
        for batch in table.batches():
            wanted = wanted or max(1, size * batch.num_rows // max(1, batch.nbytes))
            kept.append(batch)
            rows += batch.num_rows
            start = 0
            whole = pa.Table.from_batches(kept)
            while rows - start >= wanted:
                yield _Part(whole.slice(start, wanted).to_pandas(), ())
                start += wanted
            kept = whole.slice(start).to_batches()
            rows -= start
        if rows:
            yield _Part(pa.Table.from_batches(kept).to_pandas(), ())


def _files_below(one: Input) -> list[tuple[str, str]]:
    """Names and paths of the files of a folder, sorted; a file is itself."""
    root = os.path.abspath(one.value)  # noqa: PTH100 -- texts: there may be a million
    if os.path.isfile(root):  # noqa: PTH113
        return [(os.path.basename(root), root)]  # noqa: PTH119
    if not os.path.isdir(root):  # noqa: PTH112
        raise ParallelRunError(f"Input {one.name!r} is neither a folder nor a file: {root!r:.300}.")
    found = [
        os.path.join(folder, name)  # noqa: PTH118
        for folder, _, names in os.walk(root)
        for name in names
    ]
    return [(path[len(root) + 1 :], path) for path in sorted(found)]


def _partitions(table: Table, keys: Sequence[str]) -> Iterator[_Part]:
    """Rows with equal values of some columns; they are sorted on disk where memory ends."""
    import pandas as pd

    rows = (
        (_key(row), batch, number)
        for batch in table.sorted_batches(keys)
        for number, row in enumerate(batch.select(list(keys)).to_pylist())
    )
    for key, group in groupby(rows, key=lambda one: one[0]):
        frames = [
            batch.slice(first := numbers[0], numbers[-1] - first + 1).to_pandas()
            for batch, numbers in _runs(group)
        ]
        yield _Part(pd.concat(frames, ignore_index=True), (), dict(zip(keys, key, strict=True)))


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row.values())


def _runs(
    group: Iterator[tuple[Any, pa.RecordBatch, int]],
) -> Iterator[tuple[pa.RecordBatch, list[int]]]:
    """The batches of a group, with the numbers of its rows in each."""
    for _, some in groupby(group, key=lambda one: id(one[1])):
        listed = list(some)
        yield listed[0][1], [number for _, _, number in listed]
