"""Moves points from journals into the catalogue, each exactly once.

The points and the journal's mark (how many of its bytes the catalogue has) are written in one transaction, so a
kill at any time leaves both or neither, and the next reader continues at the mark. A journal whose writer is
done is removed after that; one with damaged slots moves to ``quarantine``. Its mark outlives the file by one
transaction: if the mark went first, a process that still saw the file would read it in once more.
"""

from __future__ import annotations

import contextlib
import logging
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from aml_magics.services.run.open_runs import open_runs
from aml_magics.store.catalogue.schema import run as run_table
from aml_magics.store.journal.reader import JournalReader

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.errors import AmlError
    from aml_magics.store.journal.journal import JournalWriter
    from aml_magics.store.store import Store

_log = logging.getLogger("aml_magics")


@dataclass(frozen=True, slots=True)
class JournalName:
    """A journal's name: ``<run key>-<owner>-<part>.journal``."""

    run_key: int
    owner: str
    part: int

    @property
    def file(self) -> str:
        """The file's name."""
        return f"{self.run_key}-{self.owner}-{self.part:04d}.journal"

    @classmethod
    def of(cls, path: Path) -> JournalName | None:
        """Parse a file's name; None if it is not a journal."""
        pieces = path.name.removesuffix(".journal").split("-")
        if len(pieces) != 3 or not (pieces[0].isdigit() and pieces[2].isdigit()):
            return None
        return cls(int(pieces[0]), pieces[1], int(pieces[2]))


def journals_of(store: Store, run_key: int | None = None) -> list[Path]:
    """This machine's journals, of one run or all, in the order of writing."""
    # not glob: it compiles a pattern for each run, a cost even at an empty run's end
    start = "" if run_key is None else f"{run_key}-"
    try:
        with os.scandir(store.journals) as files:
            names = [
                file.name
                for file in files
                if file.name.startswith(start) and file.name.endswith(".journal") and file.is_file()
            ]
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return []  # writers get the error that the store is gone
    return [store.journals / name for name in sorted(names)]


def ingest_live(store: Store, writer: JournalWriter) -> None:
    """Read in new points of a writer of this process."""
    for path in _parts(store, writer):
        if path == writer.path:
            _ingest(store, path, writer.run_key, until=writer.written)
        else:
            ingest_finished(store, path)


def ingest_finished(store: Store, path: Path) -> None:
    """Read in a journal whose writer is done, then remove it."""
    name = JournalName.of(path)
    if name is None:
        return
    # durable, since the journal is removed next: PostgreSQL may lose an asynchronous commit in a crash
    bad = _ingest(store, path, name.run_key, durable=True)
    retire(store, path, bad)


def ingest_within(
    store: Store, connection: sa.Connection, path: Path, run_key: int, until: int | None = None
) -> int:
    """Read in a journal within the caller's transaction; return the number of bad slots."""
    if not store.catalogue.is_sqlite:
        # SQLite has one writer at a time; PostgreSQL would let two append to the same series
        connection.execute(
            sa.select(run_table.c.key).where(run_table.c.key == run_key).with_for_update()
        )
    done = store.marks.get(connection, path.name)
    reader = open_runs(store).reader(path)
    if reader is None or reader.at != done:  # none yet, or a transaction was rolled back
        reader = JournalReader(path)
    try:
        batch = reader.read(since=done, until=until)
    except FileNotFoundError:  # another process read it in and removed it
        return 0
    open_runs(store).keep_reader(path, reader)
    if batch.end <= done:  # nothing new, or another process has read further
        return batch.bad
    if batch.series:
        store.metrics.append(connection, run_key, batch.series)
    store.marks.put(connection, path.name, batch.end)
    return batch.bad


def retire(store: Store, path: Path, bad: int = 0) -> None:
    """Remove a journal that was read in, or quarantine one with bad slots."""
    if bad:
        aside = set_aside(store, path)
        _log.warning(
            "%d slots of journal %s are damaged; the rest was read and the file is kept in %s",
            bad,
            path.name,
            aside,
        )
    else:
        path.unlink(missing_ok=True)
    open_runs(store).retire(path)


def let_go(store: Store, key: int, why: AmlError) -> None:
    """Stop writing to a run that this process no longer owns; keep its points logged so far."""
    runs = open_runs(store)
    if (writer := runs.writer(key)) is not None:
        writer.lose(why)
    runs.end(key)
    for path in journals_of(store, key):
        name = JournalName.of(path)
        if name is not None and name.owner == store.owner.id:
            ingest_finished(store, path)


def set_aside(store: Store, path: Path) -> Path:
    """Move a journal into ``quarantine``; return that folder."""
    aside = store.journals / "quarantine"
    aside.mkdir(exist_ok=True, mode=0o700)
    with contextlib.suppress(FileNotFoundError):  # another process has moved it
        path.replace(aside / path.name)
    return aside


def _ingest(
    store: Store, path: Path, run_key: int, until: int | None = None, *, durable: bool = False
) -> int:
    retired = open_runs(store).retired()

    def work(connection: sa.Connection) -> int:
        store.marks.forget(connection, retired)
        return ingest_within(store, connection, path, run_key, until)

    bad = store.catalogue.transact(work, durable=durable)
    open_runs(store).forget_retired(retired)
    return bad


def _parts(store: Store, writer: JournalWriter) -> list[Path]:
    stem = writer.path.name.rpartition("-")[0]
    return sorted(store.journals.glob(f"{stem}-*.journal"))
