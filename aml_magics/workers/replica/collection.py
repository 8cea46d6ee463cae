"""What a replica keeps of its requests: rows of ``ModelDataCollector``, and requests for app insights.

Nothing of it waits for a disk: a request puts what it has into a bounded queue, and a thread writes. What finds the
queue full is dropped and counted, and the log tells it.

Files lie in the spool as they will in the datastore. A file has one writer, for several replicas write at once: who
comes first takes the plain name (``inputs.csv``), others the next number (``inputs-2.csv``). It has one header and
ends at :data:`FILE` bytes.
"""

from __future__ import annotations

import csv
import io
import json
import os
import queue
import sys
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aml_magics.records.secret import masker
from aml_magics.records.workspace import LOCAL_GROUP, LOCAL_SUBSCRIPTION
from aml_magics.sdk.service.collector import ADDED, DEFAULT, CollectedRows, collect_into

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

WAITING: Final = 2_000
"""Calls that may wait to be written; one may have many rows."""

CELLS: Final = 2_000_000
"""Values that may wait to be written: a bound on memory."""

FILE: Final = 16_000_000
TEXT: Final = 4_096
"""Characters that are kept of a request's body, and of its answer."""

_SECRET: Final = 1_024
"""Bytes beyond them that are looked at, so that no half of a secret is left at the end."""

_NUMBERS: Final = 10_000
_AGAIN: Final = 10.0
"""Seconds between two messages about what was dropped."""


@dataclass(frozen=True, slots=True)
class _Request:
    """A request as it came; its bodies are cut, not yet decoded."""

    time: float
    id: str
    status: int
    milliseconds: float
    received: bytes
    sent: bytes
    is_cut: bool


class Collection:
    """Keeps the rows and the requests of this process in the spool.

    Args:
        orders: those of the replica (``replica.json``).
        say: how the log is told what was dropped.
    """

    def __init__(self, orders: Mapping[str, Any], say: Callable[[str], None] | None = None) -> None:
        place = [orders.get("subscription") or LOCAL_SUBSCRIPTION]
        place += [orders.get("group") or LOCAL_GROUP, orders["workspace"]]
        self.workspace = "/".join(place)
        self.service: str = orders["service"]
        self.dropped = 0
        self._collects = bool(orders.get("collects_data"))
        self._insights = bool(orders.get("app_insights"))
        self._folder = Path(orders["collected"])
        self._versions = {one["name"]: str(one["version"]) for one in orders.get("models", ())}
        self._queue: queue.Queue[CollectedRows | _Request | None] = queue.Queue(WAITING)
        self._cells = 0
        self._count = threading.Lock()
        self._files: dict[tuple[Path, tuple[str, ...]], _SpoolFile] = {}
        self._mask = masker({**os.environ, **orders.get("variables", {})})
        self._say = say or _log
        self._told = 0
        self._tell_at = 0.0
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to keep what is asked for; without effect where nothing is."""
        if not (self._collects or self._insights):
            return
        if self._collects:
            collect_into(self)
        self._thread = threading.Thread(target=self._write_all, name="collection", daemon=True)
        self._thread.start()

    def close(self, timeout: float = 10.0) -> None:
        """Write what waits, for at most some seconds."""
        collect_into(None)
        if self._thread is None:
            return
        end = time.monotonic() + timeout
        try:
            self._queue.put(None, timeout=timeout)
        except queue.Full:
            self._say(
                f"{self._queue.qsize()} collected calls could not be written in {timeout:.0f} s."
            )
            return
        self._thread.join(max(0.0, end - time.monotonic()))

    def version_of(self, model: str) -> str:
        """The version of a model that is deployed, ``default`` for another's."""
        return self._versions.get(model, DEFAULT)

    def add(self, rows: CollectedRows) -> bool:
        """Take rows without waiting; False if they had to be dropped."""
        return self._put(rows, len(rows.cells) * (len(rows.features) + 1))

    def request(
        self, id_: str, status: int, milliseconds: float, received: bytes, sent: bytes
    ) -> bool:
        """Take a request without waiting; True too where none are kept."""
        if not self._insights:
            return True
        is_cut = len(received) > TEXT or len(sent) > TEXT
        kept = received[: TEXT + _SECRET], sent[: TEXT + _SECRET]
        return self._put(_Request(time.time(), id_, status, milliseconds, *kept, is_cut), 1)

    def _put(self, one: CollectedRows | _Request, cells: int) -> bool:
        with self._count:
            is_room = self._cells + cells <= CELLS or not self._cells
            if is_room:
                try:
                    self._queue.put_nowait(one)
                except queue.Full:
                    is_room = False
            if is_room:
                self._cells += cells
            else:
                self.dropped += 1
        return is_room

    def _write_all(self) -> None:
        while True:
            try:
                one = self._queue.get(timeout=1.0 if self.dropped > self._told else None)
            except queue.Empty:
                self._tell()
                continue
            if one is None:
                break
            with self._count:
                cells = 1
                if isinstance(one, CollectedRows):
                    cells = len(one.cells) * (len(one.features) + 1)
                self._cells -= cells
            try:
                self._write(one)
            except OSError as error:
                with self._count:
                    self.dropped += 1
                self._files.clear()
                self._tell(f" {self._folder}: {error.strerror}.")
            self._tell()
        self._tell_at = 0.0
        self._tell()

    def _tell(self, why: str = " They came faster than they could be written.") -> None:
        if self.dropped > self._told and time.monotonic() >= self._tell_at:
            new, self._told = self.dropped - self._told, self.dropped
            self._tell_at = time.monotonic() + _AGAIN
            self._say(f"{new} calls were not collected, {self.dropped} in all.{why}")

    def _write(self, one: CollectedRows | _Request) -> None:
        day = datetime.fromtimestamp(one.time, UTC).strftime("%Y/%m/%d")
        if isinstance(one, CollectedRows):
            folder = self._folder.joinpath(
                "modeldata", one.model, one.version, one.designation, day
            )
            header = (*one.features, *ADDED)
            path, text = folder / f"{one.collection}.csv", _csv(one.table())
        else:
            folder, header = self._folder.joinpath("appinsights", day), ()
            path, text = folder / "requests.jsonl", self._line(one)
        key = (path, header)
        file = self._files.get(key)
        if file is None or file.size >= FILE or not file.path.exists():
            self._folder.mkdir(mode=0o700, exist_ok=True)  # but not that of a removed service
            for old in [old for old in self._files if old[0].name == path.name and old[0] != path]:
                del self._files[old]  # of another day
            file = self._files[key] = _SpoolFile(path, _csv([header]) if header else "")
        file.append(text)

    def _line(self, one: _Request) -> str:
        when = datetime.fromtimestamp(one.time, UTC).isoformat().replace("+00:00", "Z")
        told = {
            "time": when,
            "request_id": one.id,
            "status": one.status,
            "milliseconds": round(one.milliseconds, 3),
            "input": self._text(one.received),
            "output": self._text(one.sent),
            "is_cut": one.is_cut,
        }
        return json.dumps(told, ensure_ascii=False) + "\n"

    def _text(self, body: bytes) -> str:
        return self._mask(body.decode("utf-8", "replace"))[:TEXT]


class _SpoolFile:
    """A file of this process alone; made new.

    Args:
        wanted: its path; the next free number is added to the name.
    """

    def __init__(self, wanted: Path, header: str) -> None:
        wanted.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for number in range(1, _NUMBERS):
            name = wanted.name if number == 1 else f"{wanted.stem}-{number}{wanted.suffix}"
            try:
                flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
                handle = os.open(wanted.with_name(name), flags, 0o600)
            except FileExistsError:
                continue
            os.close(handle)
            self.path, self.size = wanted.with_name(name), 0
            if header:
                self.append(header)
            return
        raise FileExistsError(0, f"{wanted.parent} has {_NUMBERS} files of the name {wanted.name}")

    def append(self, text: str) -> None:
        """Append lines by one call, so that a reader sees whole ones."""
        data = text.encode("utf-8", "replace")
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        try:
            while data:
                written = os.write(handle, data)
                self.size += written
                data = data[written:]
        finally:
            os.close(handle)


def _log(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _csv(rows: Any) -> str:  # noqa: ANN401 -- rows of values
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(map(_plain, rows))
    return text.getvalue()


def _plain(row: Sequence[Any]) -> list[Any]:
    """Values without line breaks, which many readers of delimited files do not expect."""
    return [
        one.replace("\n", " ").replace("\r", " ") if isinstance(one, str) else one for one in row
    ]
