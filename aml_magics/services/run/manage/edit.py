"""Runs are renamed, described, tagged, starred and archived, while they run and later."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aml_magics.errors import EditConflictError, RunNotFoundError, UsageError
from aml_magics.records.name import RUN, TAG, check_name
from aml_magics.records.value import plain_fields, plain_text
from aml_magics.services.run.ending import refuse_deleted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import sqlalchemy as sa

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


@dataclass(frozen=True, slots=True)
class RunEdit:
    """A change of runs; what is None or not named stays.

    ``tags`` are set, ``removed_tags`` removed, the others stay. ``was`` holds the name or the description that the
    editor saw: if somebody else has changed it since, the edit is refused.
    """

    name: str | None = None
    description: str | None = None
    tags: Mapping[str, Any] = field(default_factory=dict)
    removed_tags: Iterable[str] = ()
    starred: bool | None = None
    archived: bool | None = None
    was: Mapping[str, str] = field(default_factory=dict)


def edit(store: Store, run_ids: Iterable[str], change: RunEdit) -> list[RunRecord]:
    """Change runs, all or none; on return it is on disk. Returns the runs as they are now.

    Raises:
        RunNotFoundError: there is no run with one of these ids, or it is deleted.
        EditConflictError: the name or description is not what ``change.was`` says.
        InvalidNameError: a name breaks its rule.
        UsageError: several runs would get one name.
    """
    ids = list(dict.fromkeys(plain_text(id_) for id_ in run_ids))
    values: dict[str, Any] = {}
    if change.name is not None:
        if len(ids) > 1:
            raise UsageError(
                f"A name is for one run, and {len(ids)} are given; rename them singly."
            )
        values["name"] = check_name(change.name, RUN)
    if change.description is not None:
        values["description"] = plain_text(change.description)
    tags = plain_fields(change.tags, TAG)
    removed = [plain_text(name) for name in change.removed_tags if name not in tags]
    marks = {"starred": change.starred, "archived": change.archived}
    now = time.time()

    def work(connection: sa.Connection) -> list[RunRecord]:
        keys = [run.key for run in _there(store, connection, ids)]
        store.runs.lock(connection, keys)
        for run in store.runs.by_keys(connection, keys):  # as they are under the lock
            _refuse_overwriting(run, values, change.was)
            if values:
                store.runs.set(connection, run.key, values)
            store.fields.put(connection, run.key, "tag", tags)
            store.fields.remove(connection, run.key, "tag", removed)
        for column, is_on in marks.items():
            if is_on is not None:
                store.runs.set_times(connection, keys, column, now if is_on else None)
        store.runs.mark_edited(connection, keys)
        return store.runs.by_keys(connection, keys)

    return store.catalogue.transact(work, durable=True)


def _there(store: Store, connection: sa.Connection, ids: list[str]) -> list[RunRecord]:
    found = store.runs.get(connection, ids)
    known = {run.id for run in found}
    for id_ in ids:
        if id_ not in known:
            refuse_deleted(store, connection, id_)
            raise RunNotFoundError(f"No run {id_!r:.300} in workspace {store.record.name!r}.")
    return found


def _refuse_overwriting(run: RunRecord, values: Mapping[str, Any], was: Mapping[str, str]) -> None:
    for name, seen in was.items():
        now = getattr(run, name)
        # a first try of this transaction may have been committed, with its answer lost
        if name in values and now not in (seen, values[name]):
            raise EditConflictError(
                f"The {name} of run {run.name!r} was changed meanwhile to {now!r:.200}; look at it, then edit again."
            )
