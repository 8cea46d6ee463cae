"""Looks after all active schedules of a machine: claims what is due, and starts the runs."""

from __future__ import annotations

import logging
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from aml_magics.errors import AmlError, PipelineError
from aml_magics.records.pipeline.recurrence import Trigger
from aml_magics.services.pipeline import firing
from aml_magics.services.pipeline.schedule import get, slots_of, when_of
from aml_magics.services.pipeline.trigger import file_versions
from aml_magics.services.process.controller import SCHEDULES, SCHEDULES_NAME, messages_path
from aml_magics.services.run.recovery import recover_now_and_then

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from aml_magics.records.pipeline.pipeline import ScheduleRecord, ScheduleSlot
    from aml_magics.store.store import Store

SETTLING: Final = 2.0
"""Seconds for which a file must stay as it is: it may still be written."""

_TRIES: Final = 3
_LISTINGS: Final = 4
_log = logging.getLogger("aml_magics.schedules")


@dataclass(slots=True)
class _Listing:
    """The look at a trigger's folder: when the last began and the next is due, on the monotonic clock."""

    record: ScheduleRecord
    due: float
    found: Future[dict[str, str]] | None = None
    unsettled: dict[str, str] = field(default_factory=dict)
    """Versions of files that nobody has seen, which may still be written."""

    has_failed: bool = False


class Watch:
    """The schedules of one workspace on this machine.

    Args:
        clock: wall-clock time, seconds since the epoch; it may jump.
        ticks: monotonic time in seconds, for how often data is looked at.
    """

    def __init__(
        self,
        store: Store,
        clock: Callable[[], float] = time.time,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._clock = clock
        self._ticks = ticks
        self._host = socket.gethostname()
        self._handled: dict[str, tuple[ScheduleRecord, int]] = {}
        self._listings: dict[str, _Listing] = {}
        self._claimed: dict[str, list[ScheduleSlot]] = {}
        self._broken: list[ScheduleRecord] = []
        self._tries: Counter[tuple[str, str]] = Counter()
        # a datastore that is slow to answer must not hold up the others
        self._threads = ThreadPoolExecutor(_LISTINGS, thread_name_prefix="aml_magics-listing")

    def look(self) -> bool:
        """Start what is due; False if no schedule is active here, and nothing is left to start.

        All that is due is claimed before the first run is submitted, so that what comes last is not late.
        """
        recover_now_and_then(self._store)
        with self._store.catalogue.read() as connection:
            active = self._store.schedules.active_here(connection, self._host)
        for record in active:
            if record.id not in self._claimed:  # what a process that was killed had claimed
                self._claimed[record.id] = firing.pending(self._store, record)
            try:
                self._claim(record)
            except (PipelineError, LookupError, TypeError, ValueError):
                self._tell(record)  # it was kept as nonsense, and must not hold up the others
        for gone in set(self._listings) - {record.id for record in active}:
            del self._listings[gone]
        for id_, slots in self._claimed.items():
            self._start(id_, slots)
        return bool(active) or any(self._claimed.values())

    def _tell(self, record: ScheduleRecord) -> None:
        """Log once what is wrong with a schedule as it is kept."""
        if record not in self._broken:
            self._broken.append(record)
            _log.exception("schedule %s waits until it is edited", record.id)

    def close(self) -> None:
        """End the threads that list files; one that waits for a datastore ends with the process."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _claim(self, record: ScheduleRecord) -> None:
        when = when_of(record)
        if isinstance(when, Trigger):
            self._claimed[record.id] += self._changes(record, when)
            return
        now = self._clock()
        # most of the time nothing is new: that is known without the store
        latest = next(slots_of(record).until(now), 0)
        if self._handled.get(record.id) == (record, latest) and record.since <= now:
            return
        self._claimed[record.id] += firing.claim_due(self._store, record, now)
        self._handled[record.id] = (record, latest)

    def _changes(self, record: ScheduleRecord, trigger: Trigger) -> list[ScheduleSlot]:
        """Claim the files that were added or modified, if it is time to look."""
        now = self._ticks()
        listing = self._listings.get(record.id)
        if listing is None or listing.record != record:
            listing = self._listings[record.id] = _Listing(record, now)
        if listing.found is None:
            if now >= listing.due:
                listing.due = now + 60 * trigger.polling_interval
                listing.found = self._threads.submit(file_versions, self._store, trigger)
            return []
        if not listing.found.done():
            return []
        found, listing.found = listing.found, None
        try:
            versions = found.result()
        except AmlError as error:
            self._complain(listing, error)
            return []
        listing.has_failed = False
        return self._settled(listing, versions)

    def _settled(self, listing: _Listing, versions: dict[str, str]) -> list[ScheduleSlot]:
        """Claim the new files that are as they were at the look before; look at the others again soon."""
        new = firing.new_files(self._store, listing.record, versions)
        settled = {
            path: version for path, version in new.items() if listing.unsettled.get(path) == version
        }
        listing.unsettled = {path: one for path, one in new.items() if path not in settled}
        if listing.unsettled:
            listing.due = min(listing.due, self._ticks() + SETTLING)
        if not settled:
            return []
        return firing.claim_files(self._store, listing.record, settled, self._clock())

    def _complain(self, listing: _Listing, error: AmlError) -> None:
        """Say once why a trigger's folder cannot be looked at, until it can be again."""
        if not listing.has_failed:
            listing.has_failed = True
            text = f"{type(error).__name__}: {error}"
            firing.note_failure(self._store, listing.record, text, self._clock())

    def _start(self, id_: str, slots: list[ScheduleSlot]) -> None:
        """Start the runs of claimed slots; one that cannot be submitted now stays claimed."""
        while slots:
            # as it is now: it may have been disabled or edited meanwhile
            record = get(self._store, id_)
            self._start_one(record, slots[0])
            slots.pop(0)

    def _start_one(self, record: ScheduleRecord, slot: ScheduleSlot) -> None:
        """Start the run of a slot; what fails in an unforeseen way three times holds up the others no longer."""
        key = (record.id, slot.slot)
        self._tries[key] += 1
        if self._tries[key] > _TRIES:
            where = messages_path(self._store, SCHEDULES, SCHEDULES_NAME)
            text = f"No run could be submitted in {_TRIES} tries; {where} says why."
            firing.settle(self._store, slot, "", text)
        else:
            firing.start(self._store, record, slot)
        del self._tries[key]
