"""The catalogue's database: the one module that opens SQLite and PostgreSQL.

SQLite runs in WAL mode with explicit transactions: writers begin with ``BEGIN IMMEDIATE``, because
a transaction that starts as a reader and becomes a writer fails at once when another one wrote,
whatever the timeout. State changes are committed with ``synchronous=FULL`` and survive a power
loss; metrics with ``NORMAL`` survive the end of the process, and their journal is still there.
"""

from __future__ import annotations

import os
import re
import sqlite3
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy import event, exc

from aml_magics._optional import optional_module
from aml_magics.errors import (
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from aml_magics.store.catalogue.write_queue import begin_write
from aml_magics.store.files.filesystem import free_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")
BUSY_SECONDS: Final = 30.0
CONNECT_SECONDS: Final = 5
_WRITES = "aml_writes"
_SYNC = "aml_synchronous"
_COMMITTED = "aml_committed"


class Guard(Protocol):
    """Verifies that the database is still the one that was opened, and raises if not."""

    def check(self) -> None:
        """Check from outside a transaction, at little cost."""

    def verify(self, connection: sa.Connection) -> None:
        """Check within a writing transaction."""


_of_parents: Final[list[sa.Pool]] = []
"""Connections that this process has from the one that forked it."""


class Catalogue:
    """A database of runs.

    Args:
        url: ``sqlite:///PATH`` or ``postgresql+psycopg://USER@HOST:PORT/DATABASE``
            (``postgresql://`` means the same).

    Raises:
        StoreError: from any method, if the database cannot be used; the message says why.
    """

    def __init__(self, url: str | sa.URL) -> None:
        self.url = _address(url)
        if self.url.get_backend_name() not in ("sqlite", "postgresql"):
            raise StoreError(
                f"A catalogue is kept in SQLite or PostgreSQL, not in {self.url.get_backend_name()!r}; "
                "use sqlite:///PATH or postgresql://USER@HOST:PORT/DATABASE."
            )
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.guard: Guard | None = None
        """Checked before each use, once there are tables."""
        self._answered = False
        self._remembered: list[Callable[[], None]] = []
        self._engine = self._sqlite() if self.is_sqlite else self._postgresql()
        # with PostgreSQL's default (READ COMMITTED) each statement would see another state
        reading = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._reading = self._engine.execution_options(**reading)

    def __repr__(self) -> str:
        return f"Catalogue({self.address!r})"

    @property
    def address(self) -> str:
        """The address with its password masked."""
        if self.is_sqlite:
            return str(self.path)
        shown = self.url
        if "password" in shown.query:
            shown = shown.update_query_dict({"password": "***"})
        return shown.render_as_string(hide_password=True)

    @property
    def path(self) -> Path:
        """The file of a SQLite catalogue."""
        return Path(self.url.database or "")

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection with a snapshot of the database; read-only by convention."""
        if self.guard is not None:
            self.guard.check()
        with self._translated(), self.retry(self._reading.connect) as connection:
            self._answered = True
            yield connection

    def transact(self, work: Callable[[sa.Connection], T], *, durable: bool = False) -> T:
        """Run ``work`` in one transaction and return its result.

        A PostgreSQL that disconnects is retried for ``BUSY_SECONDS``, so the work
        must be safe to repeat: ids made by the caller, compare-and-set, upserts.

        Args:
            work: called with a connection on which a writing transaction has begun.
            durable: whether the commit must survive a power loss.
        """
        return self.retry(lambda: self._once(work, durable=durable))

    def retry(self, work: Callable[[], T]) -> T:
        """Run idempotent work, such as a read, and retry it while PostgreSQL is unreachable."""
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                with self._translated():
                    return work()
            except StoreUnavailableError as error:
                # A server that has never answered is probably a wrong address: report it at once, without
                # retries. SQLite has already waited by itself (`begin_write`, `busy_timeout`).
                is_there = self._answered or _STARTING.search(str(error))
                if self.is_sqlite or not is_there or time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _once(self, work: Callable[[sa.Connection], T], *, durable: bool) -> T:
        if self.guard is not None:
            self.guard.check()
        with self._engine.connect() as connection:
            self._answered = True
            if self.is_sqlite:
                # FULL syncs the WAL at each commit. A pooled connection remembers its mode, since a PRAGMA
                # costs as much as a small statement.
                mode = "FULL" if durable else "NORMAL"
                if connection.info.get(_SYNC) != mode:
                    connection.connection.cursor().execute(f"PRAGMA synchronous={mode}")
                    connection.info[_SYNC] = mode
                connection.execution_options(**{_WRITES: True})  # set in place
            # Cached keys of new rows are wrong after a rollback, so tables register them by
            # `on_commit`; each attempt begins with an empty list.
            calls: list[Callable[[], None]] = []
            connection.info[_COMMITTED] = calls
            with connection.begin():
                if not self.is_sqlite and not durable:
                    connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
                if self.guard is not None and (durable or self.is_sqlite):  # free on SQLite
                    self.guard.verify(connection)
                done = work(connection)
            for call in calls:
                call()
            return done

    def forget_with(self, forget: Callable[[], None]) -> None:
        """Register a callback that clears a cache of row keys when it is no longer valid.

        A PostgreSQL that crashes loses its last commits that were not durable, and reuses the keys of their
        rows. Every thread needs a new connection then, so that is when all caches are cleared. The callback
        must replace the cache object: a thread whose commit was answered before the crash may still write to
        the old one.
        """
        self._remembered.append(forget)

    def first_row(self, connection: sa.Connection, statement: str) -> Any:  # noqa: ANN401 -- of either library
        """The first row of a statement without parameters, with minimal overhead."""
        if self.is_sqlite:
            # SQLAlchemy takes ten times as long, but explains failures
            with suppress(sqlite3.Error):
                return connection.connection.cursor().execute(statement).fetchone()
        return connection.exec_driver_sql(statement).fetchone()

    def upsert(self, table: sa.Table) -> Any:  # noqa: ANN401 -- the two dialects share no base with on_conflict
        """The dialect's INSERT, with ``on_conflict_do_nothing`` and ``on_conflict_do_update``.

        Tables build theirs once: building a statement costs more than running it.
        """
        if self.is_sqlite:
            from sqlalchemy.dialects.sqlite import insert

            return insert(table)
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)

    def replace(self, table: sa.Table, key: Sequence[str], columns: Sequence[str]) -> Any:  # noqa: ANN401 -- as above
        """An INSERT that updates the columns if a row with the key exists."""
        insert = self.upsert(table)
        change = {column: insert.excluded[column] for column in columns}
        return insert.on_conflict_do_update(index_elements=list(key), set_=change)

    def close(self) -> None:
        """Close all connections; the next use opens new ones."""
        self._engine.dispose()

    def forked(self) -> None:
        """Leave the parent's connections in a forked child, without closing them: not even as garbage is collected.

        SQLite tidies up after the last connection, and knows by locks, which a fork does not have, that it is the last.
        """
        _of_parents.append(self._engine.pool)
        self._engine.dispose(close=False)

    def _sqlite(self) -> sa.Engine:
        engine = sa.create_engine(
            self.url,
            connect_args={
                "timeout": BUSY_SECONDS,
                "isolation_level": None,
                "check_same_thread": False,
            },
        )
        event.listen(engine, "do_connect", _open_where_none_can_write)
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", self._begin)
        return engine

    def _begin(self, connection: sa.Connection) -> None:
        if connection.get_execution_options().get(_WRITES):
            begin_write(connection, self.path, BUSY_SECONDS)
        else:
            connection.exec_driver_sql("BEGIN")

    def _postgresql(self) -> sa.Engine:
        optional_module("psycopg", "A workspace in PostgreSQL")
        engine = sa.create_engine(
            self.url,
            pool_pre_ping=True,
            connect_args={"connect_timeout": CONNECT_SECONDS, "application_name": "aml_magics"},
        )
        event.listen(engine, "connect", self._forget_keys)
        return engine

    def _forget_keys(self, _connection: object, _record: object) -> None:
        for forget in self._remembered:
            forget()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except exc.DBAPIError as error:
            raise self._explained(error) from error

    def _explained(self, error: exc.DBAPIError) -> Exception:
        reason = (
            str(error.orig).strip().splitlines()[0]
            if str(error.orig).strip()
            else type(error.orig).__name__
        )
        where = self.address
        if not self.is_sqlite:
            if isinstance(error, exc.OperationalError) or error.connection_invalidated:
                return StoreUnavailableError(
                    f"PostgreSQL at {where} does not answer ({reason}). Start it, or check the address."
                )
            return StoreError(f"PostgreSQL at {where} refused: {reason}")
        for words, kind, remedy in _SQLITE_REASONS:
            if words in reason:
                if kind is StoreFullError:
                    reason += f", {free_bytes(self.path.parent):,} bytes are free"
                return kind(f"The catalogue {where}: {reason}. {remedy}")
        return StoreError(f"The catalogue {where}: {reason}. `aml-magics doctor` checks it.")


def on_commit(connection: sa.Connection, call: Callable[[], None]) -> None:
    """Call something after the commit of a ``transact``; not after a rollback."""
    connection.info[_COMMITTED].append(call)


def without_password(url: str | sa.URL) -> str:
    """An address to write to files; the password comes from ``~/.pgpass`` or the environment."""
    bare = _address(url)._replace(password=None)  # which `set` would take as "unchanged"
    return bare.difference_update_query(("password", "sslpassword")).render_as_string()


def _address(url: str | sa.URL) -> sa.URL:
    """Parse an address; every spelling of PostgreSQL selects our driver."""
    try:
        found = sa.make_url(url)
        str(url).encode()  # a lone surrogate occurs in no path
    except (exc.ArgumentError, ValueError):
        # a password may precede the @
        shown = "…@" * ("@" in str(url)) + str(url).rpartition("@")[2]
        raise StoreError(
            f"A catalogue is sqlite:///PATH or postgresql://USER@HOST:PORT/DATABASE, not {shown!r}."
        ) from None
    if found.get_backend_name() in ("postgresql", "postgres"):
        return found.set(drivername="postgresql+psycopg")
    return found


def sqlite_url(path: Path) -> sa.URL:
    """The URL of a file; characters with a meaning in URLs, such as ``?``, are escaped."""
    return sa.URL.create("sqlite", database=str(path))


# PostgreSQL's messages while it starts, recovers or stops; psycopg gives no SQLSTATE for a refused connection.
_STARTING: Final = re.compile(
    "starting up|shutting down|in recovery mode|not yet accepting connections"
)
_SQLITE_REASONS: Final = (
    (
        "readonly",
        StoreReadOnlyError,
        "Make the folder writable, or set AML_MAGICS_HOME to one that is.",
    ),
    ("is full", StoreFullError, "Free some space; what was committed is safe."),
    (
        "disk I/O error",
        StoreFullError,
        "The device failed or is full: free some space; what was committed is safe.",
    ),
    (
        "not a database",
        StoreCorruptError,
        "Move it away to start anew, or put a backup in its place.",
    ),
    (
        "malformed",
        StoreCorruptError,
        "Save what is readable with `sqlite3 FILE .recover`, or put a backup in its place.",
    ),
    (
        "unable to open",
        StoreUnavailableError,
        "Check that the folder exists and that you may write in it: SQLite keeps two more files there.",
    ),
    (
        "locked",
        StoreUnavailableError,
        f"Another process held it for over {BUSY_SECONDS:.0f} seconds; end that process.",
    ),
)


def _open_where_none_can_write(
    _dialect: object, _record: object, arguments: list[Any], options: dict[str, Any]
) -> sqlite3.Connection | None:
    """Open a file on a read-only disk, where SQLite cannot create its WAL and shared-memory files."""
    path = Path(arguments[0])
    if not path.exists() or not os.statvfs(path).f_flag & os.ST_RDONLY:
        return None
    if path.with_name(f"{path.name}-wal").exists():
        return None
    address = f"{path.absolute().as_uri()}?immutable=1"
    opened: sqlite3.Connection = sqlite3.connect(address, uri=True, **options)
    return opened


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 -- a DB-API connection
    connection.execute("PRAGMA foreign_keys=ON")
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            # the switch to WAL ignores busy_timeout
            if "locked" in str(error) and time.monotonic() < deadline:
                time.sleep(0.01)
                continue
            if "readonly" in str(error):
                return
            raise
        return
