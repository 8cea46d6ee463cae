"""What a service keeps of its requests: rows of ``ModelDataCollector``, and requests of app insights.

Replicas write both to a spool in the service's folder, with the names that they will have below
``modeldata/<subscription>/<group>/<workspace>/<service>/`` and ``appinsights/…/<service>/`` in the default datastore.
Files of the spool only grow, and each has one writer; so a file is moved by uploading it again when it is longer, and
leaves the spool when its day is over.
"""

from __future__ import annotations

import fcntl
import os
import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

import msgspec

from aml_magics.errors import DataNotFoundError, InvalidNameError
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.services.data.store.datastore import default
from aml_magics.services.data.store.files import files_at, open_file
from aml_magics.services.data.store.location import open_storage
from aml_magics.services.data.transfer.transfer import upload
from aml_magics.services.service.folder import service_folder
from aml_magics.store.home import make_private, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aml_magics.records.data.datastore import DatastoreRecord
    from aml_magics.records.service import ServiceRecord
    from aml_magics.services.data.store.files import DataFile
    from aml_magics.store.store import Store

SPOOL: Final = "collected"
MODEL_DATA: Final = "modeldata"
REQUESTS: Final = "appinsights"
PARTITION: Final = "partition_date"
TIMESTAMP: Final = "$aml_dc_scoring_timestamp"
_DAY: Final = re.compile(r"(\d{4})/(\d\d)/(\d\d)/[^/]+$")
_SLACK: Final = timedelta(hours=1)
"""How long after its day a file may still be written: what waits in a queue is of the day when it was collected."""

_NAME: Final = re.compile(r"[\w. -]+", re.ASCII)


class _Moved(msgspec.Struct):
    """Where a file of the spool lies in the datastore, and how much of it is there; -1 before the first byte."""

    target: str
    size: int = -1


class _Book(msgspec.Struct):
    """What was moved to which datastore."""

    datastore: str = ""
    files: dict[str, _Moved] = {}


class CollectedRequest(msgspec.Struct, frozen=True):
    """A request that app insights kept; bodies are cut to 4,096 characters, secrets are masked."""

    time: str
    request_id: str
    status: int
    milliseconds: float
    input: str = ""
    output: str = ""
    is_cut: bool = False


_requests: Final = msgspec.json.Decoder(CollectedRequest)


def move_collected(store: Store, record: ServiceRecord) -> int:
    """Move what was collected so far to the default datastore; returns how many files were new or longer.

    Raises:
        DataAccessError: the datastore cannot be reached, refuses, or has no room; the spool keeps everything.
    """
    spool = service_folder(store, record) / SPOOL
    if not spool.is_dir():
        return 0
    with _locked(spool):
        datastore = default(store)
        book = _read_book(spool, datastore)
        grown = [
            (path, relative)
            for path, relative in _spooled(spool)
            if relative not in book.files or path.stat().st_size != book.files[relative].size
        ]
        _name_targets(store, record, datastore, book, [relative for _, relative in grown])
        _write_book(spool, book)
        sizes = {relative: path.stat().st_size for path, relative in grown}
        if grown:
            pairs = [(path, book.files[relative].target) for path, relative in grown]
            upload(store, datastore, pairs, overwrite=True)
        for relative, size in sizes.items():
            book.files[relative].size = size
        _remove_over(spool, book)
        _write_book(spool, book)
    return len(grown)


def collected(
    store: Store,
    name: str,
    designation: str = "inputs",
    model: str | None = None,
    version: str | int | None = None,
) -> Definition:
    """A dataset of the rows that a service of this name collected, by time.

    It is of the default datastore, so it outlives the service. The day of a row is in column ``partition_date``.

    Args:
        designation: which rows: ``inputs``, ``predictions``, ``labels``, ….
        model: of which model; of all by default.
        version: of which version of it; of all by default.

    Raises:
        DataNotFoundError: there is none.
    """
    parts = [designation, *(str(one) for one in (model, version) if one is not None)]
    for part in (name, *parts):
        if not _NAME.fullmatch(part) or part in {".", ".."}:
            raise InvalidNameError(
                f"{part!r:.80} is no name of a service, a model or a designation."
            )
    middle = f"{model or '*'}/{version if version is not None else '*'}/{designation}"
    datastore = default(store)
    path = f"{_root(store, MODEL_DATA, name)}/{middle}/*/*/*/*.csv"
    if not files_at(open_storage(store, datastore), path, datastore.name, empty_is_fine=True):
        raise DataNotFoundError(
            f"Service {name!r} has no {designation} in datastore {datastore.name!r} ({path}). Deploy it with "
            "collect_model_data=True; rows of its ModelDataCollector are there after a minute."
        )
    options = {
        "separator": ",",
        "header": "all_files_same",
        "encoding": "utf8",
        "multi_line": False,
        "infer_types": True,
        "types": {},
        "include_path": False,
        "empty_as_string": False,
    }
    return Definition(
        "tabular",
        (Location(path, datastore.name),),
        "delimited",
        options,
        partition_format=f"/{{{PARTITION}:yyyy/MM/dd}}/*.csv",
        timestamp=TIMESTAMP,
        partition_timestamp=PARTITION,
    )


def collected_requests(
    store: Store, name: str, since: float | None = None, limit: int = 1_000
) -> list[CollectedRequest]:
    """The newest requests that app insights kept of a service of this name, newest first.

    Args:
        since: seconds since the epoch; of all days by default.
        limit: how many at most.
    """
    datastore = default(store)
    storage = open_storage(store, datastore)
    path = f"{_root(store, REQUESTS, name)}/*/*/*/*.jsonl"
    first = "" if since is None else _written(since)
    days: dict[str, list[DataFile]] = {}
    for file in files_at(storage, path, datastore.name, empty_is_fine=True):
        days.setdefault("/".join(file.path.split("/")[-4:-1]), []).append(file)
    found: list[CollectedRequest] = []
    for day in sorted(days, reverse=True):
        if len(found) >= limit or day < first[:10].replace("-", "/"):
            break
        here = [one for file in days[day] for one in _lines(file) if one.time >= first]
        found += sorted(here, key=lambda one: one.time, reverse=True)
    return found[:limit]


def _lines(file: DataFile) -> Iterator[CollectedRequest]:
    with open_file(file) as stream:
        for line in stream:
            try:
                yield _requests.decode(line)
            except msgspec.DecodeError:  # still being written
                continue


def _written(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def _root(store: Store, kind: str, service: str) -> str:
    one = store.record
    return f"{kind}/{one.subscription_id}/{one.resource_group}/{one.name}/{service}"


def _spooled(spool: Path) -> list[tuple[Path, str]]:
    """The files of the spool and their paths in it; links are nobody's."""
    paths = [path for kind in (MODEL_DATA, REQUESTS) for path in sorted((spool / kind).rglob("*"))]
    files = [path for path in paths if path.is_file() and not path.is_symlink()]
    return [(path, path.relative_to(spool).as_posix()) for path in files]


def _name_targets(
    store: Store,
    record: ServiceRecord,
    datastore: DatastoreRecord,
    book: _Book,
    relatives: list[str],
) -> None:
    """Give new files names that are free in the datastore: an earlier service may have had this one's name."""
    storage = open_storage(store, datastore)
    taken = {one.target for one in book.files.values()}
    listed: dict[str, set[str]] = {}
    for relative in relatives:
        if relative in book.files:
            continue
        kind, _, rest = relative.partition("/")
        wanted = PurePosixPath(_root(store, kind, record.name), rest)
        folder = str(wanted.parent)
        if folder not in listed:
            there = files_at(storage, f"{folder}/*", datastore.name, empty_is_fine=True)
            listed[folder] = {PurePosixPath(one.path).name for one in there}
        number, name = 1, wanted.name
        while name in listed[folder] or f"{folder}/{name}" in taken:
            number += 1
            name = f"{wanted.stem}-{number}{wanted.suffix}"
        listed[folder].add(name)
        book.files[relative] = _Moved(f"{folder}/{name}")


def _remove_over(spool: Path, book: _Book) -> None:
    """Remove files whose day is over; all of them are in the datastore."""
    now = datetime.now(UTC)
    for relative in list(book.files):
        day = _DAY.search(relative)
        if day is None:
            continue
        begin = datetime(*(int(part) for part in day.groups()), tzinfo=UTC)  # type: ignore[misc,arg-type]
        if begin + timedelta(days=1) + _SLACK < now:
            (spool / relative).unlink(missing_ok=True)
            del book.files[relative]


def _read_book(spool: Path, datastore: DatastoreRecord) -> _Book:
    try:
        book = msgspec.json.decode((spool / "moved.json").read_bytes(), type=_Book)
    except (FileNotFoundError, msgspec.DecodeError):
        book = _Book()
    # to another datastore all of it is moved anew
    return book if book.datastore == datastore.name else _Book(datastore.name)


def _write_book(spool: Path, book: _Book) -> None:
    write_whole(spool / "moved.json", msgspec.json.encode(book))


@contextmanager
def _locked(spool: Path) -> Iterator[None]:
    """One process moves at a time: the supervisor, or who reads now."""
    make_private(spool)
    handle = os.open(spool / "moved.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
