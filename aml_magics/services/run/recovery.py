"""Recovery: ingests dead processes' points and logs, and sets the status of their runs."""

from __future__ import annotations

import logging
import socket
import time
import weakref
from typing import TYPE_CHECKING, Final

from aml_magics.errors import StoreFullError, StoreReadOnlyError
from aml_magics.records.owner import HEARTBEAT, SILENCE, OwnerRecord
from aml_magics.records.run import LOST, RunError, Verdict
from aml_magics.records.status import RunStatus
from aml_magics.services.process.controller import revive_controllers
from aml_magics.services.process.exit_code import exit_code, forget_exit_code
from aml_magics.services.process.mark import end_processes
from aml_magics.services.process.queue import revive
from aml_magics.services.process.rest import revive_rest
from aml_magics.services.run.ending import end
from aml_magics.services.run.ingest import JournalName, ingest_finished, journals_of, set_aside
from aml_magics.store.journal.reader import JournalReader
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.records.metric import MetricHead
    from aml_magics.store.store import Store

_NOT_KEPT: Final = "; the store cannot be written, so that is not kept"
_log = logging.getLogger("aml_magics")
_recovered: weakref.WeakKeyDictionary[Store, float] = weakref.WeakKeyDictionary()


@retried
def recover(store: Store) -> None:
    """Recover the runs of dead processes; called when a store is opened, and regularly while runs are open.

    A read-only store is left unchanged; readers get the statuses that would be set.
    """
    _recovered[store] = time.monotonic()
    try:
        # The order matters: points first, so that a reaped run has all of them, and locks last,
        # since a lock shows that its owner is dead while anything of that owner is left.
        collect_journals(store)
        reap(store)
        _forget_locks(store)
        revive(store)
        revive_controllers(store)
        revive_rest(store)
        store.runs.verdicts = {}
    except StoreReadOnlyError as error:
        _log.info("not recovered: %s", error)
        _judge(store)
    except StoreFullError as error:  # stored data is still readable
        _log.warning("not recovered: %s", error)
        _judge(store)


def recover_now_and_then(store: Store) -> None:
    """Recover unless the last time is less than a heartbeat ago, so that readers see current statuses.

    A process that only reads runs has no heartbeat thread, and the processes of those runs may have died.
    """
    if time.monotonic() - _recovered.get(store, 0.0) >= HEARTBEAT:
        recover(store)


@retried
def collect_journals(store: Store) -> None:
    """Read in the journals of dead processes.

    A journal whose writer may still live stays; readers find its points in it.
    """
    paths = [(path, name) for path in journals_of(store) if (name := JournalName.of(path))]
    if not paths:
        return
    with store.catalogue.read() as connection:
        owners = store.owners.get(connection, {name.owner for _, name in paths})
        ids = store.runs.ids(connection, list({name.run_key for _, name in paths}))
    for path, name in paths:
        owner = owners.get(name.owner)
        is_held = store.owners.locks.is_held(name.owner)
        is_alive = is_held if owner is None else store.owners.is_alive(owner)
        # An owner that cannot be checked may live (on another machine): its journals stay. One
        # that the catalogue does not know is checked by its lock alone.
        if is_alive or (is_alive is None and owner is not None):
            continue
        try:
            _collect(store, path, ids.get(name.run_key), is_finished=is_alive is False)
        except (OSError, ValueError) as error:  # one bad file does not block the others
            _log.warning("journal %s cannot be read and is left where it is: %s", path, error)


@retried
def reap(store: Store) -> None:
    """Set the status of runs whose process is dead, silent, or heard again."""
    with store.catalogue.read() as connection:
        owners = store.owners.with_open_runs(connection)
    for owner in owners:
        if store.owners.is_alive(owner) is False:
            _end_runs_of(store, owner)
        elif owner.silent > SILENCE:
            _move_runs_of(
                store, owner, RunStatus.RUNNING, RunStatus.NOT_RESPONDING, _silence(owner)
            )
        else:
            _move_runs_of(store, owner, RunStatus.NOT_RESPONDING, RunStatus.RUNNING, "")


def _forget_locks(store: Store) -> None:
    """Remove the locks of dead owners, once nothing of theirs is left to recover."""
    released = store.owners.locks.released()
    if not released:
        return
    with store.catalogue.read() as connection:
        needed = {owner.id for owner in store.owners.with_open_runs(connection)}
    needed |= {name.owner for path in journals_of(store) if (name := JournalName.of(path))}
    for id_ in released - needed:
        store.owners.locks.remove(id_)


def _end_runs_of(store: Store, owner: OwnerRecord) -> None:
    open_runs = _lost_runs(store, owner)
    keys = [key for key, _, _ in open_runs]
    if open_runs:
        _end_processes_of(store, keys)
        collect_journals(store)  # it may have died after the last collection
    with store.catalogue.read() as connection:
        heads = store.metrics.heads(connection, keys)
        ids = {run.key: run.id for run in store.runs.by_keys(connection, keys)}
    for key, _, cancel_requested in open_runs:
        run_id = ids.get(key, "")
        noted = None if cancel_requested else exit_code(store, run_id)
        if noted is not None:
            _end_as_it_did(store, key, owner, *noted)
        else:
            _end_as_gone(store, key, owner, heads[key], is_asked=cancel_requested)
        forget_exit_code(store, run_id)


def _lost_runs(store: Store, owner: OwnerRecord) -> list[tuple[int, RunStatus, bool]]:
    """The open runs of a dead owner: key, status, whether it is to be canceled.

    The sweeps and pipelines of this machine are not lost: a new controller goes on with them. Nor are steps between
    two tries.
    """
    with store.catalogue.read() as connection:
        found = store.runs.open_of(connection, owner.id)
        keys = [key for key, _, _ in found]
        host = socket.gethostname()
        controlled = store.sweeps.among(connection, keys, host)
        controlled |= store.pipeline_runs.among(connection, keys, host)
    return [
        (key, status, is_asked)
        for key, status, is_asked in found
        if key not in controlled and status is not RunStatus.QUEUED
    ]


def _verdict(owner: OwnerRecord, more: str, *, is_asked: bool) -> Verdict:
    """The end of a dead process's run; ``is_asked`` if it was to be canceled."""
    reason = f"Its process (pid {owner.pid} on {owner.host}) is gone{more}."
    if is_asked:
        return Verdict(RunStatus.CANCELED, f"Canceled. {reason}", ended=owner.heartbeat)
    error = RunError(LOST, reason)
    return Verdict(RunStatus.FAILED, reason, error, ended=owner.heartbeat)


def _judge(store: Store) -> None:
    """Note the statuses to be set; runs of dead processes ended at their last heartbeat."""
    with store.catalogue.read() as connection:
        owners = store.owners.with_open_runs(connection)
    verdicts: dict[int, Verdict] = {}
    for owner in owners:
        if store.owners.is_alive(owner) is False:
            for key, _, is_asked in _lost_runs(store, owner):
                verdicts[key] = _verdict(owner, _NOT_KEPT, is_asked=is_asked)
            continue
        with store.catalogue.read() as connection:
            open_runs = store.runs.open_of(connection, owner.id)
        for key, status, _ in open_runs:
            if status is RunStatus.RUNNING and owner.silent > SILENCE:
                verdicts[key] = Verdict(RunStatus.NOT_RESPONDING, _silence(owner))
    store.runs.verdicts = verdicts


def _end_as_it_did(store: Store, key: int, owner: OwnerRecord, code: int, when: float) -> None:
    """End a run whose script ended itself with ``sys.exit``."""
    error, reason, status = None, "", RunStatus.COMPLETED
    if code != 0:
        error = RunError("ExitCode", f"The script ended with exit code {code}.")
        reason, status = f"{error.code}: {error.message}", RunStatus.FAILED
    end(
        store,
        key,
        status,
        reason=reason,
        error=error,
        ours=False,
        when=when,
        lost_by=owner.id,
    )


def _end_as_gone(
    store: Store, key: int, owner: OwnerRecord, heads: list[MetricHead], *, is_asked: bool
) -> None:
    """End a run whose process was killed or crashed."""
    newest = max(heads, key=lambda head: head.time, default=None)
    last = (
        f"; its last point is step {newest.step} of {newest.name!r}"
        if newest
        else "; it logged nothing"
    )
    found = _verdict(owner, last, is_asked=is_asked)
    end(
        store,
        key,
        found.status,
        reason=found.reason,
        error=found.error,
        ours=False,
        lost_by=owner.id,
    )


def _end_processes_of(store: Store, keys: list[int]) -> None:
    """Kill what a killed worker left: nothing may write to an ended run."""
    with store.catalogue.read() as connection:
        submitted = [key for key in keys if store.jobs.get(connection, key) is not None]
        ids = [run.id for run in store.runs.by_keys(connection, submitted)]
    for run_id in ids:
        end_processes(run_id)


def _move_runs_of(
    store: Store, owner: OwnerRecord, of: RunStatus, to: RunStatus, reason: str
) -> None:
    with store.catalogue.read() as connection:
        keys = [key for key, status, _ in store.runs.open_of(connection, owner.id) if status is of]
    for key in keys:
        store.catalogue.transact(
            lambda connection, key=key: store.runs.move(
                connection, key, to, {"reason": reason}, expected=[of]
            )  # type: ignore[misc]
        )


def _silence(owner: OwnerRecord) -> str:
    return f"Nothing was heard of its process (pid {owner.pid} on {owner.host}) for {owner.silent:.0f} s."


def _belongs(path: Path, run_id: str | None) -> bool:
    """Whether a journal is of the run that has its key now; after a restored backup it may not be."""
    reader = JournalReader(path)
    reader.read()
    return run_id is not None and reader.run_id in (None, run_id)


def _collect(store: Store, path: Path, run_id: str | None, *, is_finished: bool) -> None:
    try:
        belongs = _belongs(path, run_id)
    except FileNotFoundError:  # another process has read it in
        return
    if belongs and is_finished:
        ingest_finished(store, path)
    elif not belongs:
        aside = set_aside(store, path)
        _log.warning("journal %s is of no run here and is kept in %s", path.name, aside)
