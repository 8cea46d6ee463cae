"""The metric journal of a run: written in about a microsecond, kept when the process is killed.

A journal is a file that is mapped into memory after its blocks were reserved. What was written to
the mapping belongs to the operating system, so ``kill -9`` loses nothing; and since the blocks
are there already, a full disk is an error when the file grows, never a crash when it is written.
Each process that logs to a run has a journal of its own, in parts of at most ``PART`` bytes.
"""

from __future__ import annotations

import errno
import json
import mmap
import os
import struct
import threading
import warnings
import zlib
from time import monotonic, time
from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidMetricError, JournalError, RunFinishedError, StoreFullError
from aml_magics.records.metric import MetricKind
from aml_magics.records.name import METRIC, check_name
from aml_magics.store.files.filesystem import free_bytes
from aml_magics.store.journal.record_format import (
    FLOAT_BODY,
    INT_BODY,
    MAX_METRICS,
    SLOT,
    VERSION,
    Tag,
    payload_record,
)
from aml_magics.warnings import StoreFullWarning

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aml_magics.errors import AmlError

FIRST = 1 << 16
STEP = 1 << 23
PART = 1 << 26
RETRY = 1.0
MOST_HELD = 1 << 27
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG}
_INT64 = range(-(2**63), 2**63)
_FLOAT, _INT = int(Tag.FLOAT), int(Tag.INT)


class _Metric:
    """The writer's state of one metric: its number, its kind and the next step."""

    __slots__ = ("kind", "next", "number")

    def __init__(self, number: int, kind: MetricKind, next_step: int) -> None:
        self.number = number
        self.kind = kind
        self.next = next_step


class JournalWriter:
    """Appends points to the journal of one run; thread-safe.

    Args:
        folder: the folder of all journals.
        run_key: the run's key in the catalogue.
        run_id: stored in the file to identify the run later.
        owner: the id of the writing process.
        known: kind and next step of the run's existing metrics (after a resume).
        part: the number of the first file.
    """

    def __init__(
        self,
        folder: Path,
        run_key: int,
        run_id: str,
        owner: str,
        known: Mapping[str, tuple[MetricKind, int]] | None = None,
        part: int = 0,
    ) -> None:
        self.run_key = run_key
        self.part = part
        self.closed = False
        self._folder = folder
        self._header = json.dumps({"run": run_id, "owner": owner}).encode()
        self._stem = f"{run_key}-{owner}"
        self._known = dict(known or {})
        self._metrics: dict[str, _Metric] = {}
        self._lock = threading.Lock()
        self._file = -1
        self._map: mmap.mmap | None = None
        self._end = 0
        self._at = 0
        self._start = 0  # offset of the first point, after the header and names
        self._held: list[bytes] = []
        self._held_bytes = 0
        self._tried = 0.0
        self._refusal: AmlError = RunFinishedError(
            "The run has ended: nothing more is written to it. Start a new run, or resume this one."
        )

    @property
    def path(self) -> Path:
        """The file of the current part."""
        return self._folder / f"{self._stem}-{self.part:04d}.journal"

    @property
    def written(self) -> int:
        """Bytes written to the current part; all of them are whole records."""
        return self._at

    @property
    def held(self) -> int:
        """Records that wait in memory because the disk is full."""
        return len(self._held)

    def number(self, name: str, value: float, step: int | None = None) -> None:
        """Append one float or int to the series ``name``; the fast path of every training loop."""
        with self._lock:
            metric = self._metrics.get(name)
            if metric is None or metric.kind is not MetricKind.SCALAR:
                metric = self._metric(name, MetricKind.SCALAR)
            if step is None:
                step = metric.next
            try:
                if type(value) is float:
                    body = FLOAT_BODY.pack(_FLOAT, VERSION, metric.number, step, value, time())
                else:
                    body = INT_BODY.pack(_INT, VERSION, metric.number, step, value, time())
            except struct.error as error:
                raise _beyond_64_bits(name, step) from error
            metric.next = step + 1
            # One copy into the mapping and one assignment: `_at` moves after the bytes are there, so the
            # heartbeat's thread never reads a slot that is only half written.
            at = self._at
            end = at + SLOT
            if end > self._end or self._held:
                self._append(zlib.crc32(body).to_bytes(4, "little") + body)
            else:
                self._map[at:end] = zlib.crc32(body).to_bytes(4, "little") + body  # type: ignore[index]
                self._at = end

    def value(self, name: str, kind: MetricKind, value: Any, step: int | None = None) -> None:  # noqa: ANN401 -- any JSON value
        """Append any JSON value to the series ``name``: text, None, a list, a row, a table."""
        if (
            kind is MetricKind.SCALAR
            and type(value) in (int, float)
            and (type(value) is float or value in _INT64)
        ):
            self.number(name, value, step)
            return
        try:
            payload = json.dumps(value).encode()
        except (TypeError, ValueError) as error:  # an int of over 4,300 digits, too
            raise InvalidMetricError(
                f"The value of {name!r:.60} cannot be kept as JSON: {error}. Log its text, or a number or list."
            ) from error
        with self._lock:
            metric = self._metric(name, kind)
            step = metric.next if step is None else step
            try:
                record = payload_record(Tag.JSON, metric.number, step, time(), payload)
            except struct.error as error:
                raise _beyond_64_bits(name, step) from error
            metric.next = step + 1
            self._append(record)

    def close(self) -> None:
        """End the journal and write records held in memory.

        Raises:
            StoreFullError: the disk is still full.
        """
        with self._lock:
            if self.closed:
                return
            if self._held:
                self._tried = 0.0
                self._retry()
            if self._held:
                raise StoreFullError(
                    f"{len(self._held):,} logged values wait in memory: {_room(self._folder)}."
                )
            self._unmap()
            self.closed = True

    def lose(self, why: AmlError) -> None:
        """Stop writing, since another process owns the run or the file; the next call raises ``why``."""
        with self._lock:
            waited = f" {len(self._held):,} values that waited for room are lost." * bool(
                self._held
            )
            self._refusal = type(why)(f"{why}{waited}")
            self._held = []
            self._unmap()
            self.closed = True

    def is_in_place(self) -> bool:
        """Whether readers would still open the file that is written."""
        with self._lock:
            if self._file < 0:
                return True
            try:
                return os.path.samestat(os.fstat(self._file), self.path.stat())
            except FileNotFoundError:
                return False

    def abandon(self) -> None:
        """Drop the journal in a forked child; the parent goes on writing to it."""
        self._lock = threading.Lock()  # another thread of the parent may have locked it
        self.closed = True
        self._held = []
        self._unmap()

    # -- slow paths, all under the lock -----------------------------------------------------

    def _metric(self, name: str, kind: MetricKind) -> _Metric:
        metric = self._metrics.get(name)
        if metric is None:
            check_name(name, METRIC)
            if len(self._metrics) >= MAX_METRICS:
                raise InvalidMetricError(
                    f"A run holds at most {MAX_METRICS:,} metrics; {name!r:.60} is one too many."
                )
            known, next_step = self._known.get(name, (kind, 0))
            metric = _Metric(len(self._metrics) + 1, known, next_step)
            self._refuse_other_kind(name, metric, kind)
            self._append(self._name_record(name, metric))
            self._metrics[name] = metric
        self._refuse_other_kind(name, metric, kind)
        return metric

    @staticmethod
    def _refuse_other_kind(name: str, metric: _Metric, kind: MetricKind) -> None:
        if metric.kind is not kind:
            raise InvalidMetricError(
                f"Metric {name!r} was logged as a {metric.kind} and cannot also be a {kind}; log it under another name."
            )

    @staticmethod
    def _name_record(name: str, metric: _Metric) -> bytes:
        return payload_record(
            Tag.NAME, metric.number, 0, time(), json.dumps([name, metric.kind]).encode()
        )

    def _append(self, record: bytes) -> None:
        if self.closed:
            raise type(self._refusal)(*self._refusal.args)
        if self._held:
            self._retry()
        if self._held or not self._make_room(len(record)):
            self._hold(record)
            return
        self._write(record)

    def _write(self, record: bytes) -> None:
        end = self._at + len(record)
        self._map[self._at : end] = record  # type: ignore[index]
        self._at = end

    def _make_room(self, size: int) -> bool:
        """Grow the file, or start the next part, for ``size`` more bytes; False if the disk is full."""
        if self._at + size <= self._end:
            return True
        try:
            # a record longer than a part gets its own
            if self._at + size > PART and self._at > self._start:
                self._next_part()
            else:
                self._grow(self._at + size)
        except OSError as error:
            if error.errno not in _FULL:
                raise JournalError(
                    f"The journal {self.path} cannot be written: {error.strerror}. Its folder must exist and be writable."
                ) from error
            return False
        return self._at + size <= self._end or self._make_room(size)

    def _grow(self, needed: int) -> None:
        size = self._end or FIRST
        while size < needed:
            size += min(size, STEP)
        if self._file < 0:
            self._open(size)
            return
        self._map_to(size)

    def _open(self, size: int) -> None:
        """Create the file of the part with its header and all names; an error leaves no file."""
        self._file = os.open(
            self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o600
        )
        head = payload_record(Tag.HEADER, 0, 0, time(), self._header)
        head += b"".join(self._name_record(name, one) for name, one in self._metrics.items())
        while size < len(head):
            size += min(size, STEP)
        try:
            self._map_to(size)
        except OSError:
            self._unmap()
            self.path.unlink()
            raise
        self._write(head)
        self._start = self._at

    def _map_to(self, size: int) -> None:
        # Writing to a mapping without a disk block raises SIGBUS, which ends the process: so reserve blocks first.
        _reserve(self._file, self._end, size - self._end)
        grown = mmap.mmap(self._file, size)
        if self._map is not None:
            self._map.close()
        self._map = grown
        self._end = size

    def _next_part(self) -> None:
        # The old part is closed only once the new one exists: on a full disk it stays, and values are held.
        before = (self.part, self._file, self._map, self._at, self._end)
        self.part += 1
        self._file, self._map, self._at, self._end = -1, None, 0, 0
        try:
            self._open(FIRST)
        except OSError:
            self.part, self._file, self._map, self._at, self._end = before
            raise
        before[2].close()  # type: ignore[union-attr]
        os.close(before[1])

    def _hold(self, record: bytes) -> None:
        if self._held_bytes + len(record) > MOST_HELD:
            raise StoreFullError(
                f"{len(self._held):,} logged values wait in memory and no more fit: {_room(self._folder)}."
            )
        if not self._held:
            warnings.warn(
                f"No room for metrics: {_room(self._folder)}. Values are held in memory and written once there is room; "
                "until then a kill would lose them.",
                StoreFullWarning,
                stacklevel=5,
            )
            self._tried = monotonic()
        self._held.append(record)
        self._held_bytes += len(record)

    def _retry(self) -> None:
        """Write the held records; tries at most once per ``RETRY`` seconds."""
        if monotonic() - self._tried < RETRY:
            return
        self._tried = monotonic()
        done = 0
        try:
            for record in self._held:
                if not self._make_room(len(record)):
                    break
                self._write(record)
                done += 1
        finally:
            del self._held[:done]
            self._held_bytes = sum(map(len, self._held))

    def _unmap(self) -> None:
        if self._map is not None:
            self._map.close()
            self._map = None
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
        self._end = 0


def _reserve(file: int, start: int, size: int) -> None:
    """Allocate real blocks, so that writes to the mapping cannot fail."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, start, size)
        return
    os.lseek(file, start, os.SEEK_SET)
    os.write(file, bytes(size))


def _beyond_64_bits(name: str, step: object) -> InvalidMetricError:
    return InvalidMetricError(
        f"The step of {name!r:.60} is an integer of 64 bits, not {step!r:.60}; count from a smaller one."
    )


def _room(folder: Path) -> str:
    try:
        free = free_bytes(folder)
    except OSError as error:
        return f"{folder} cannot be reached ({error.strerror})"
    return f"{folder} has {free:,} bytes free; free some space, or make it writable"
