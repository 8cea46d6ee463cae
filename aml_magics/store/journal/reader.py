"""Reads a metric journal: intact records only, after a crash or on a bad disk."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aml_magics.records.metric import MetricKind, Series
from aml_magics.store.deferred import Deferred
from aml_magics.store.journal.record_format import (
    INT_BODY,
    MAX_METRICS,
    SLOT,
    SLOTS,
    VERSION,
    Tag,
    slot_checksums,
    slots_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt
else:
    np = Deferred("numpy")

_TAG_PLACE = 4  # after the checksum


@dataclass(slots=True)
class Batch:
    """The result of a read: series by name, the end offset in bytes, and the count of bad slots.

    A slot is bad if it belongs to no intact record, or to a metric whose name was lost, and an intact
    record follows it.
    """

    series: list[Series]
    end: int
    bad: int = 0


@dataclass(slots=True)
class _Points:
    """The positions of one metric's points in a batch: number slots, and JSON values by slot."""

    name: str
    kind: MetricKind
    numbers: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    json: dict[int, Any] = field(default_factory=dict)

    @property
    def places(self) -> npt.NDArray[np.int64]:
        """The slots of all points in logging order."""
        if not self.json:
            return self.numbers
        return np.sort(
            np.concatenate([self.numbers, np.fromiter(self.json, np.int64, len(self.json))])
        )


@dataclass(slots=True)
class _Scan:
    """The result of a scan: points by metric, slots used, slots bad."""

    slots: npt.NDArray[np.void]
    points: dict[int, _Points]
    used: int
    bad: int


class JournalReader:
    """Reads one part of a journal incrementally.

    A slot with a wrong checksum is skipped and counted. While the writer may be active, bad slots at the
    very end are left for the next read, since they may be half-written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.run_id: str | None = None
        self._names: dict[int, tuple[str, MetricKind]] = {}
        self.at = 0
        """Bytes read so far."""
        self._bad = 0

    def copy(self) -> JournalReader:
        """An independent reader at the same position."""
        twin = JournalReader(self.path)
        twin.run_id, twin.at = self.run_id, self.at
        twin._bad, twin._names = self._bad, dict(self._names)
        return twin

    def read(self, since: int = 0, until: int | None = None, *, is_checked: bool = False) -> Batch:
        """The points between two offsets.

        Args:
            since: points before this offset in bytes are skipped; their names are learnt.
            is_checked: numbers before ``since`` were verified by an earlier read, and are not again.
            until: offset in bytes up to which records are known to be intact; None reads up to the last
                intact record.

        Raises:
            FileNotFoundError: the journal is gone, so all of it is in the catalogue.
        """
        start = self.at
        known = max(0, since - start) // SLOT if is_checked else 0
        scan = self._scan(self._bytes(until), known)
        if scan.bad and until is None:
            # A live writer may fill a slot just after it was copied, and the next slot before that
            # one is. By now everything before an intact record was written, so read it again.
            scan = self._scan(self._bytes(start + scan.used * SLOT), known)
        self.at = max(start + scan.used * SLOT, since if known else 0)
        self._bad += scan.bad
        series = []
        for found in scan.points.values():
            places = found.places
            places = places[places * SLOT + start >= since]
            if len(places):
                series.append((int(places[0]), _series(found, scan.slots[places], places)))
        series.sort(key=lambda one: one[0])  # in logging order
        return Batch([one for _, one in series], self.at, self._bad)

    def _bytes(self, until: int | None) -> bytes:
        with self.path.open("rb") as file:
            file.seek(self.at)
            return file.read() if until is None else file.read(max(0, until - self.at))

    def _scan(self, raw: bytes, known: int) -> _Scan:
        """Find the intact records; numbers in the first ``known`` slots are not verified again."""
        slots = np.frombuffer(raw, SLOTS, count=len(raw) // SLOT)
        tags = slots["tag"]
        inside = np.zeros(len(slots), bool)  # slots of intact records with a payload
        good = np.zeros(len(slots), bool)  # slots whose meaning is known
        points: dict[int, _Points] = {}
        last = after = 0
        for place in np.flatnonzero(
            (tags == Tag.NAME) | (tags == Tag.JSON) | (tags == Tag.HEADER)
        ).tolist():
            payload = None if place < after else _payload(raw, place)
            if payload is None:
                continue
            last = after = place + slots_of(len(payload))
            inside[place:after] = True
            good[place:after] = self._learn(
                int(tags[place]), int(slots["metric"][place]), payload, place, points
            )
        good[:known] = True
        inside[:known] = True
        numbers = self._numbers(slots, inside)
        if len(numbers):
            last = max(last, int(numbers[-1]) + 1)
        is_named = np.zeros(MAX_METRICS + 1, bool)
        is_named[list(self._names)] = True
        numbers = numbers[is_named[slots["metric"][numbers]]]
        good[numbers] = True
        for metric, mine in _grouped(numbers, slots["metric"][numbers]):
            points.setdefault(metric, _Points(*self._names[metric])).numbers = mine
        return _Scan(slots, points, last, int((~good[:last]).sum()))

    @staticmethod
    def _numbers(
        slots: npt.NDArray[np.void], inside: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.int64]:
        """The slots that are intact number records."""
        tags = slots["tag"]
        places = np.flatnonzero(((tags == Tag.FLOAT) | (tags == Tag.INT)) & ~inside)
        whole = (slot_checksums(slots[places]) == slots["crc"][places]) & (
            slots["version"][places] == VERSION
        )
        numbers: npt.NDArray[np.int64] = places[whole]
        return numbers

    def _learn(
        self, tag: int, metric: int, payload: bytes, place: int, points: dict[int, _Points]
    ) -> bool:
        """Process a record with a payload; False if the name of its metric was lost."""
        if tag == Tag.HEADER:
            self.run_id = json.loads(payload)["run"]
        elif tag == Tag.NAME:
            name, kind = json.loads(payload)
            self._names[metric] = (name, MetricKind(kind))
        elif metric in self._names:
            found = points.setdefault(metric, _Points(*self._names[metric]))
            found.json[place] = json.loads(payload)
        else:
            return False
        return True


def has_record_at(path: Path, place: int) -> bool:
    """Whether data was written at an offset where a record would begin."""
    with path.open("rb", buffering=0) as file:
        file.seek(place + _TAG_PLACE)
        return file.read(1) not in (b"", b"\0")


def _grouped(
    places: npt.NDArray[np.int64], metrics: npt.NDArray[np.uint16]
) -> Iterator[tuple[int, npt.NDArray[np.int64]]]:
    """The slots of each metric, in their order."""
    if not len(places):
        return
    order = np.argsort(metrics, kind="stable")
    places, metrics = places[order], metrics[order]
    starts = np.flatnonzero(np.diff(metrics, prepend=-1))
    yield from zip(metrics[starts].tolist(), np.split(places, starts[1:]), strict=True)


def _payload(raw: bytes, place: int) -> bytes | None:
    """The payload of the record at a slot, or None if it is damaged."""
    start = place * SLOT
    head = raw[start + 4 : start + SLOT]
    _, version, _, _, size, _ = INT_BODY.unpack(head)
    if version != VERSION or not 0 <= size <= len(raw) - start - SLOT:
        return None
    body = raw[start + 4 : start + SLOT + size]
    if zlib.crc32(body) != int.from_bytes(raw[start : start + 4], "little"):
        return None
    return body[SLOT - 4 :]


def _series(found: _Points, slots: npt.NDArray[np.void], places: npt.NDArray[np.int64]) -> Series:
    steps = slots["step"].astype(np.int64)
    times = slots["time"].astype(np.float64)
    is_int = slots["tag"] == Tag.INT
    ints = np.ascontiguousarray(slots["value"]).view(np.int64)
    if found.json:
        values: Any = [
            found.json[place] if place in found.json else (int(whole) if flag else float(real))
            for place, flag, whole, real in zip(
                places.tolist(), is_int, ints, slots["value"], strict=True
            )
        ]
    elif is_int.all():
        values = ints.copy()
    else:
        values = np.where(is_int, ints.astype(np.float64), slots["value"])
    return Series(found.name, found.kind, steps, values, times)
