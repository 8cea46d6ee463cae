"""Triggers of schedules: which files were added or modified in a folder of a datastore."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from aml_magics.errors import PipelineError
from aml_magics.records.data.dataset import Location
from aml_magics.records.pipeline.pipeline import ScheduleSlot, SlotState
from aml_magics.services.data.store.files import files_at
from aml_magics.services.data.store.location import storage_of
from aml_magics.services.data.store.path import checked_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.pipeline.recurrence import Trigger
    from aml_magics.store.store import Store

MOST_FILES: Final = 100_000
"""Files that are looked at: each is listed at every look, and each version is kept."""


def file_versions(store: Store, trigger: Trigger) -> dict[str, str]:
    """The files of the watched folder: their versions by their paths in the datastore.

    A folder that is not there has none.

    Raises:
        PipelineError: there are more than :data:`MOST_FILES`.
        DataAccessError: the datastore cannot be reached.
        DatastoreNotFoundError: it is not registered any more.
    """
    folder = checked_path(trigger.path, "path_on_datastore") if trigger.path else ""
    pattern = posixpath.join(folder, "*")
    storage, path = storage_of(store, Location(pattern, trigger.datastore))
    found = files_at(storage, path, trigger.datastore, empty_is_fine=True)
    # a pattern that no file has means those in folders, and Azure does not look into these
    files = [one for one in found if posixpath.dirname(one.location.path) == folder]
    if len(files) > MOST_FILES:
        raise PipelineError(
            f"A schedule looks at up to {MOST_FILES:,} files, and {folder or 'the root'!r} of datastore "
            f"{trigger.datastore!r} has {len(files):,}: give path_on_datastore a folder for what is new."
        )
    return {one.location.path: one.version for one in files}


def seen(key: int, versions: Mapping[str, str], now: float) -> list[ScheduleSlot]:
    """The slots of files that start nothing, since they were there before."""
    return [
        ScheduleSlot(key, slot_of(path, version), now, SlotState.SEEN)
        for path, version in versions.items()
    ]


def slot_of(path: str, version: str) -> str:
    """The slot of a version of a file."""
    return f"{path}@{version}"


def path_of(slot: str) -> str:
    """The file of a slot; no version has an ``@``, while paths may."""
    return slot.rpartition("@")[0]
