"""Compute targets: created, attached, found, changed and deleted.

Credentials are not in the catalogue but in a private file of this user on this machine.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import (
    ComputeInUseError,
    ComputeTargetError,
    ComputeTargetNotFoundError,
    InvalidNameError,
    described,
    did_you_mean,
)
from aml_magics.kinds.computes._base import COMPUTES, ClusterKind, ComputeKind, PoolKind
from aml_magics.records.compute import LOCAL, RESERVED, ComputeRecord
from aml_magics.records.name import COMPUTE, check_name
from aml_magics.store.files.secret_file import SecretFile
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa

    from aml_magics.store.store import Store

CREDENTIALS_FILE: Final = "compute_credentials.json"
RUNNING: Final = "Succeeded"
STOPPED: Final = "Stopped"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_NAMED: Final = 5


def kind_of(record: ComputeRecord) -> ComputeKind:
    """The kind of a target."""
    return COMPUTES.load(record.kind)()


def create(
    store: Store,
    name: str,
    kind: str,
    settings: Mapping[str, Any],
    credentials: Mapping[str, Any] | None = None,
    *,
    is_attached: bool = False,
    description: str | None = None,
    tags: Mapping[str, str | None] | None = None,
) -> ComputeRecord:
    """Make a target, or return the one of that name if it is the same.

    Args:
        kind: the name of a file in ``aml_magics/kinds/computes``.
        settings: plain JSON; those that are left out have Azure's defaults.
        credentials: go to a private file of this machine.

    Raises:
        InvalidNameError: the name breaks its rule, or is reserved.
        ComputeTargetError: a setting cannot be, or another target has that name.
    """
    clean = check_compute_name(name)
    whole = _whole_settings(kind, settings, is_attached=is_attached)
    now = time.time()
    wanted = ComputeRecord(
        key=0,
        name=clean,
        kind=kind,
        created=now,
        modified=now,
        settings=whole,
        max_nodes=COMPUTES.load(kind)().nodes(whole)[1],
        is_attached=is_attached,
        description=description or "",
        tags=dict(tags or {}),
    )

    def work(connection: sa.Connection) -> tuple[bool, ComputeRecord]:
        key = store.computes.add(connection, wanted)
        return key is not None, _there(
            store, connection, clean, store.computes.get(connection, clean)
        )

    is_new, found = store.catalogue.transact(work, durable=True)
    if not is_new and (found.kind, found.settings) != (kind, wanted.settings):
        raise ComputeTargetError(
            f"Compute target {clean!r} is there already, {_as(found)}; choose another name, change it with "
            "update(), or delete() it first."
        )
    _set_credentials(store, clean, {k: v for k, v in (credentials or {}).items() if v})
    return found


def _whole_settings(kind: str, given: Mapping[str, Any], *, is_attached: bool) -> dict[str, Any]:
    """The settings with Azure's defaults, as JSON gives them back."""
    member = COMPUTES.load(kind)()
    known = member.attached if is_attached and member.attached is not None else member.settings
    for name in given:
        if name not in known:
            raise ComputeTargetError(
                f"A {member.label} has no setting {name!r:.60}.{did_you_mean(name, known)}"
            )
    whole = {**known, **given}
    member.check(whole, is_attached=is_attached)
    return dict(json.loads(json.dumps(whole)))


def check_compute_name(name: object) -> str:
    """The name without spaces around it; raises InvalidNameError where it breaks the rule or is reserved."""
    clean = check_name(name, COMPUTE)
    if clean.lower() in RESERVED:
        raise InvalidNameError(
            f"The name {clean!r} is reserved: {', '.join(RESERVED)} mean something of their own. Choose another for the compute target."
        )
    if not _NAME.fullmatch(clean):
        raise InvalidNameError(
            f"The name of a compute target has letters, digits, '-', '_' and '.', and begins with a letter or digit; {clean!r:.60} does not."
        )
    return clean


@retried
def get(store: Store, name: str) -> ComputeRecord:
    """The target of a name; raises ComputeTargetNotFoundError, which suggests similar names."""
    if not isinstance(name, str):
        raise ComputeTargetNotFoundError(
            f"The name of a compute target is a text, not {described(name)}."
        )
    with store.catalogue.read() as connection:
        found = store.computes.get(connection, name.strip())
        return _there(store, connection, name.strip(), found)


@retried
def list_computes(store: Store) -> list[ComputeRecord]:
    """The targets of a workspace, by name."""
    with store.catalogue.read() as connection:
        return store.computes.all(connection)


def target_for(
    store: Store, name: str, nodes: int = 1, connection: sa.Connection | None = None
) -> ComputeRecord | None:
    """The target that a run may be sent to; None for this machine itself, ``local``.

    Args:
        connection: of the transaction that adds the run. The target cannot be deleted or shrunk until it ends.

    Raises:
        ComputeTargetError: no target has the name, it takes no runs, or it has fewer nodes than the run needs.
    """
    if name == LOCAL:
        return None
    if connection is None:
        found = get(store, name)
    else:
        held = store.computes.get(connection, name, locked=True)
        found = _there(store, connection, name, held)
    member = kind_of(found)
    if not isinstance(member, PoolKind):
        raise ComputeTargetError(
            f"No run can go to compute target {name!r}, {_as(found)}: it would need {member.machine}. Its configuration is "
            f"kept. Send the run to an AmlCompute, or to {LOCAL!r}, this machine."
        )
    if found.state == STOPPED:
        raise ComputeTargetError(
            f"Compute target {name!r} is stopped; start() starts it, before a run is sent there."
        )
    if nodes > 1 and isinstance(member, ClusterKind):
        raise ComputeTargetError(
            f"A run on a cluster is on one of its machines, with all of its processes, and this one takes {nodes} nodes: use "
            f"process_count_per_node, and node_count=1, for compute target {name!r}."
        )
    if nodes > found.max_nodes:
        raise ComputeTargetError(
            f"The run takes {nodes} nodes, and compute target {name!r} has {found.max_nodes} at most; ask for fewer, "
            f"or raise them with update(max_nodes={nodes})."
        )
    return found


def update(
    store: Store,
    name: str,
    changes: Mapping[str, Any],
    credentials: Mapping[str, Any] | None = None,
) -> ComputeRecord:
    """Change settings of a target; those that are None stay, and so do credentials if none are given.

    Raises:
        ComputeTargetError: it cannot be, or a run in the queue needs more nodes than would be left.
    """
    given = {one: value for one, value in changes.items() if value is not None}

    def work(connection: sa.Connection) -> ComputeRecord:
        held = _there(store, connection, name, store.computes.get(connection, name, locked=True))
        member = kind_of(held)
        settings = {**held.settings, **given}
        member.check(settings, is_attached=held.is_attached)
        high = member.nodes(settings)[1]
        _refuse_shrinking(store, connection, held, high)
        changed = replace(held, settings=settings, max_nodes=high, modified=time.time())
        values = {one: getattr(changed, one) for one in ("settings", "max_nodes", "modified")}
        store.computes.change(connection, held.key, values)
        return changed

    changed = store.catalogue.transact(work, durable=True)
    if credentials:
        _set_credentials(store, name, credentials)
    return changed


def set_state(store: Store, name: str, state: str) -> ComputeRecord:
    """Start or stop a target; raises ComputeInUseError where its runs have not ended, and it is to stop."""

    def work(connection: sa.Connection) -> ComputeRecord:
        held = _there(store, connection, name, store.computes.get(connection, name, locked=True))
        if state == STOPPED:
            _refuse_with_runs(store, connection, held, "stopped")
        changed = replace(held, state=state, modified=time.time())
        values = {"state": state, "modified": changed.modified}
        store.computes.change(connection, held.key, values)
        return changed

    return store.catalogue.transact(work, durable=True)


def delete(store: Store, name: str) -> None:
    """Delete a target and its credentials; its ended runs stay.

    Raises:
        ComputeTargetNotFoundError: no target has that name.
        ComputeInUseError: runs on it have not ended.
    """

    def work(connection: sa.Connection) -> None:
        held = _there(store, connection, name, store.computes.get(connection, name, locked=True))
        _refuse_with_runs(store, connection, held, "deleted")
        store.computes.remove(connection, held.key)

    store.catalogue.transact(work, durable=True)
    _set_credentials(store, name, {})


def credentials_of(store: Store, name: str) -> dict[str, Any]:
    """A target's credentials by setting, empty if this machine has none; raises StoreCorruptError."""
    return _credentials_file(store).settings(name)


def _there(
    store: Store, connection: sa.Connection, name: str, found: ComputeRecord | None
) -> ComputeRecord:
    if found is not None:
        return found
    known = [one.name for one in store.computes.all(connection)]
    near = did_you_mean(name, [*known, LOCAL])
    listed = (
        f" It has {', '.join(known[:10])}; {LOCAL!r} is this machine itself."
        if known
        else f" It has none; {LOCAL!r} is this machine itself, and ComputeTarget.create(ws, {name!r:.60}, "
        "AmlCompute.provisioning_configuration(max_nodes=2)) makes one."
    )
    raise ComputeTargetNotFoundError(
        f"Workspace {store.record.name!r} has no compute target {name!r:.80}.{near}{listed}"
    )


def _refuse_with_runs(
    store: Store, connection: sa.Connection, held: ComputeRecord, done: str
) -> None:
    keys = store.jobs.open_on(connection, held.name)
    if not keys:
        return
    runs = store.runs.by_keys(connection, keys[:_NAMED])
    named = ", ".join(f"{run.name or run.id} ({run.status})" for run in runs)
    more = f" and {len(keys) - _NAMED} more" if len(keys) > _NAMED else ""
    raise ComputeInUseError(
        f"Compute target {held.name!r} is not {done} while runs on it have not ended: {named}{more}. "
        "Cancel them, or wait for them."
    )


def _refuse_shrinking(
    store: Store, connection: sa.Connection, held: ComputeRecord, high: int
) -> None:
    if high >= held.max_nodes:
        return
    keys = store.jobs.wider_than(connection, held.name, high)
    if keys:
        runs = store.runs.by_keys(connection, keys[:_NAMED])
        named = ", ".join(run.name or run.id for run in runs)
        raise ComputeInUseError(
            f"max_nodes of {held.name!r} cannot be {high}: runs in its queue need more nodes: {named}. Cancel them first, or wait for them."
        )


def _as(record: ComputeRecord) -> str:
    label = kind_of(record).label
    return f"{'an' if label[0] in 'AEIOU' else 'a'} {label}"


def _set_credentials(store: Store, name: str, credentials: Mapping[str, Any]) -> None:
    file = _credentials_file(store)
    if credentials or file.settings(name):
        file.set_settings(name, credentials)


def _credentials_file(store: Store) -> SecretFile:
    return SecretFile(
        store.folder / CREDENTIALS_FILE, "remove it and attach the compute targets again"
    )
