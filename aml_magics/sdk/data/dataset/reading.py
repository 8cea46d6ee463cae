"""What is noted when a dataset that is kept is read: that its files changed, and which run read it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from aml_magics.errors import DataChangedWarning, warn_caller
from aml_magics.sdk.data.use.lineage import note_read
from aml_magics.services.data.fingerprint import changed_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.dataset import DatasetRecord
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.services.data.store.files import FoundFile
    from aml_magics.store.store import Store

_SHOWN: Final = 5
_warned: set[tuple[int, str]] = set()


def note_reading(workspace: Workspace, record: DatasetRecord, files: Sequence[FoundFile]) -> None:
    """Warn once in a process where files changed, and note the run that reads.

    Args:
        workspace: where the dataset is kept.
        record: the dataset.
        files: its files as they are now.
    """
    if record.name is not None or record.former:
        _warn(workspace.store, record, files)
    note_read(workspace, record)


def _warn(store: Store, record: DatasetRecord, files: Sequence[FoundFile]) -> None:
    key = (os.getpid(), record.id)
    if key in _warned:
        return
    names = changed_files(store, record, files)
    if not names:
        return
    _warned.add(key)
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    name = record.name or record.former
    warn_caller(
        f"Dataset {name!r} version {record.version} is read, and its files are not those that it was "
        f"registered with: {', '.join(names[:_SHOWN])}{more}. Register it again with create_new_version=True "
        "to keep what is read now.",
        DataChangedWarning,
    )
