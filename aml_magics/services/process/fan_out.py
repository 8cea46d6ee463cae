"""How wide a pipeline or a sweep is where one of its runs begins.

The runs of a machine share its cores. One that begins before those that will go on beside it must leave them theirs: it
cannot give a thread back later. A run that belongs to nothing, or a step that nothing goes on beside, has all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.records.status import TERMINAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


def width(store: Store, run_key: int) -> int:
    """How many runs, with this one, may go on at once on its target for the same pipeline or sweep; 1 for a single run."""
    with store.catalogue.read() as connection:
        found = store.runs.by_keys(connection, [run_key])
        parents = [one.parent for one in found if one.parent is not None]
        for parent in store.runs.get(connection, parents):
            step = store.pipeline_runs.step(connection, run_key)
            if step is not None:
                return _of_step(store, connection, found[0], parent, step.step)
            return _of_trial(store, connection, parent)
    return 1


def _of_trial(store: Store, connection: sa.Connection, parent: RunRecord) -> int:
    sweep = store.sweeps.get(connection, parent.key)
    if sweep is None:
        return 1
    done = store.sweeps.progress(connection, parent.key).done
    return max(1, min(sweep.most_at_once, sweep.most_trials - done))


def _of_step(
    store: Store, connection: sa.Connection, run: RunRecord, parent: RunRecord, id_: str
) -> int:
    """The steps that have not ended, and that neither come before this one nor wait for it."""
    asked = store.pipeline_runs.get(connection, parent.key)
    if asked is None:
        return 1
    kept = store.pipeline_runs.steps(connection, parent.key)
    runs = {one.key: one for one in store.runs.by_keys(connection, [each.run_key for each in kept])}
    before = {one.id: one.before for one in asked.graph.definition.steps}
    after: dict[str, set[str]] = {one: set() for one in before}
    for one, waited_for in before.items():
        for other in waited_for:
            after[other].add(one)
    not_beside = _reached(before, id_) | _reached(after, id_)
    beside = [
        one
        for one in kept
        if one.step not in not_beside
        and (there := runs.get(one.run_key)) is not None
        and there.status not in TERMINAL
        and there.target == run.target
    ]
    return 1 + len(beside)


def _reached(leads_to: Mapping[str, set[str]], id_: str) -> set[str]:
    """The ids of a step and of all that lie in one direction from it."""
    found = {id_}
    pending = [id_]
    while pending:
        new = leads_to[pending.pop()] - found
        found |= new
        pending += new
    return found
