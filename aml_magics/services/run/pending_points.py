"""Points that are in journals and not yet in the catalogue."""

from __future__ import annotations

import logging
import weakref
from typing import TYPE_CHECKING, Final, TypeVar

from aml_magics.services.run.ingest import JournalName, journals_of
from aml_magics.store.journal import chunk
from aml_magics.store.journal.reader import JournalReader
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import sqlalchemy as sa

    from aml_magics.records.metric import Series
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

T = TypeVar("T")
_readers: weakref.WeakKeyDictionary[Store, dict[Path, JournalReader]] = weakref.WeakKeyDictionary()
MOST_READERS: Final = 256
_log = logging.getLogger("aml_magics")


@retried
def with_pending(
    store: Store,
    records: Sequence[RunRecord],
    read: Callable[[sa.Connection], T],
    ends: dict[Path, int] | None = None,
) -> tuple[T, dict[int, list[Series]]]:
    """Read the catalogue, and by run the journals' points that it lacks, as one consistent state.

    Marks and points come from one state of the catalogue, so that no point is missed or counted twice
    while they move there; if a journal was read in and removed meanwhile, all is read again.
    ``ends`` receives how far each journal was read.
    """
    ids = {record.key: record.id for record in records}
    while True:
        files = [
            (path, name.run_key)
            for path in (
                journals_of(store, records[0].key) if len(ids) == 1 else journals_of(store)
            )
            if (name := JournalName.of(path)) and name.run_key in ids
        ]
        with store.catalogue.read() as connection:
            marks = {path: store.marks.get(connection, path.name) for path, _ in files}
            found = read(connection)
        pending = _pending(store, ids, files, marks, {} if ends is None else ends)
        if pending is not None:
            return found, pending


def _pending(
    store: Store,
    ids: Mapping[int, str],
    files: Sequence[tuple[Path, int]],
    marks: Mapping[Path, int],
    ends: dict[Path, int],
) -> dict[int, list[Series]] | None:
    """Points behind the journals' marks, by run; None if a journal was read in and removed."""
    found: dict[int, dict[str, list[Series]]] = {}
    ends.clear()
    for path, key in files:
        ends[path] = marks[path]
        try:
            reader = _reader_at(store, path, marks[path])
            batch = reader.read(since=marks[path])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, LookupError) as error:  # one bad file hides no other
            _log.warning("journal %s cannot be read: %s", path, error)
            continue
        ends[path] = batch.end
        if reader.run_id not in (None, ids[key]):  # an earlier run had this key
            continue
        for one in batch.series:
            found.setdefault(key, {}).setdefault(one.name, []).append(one)
    return {
        key: [chunk.join(parts) for parts in by_name.values()] for key, by_name in found.items()
    }


def _reader_at(store: Store, path: Path, mark: int) -> JournalReader:
    """A journal's reader at its mark, with the names before it.

    Its position is cached, so that a long journal is not read from its beginning each time.
    """
    readers = _readers.setdefault(store, {})
    known = readers.get(path)
    # advance a copy, so that threads need not wait for each other
    reader = JournalReader(path) if known is None or known.at > mark else known.copy()
    if reader.at < mark:
        reader.read(since=mark, until=mark, is_checked=True)
    if len(readers) > MOST_READERS:
        readers.clear()
    readers[path] = reader
    return reader.copy()
