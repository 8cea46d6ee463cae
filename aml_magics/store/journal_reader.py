"""Reading a metric journal: whole records only, whatever a kill or a bad disk left behind."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from aml_magics.records.metric import MetricKind, Series
from aml_magics.store.record_format import (
    INT_BODY,
    SLOT,
    SLOTS,
    VERSION,
    Tag,
    slot_checksums,
    slots_of,
)

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(slots=True)
class Batch:
    """What was read: series by name, how far the reader came (bytes), how many slots were bad."""

    series: list[Series]
    end: int
    bad: int = 0


@dataclass(slots=True)
class _Points:
    """Where the points of one metric lie in a batch: slot numbers, and JSON values by slot."""

    name: str
    kind: MetricKind
    json: dict[int, Any] = field(default_factory=dict)


class JournalReader:
    """Reads one part of a journal from where it last stopped.

    A slot whose checksum is wrong is passed over and counted. When the writer may still be at
    work, bad slots at the very end are left for the next read, since they may be half-written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.run_id: str | None = None
        self._names: dict[int, tuple[str, MetricKind]] = {}
        self._at = 0

    def read(self, since: int = 0, until: int | None = None) -> Batch:
        """The points between two offsets.

        Args:
            since: points before this offset in bytes are passed over; their names are learnt.
            until: offset in bytes up to which records are known to be whole; None reads the file
                to its last whole record.

        Raises:
            FileNotFoundError: the journal is gone, so all of it is in the catalogue.
        """
        with self.path.open("rb") as file:
            file.seek(self._at)
            raw = file.read() if until is None else file.read(max(0, until - self._at))
        start = self._at
        slots = np.frombuffer(raw, SLOTS, count=len(raw) // SLOT)
        points, numbers, used, bad = self._scan(raw, slots)
        self._at = start + used * SLOT
        series = []
        for metric, found in points.items():
            mine = numbers[slots["metric"][numbers] == metric]
            places = np.sort(
                np.concatenate([mine, np.fromiter(found.json, np.int64, len(found.json))])
            )
            places = places[places * SLOT + start >= since]
            if len(places):
                series.append(_series(found, slots[places], places))
        return Batch(series, self._at, bad)

    def _scan(
        self, raw: bytes, slots: npt.NDArray[np.void]
    ) -> tuple[dict[int, _Points], npt.NDArray[np.int64], int, int]:
        """Find the whole records: points by metric, slots that hold numbers, slots used, slots bad."""
        tags = slots["tag"]
        is_number = (tags == Tag.FLOAT) | (tags == Tag.INT)
        inside = np.zeros(len(slots), bool)  # slots that are the payload of another
        texts: dict[int, _Points] = {}
        bad = last = 0
        after = -1
        for place in np.flatnonzero(
            (tags == Tag.NAME) | (tags == Tag.JSON) | (tags == Tag.HEADER)
        ).tolist():
            if place < after:
                continue
            payload = _payload(raw, place)
            if payload is None:
                bad += 1
                continue
            after = place + slots_of(len(payload))
            inside[place + 1 : after] = True
            last = after
            self._learn(int(tags[place]), int(slots["metric"][place]), payload, place, texts)
        numbers = np.flatnonzero(is_number & ~inside)
        whole = (slot_checksums(slots[numbers]) == slots["crc"][numbers]) & (
            slots["version"][numbers] == VERSION
        )
        bad += int((~whole).sum())
        numbers = numbers[whole]
        points: dict[int, _Points] = {}
        for metric in np.unique(slots["metric"][numbers]).tolist():
            if metric in self._names:
                points[metric] = texts.get(metric) or _Points(*self._names[metric])
        points = {**texts, **points}
        if len(numbers):
            last = max(last, int(numbers[-1]) + 1)
        bad -= int(((tags[last:] != 0) & ~inside[last:]).sum()) if bad else 0
        return points, numbers, last, max(bad, 0)

    def _learn(
        self, tag: int, metric: int, payload: bytes, place: int, texts: dict[int, _Points]
    ) -> None:
        if tag == Tag.HEADER:
            self.run_id = json.loads(payload)["run"]
        elif tag == Tag.NAME:
            name, kind = json.loads(payload)
            self._names[metric] = (name, MetricKind(kind))
        elif metric in self._names:
            texts.setdefault(metric, _Points(*self._names[metric])).json[place] = json.loads(
                payload
            )


def _payload(raw: bytes, place: int) -> bytes | None:
    """The payload of the record at a slot, or None where the checksum is wrong."""
    start = place * SLOT
    head = raw[start + 4 : start + SLOT]
    size = INT_BODY.unpack(head)[4]
    if not 0 <= size <= len(raw) - start - SLOT:
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
