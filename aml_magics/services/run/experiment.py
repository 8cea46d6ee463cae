"""Experiments: found, listed, archived, renamed, deleted."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from aml_magics.errors import (
    AlreadyExistsError,
    ExperimentNotFoundError,
    RunStateError,
    did_you_mean,
)
from aml_magics.records.name import EXPERIMENT, TAG, check_name
from aml_magics.records.status import TERMINAL
from aml_magics.records.value import plain_fields, plain_text
from aml_magics.services.run.manage.deletion import Leftover, remove_files, remove_rows
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa

    from aml_magics.records.experiment import ExperimentRecord
    from aml_magics.store.store import Store


def ensure(store: Store, name: str) -> ExperimentRecord:
    """The experiment with a name, made if missing."""
    clean = check_name(name, EXPERIMENT)
    with store.catalogue.read() as connection:
        found = store.experiments.get(connection, clean)
    if found is None or found.archived is not None:
        store.catalogue.transact(
            lambda connection: store.experiments.ensure(connection, clean, time.time()),
            durable=True,
        )
        return get(store, clean)
    return found


@retried
def get(store: Store, name: str) -> ExperimentRecord:
    """The experiment with a name; raises ExperimentNotFoundError."""
    with store.catalogue.read() as connection:
        found = store.experiments.get(connection, plain_text(name).strip())
        if found is None:
            known = [one.name for one in store.experiments.list(connection)]
            raise ExperimentNotFoundError(
                f"No experiment {name!r} in workspace {store.record.name!r}.{did_you_mean(name, known)} `%aml experiments` lists them."
            )
    return found


@retried
def by_id(store: Store, experiment_id: str) -> ExperimentRecord:
    """The experiment with an id; raises ExperimentNotFoundError."""
    with store.catalogue.read() as connection:
        found = store.experiments.by_id(connection, plain_text(experiment_id))
    if found is None:
        raise ExperimentNotFoundError(
            f"No experiment has the id {experiment_id!r}; an experiment's .id is a UUID, not its name."
        )
    return found


@retried
def list_experiments(store: Store, *, archived: bool | None = False) -> list[ExperimentRecord]:
    """Experiments, oldest first; ``archived`` None lists all."""
    with store.catalogue.read() as connection:
        found = store.experiments.list(connection)
    return [one for one in found if archived is None or (one.archived is not None) is archived]


@retried
def run_counts(store: Store) -> dict[str, dict[str, int]]:
    """The number of runs of each experiment, by status."""
    with store.catalogue.read() as connection:
        return store.runs.counts(connection)


def archive(store: Store, record: ExperimentRecord, *, back: bool = False) -> None:
    """Hide an experiment from listings, or bring it back; its runs stay."""
    when = None if back else time.time()
    store.catalogue.transact(
        lambda connection: store.experiments.archive(connection, record.key, when), durable=True
    )


def rename(store: Store, record: ExperimentRecord, name: str) -> None:
    """Rename an experiment; raises AlreadyExistsError if the name is taken."""
    clean = check_name(name, EXPERIMENT)
    with store.catalogue.read() as connection:
        if store.experiments.get(connection, clean) is not None:
            raise AlreadyExistsError(
                f"There is an experiment {clean!r} already; choose another name."
            )
    store.catalogue.transact(
        lambda connection: store.experiments.rename(connection, record.key, clean), durable=True
    )


def set_tags(store: Store, record: ExperimentRecord, tags: Mapping[str, str | None]) -> None:
    """Replace an experiment's tags."""
    values = plain_fields(tags, TAG)
    store.catalogue.transact(
        lambda connection: store.experiments.set_tags(connection, record.key, values), durable=True
    )


def delete(store: Store, record: ExperimentRecord) -> int:
    """Delete an experiment with its runs and files for good; return their number. RunStateError if one is open."""
    with store.catalogue.read() as connection:
        keys = store.runs.keys_of_experiment(connection, record.key)
        runs = store.runs.by_keys(connection, keys)
    open_runs = [run.name for run in runs if run.status not in TERMINAL]
    if open_runs:
        raise RunStateError(
            f"Experiment {record.name!r} has open runs ({', '.join(open_runs[:3])}); cancel them first."
        )

    def work(connection: sa.Connection) -> Leftover:
        leftover = remove_rows(store, connection, keys)
        store.experiments.delete(connection, record.key)
        return leftover

    remove_files(store, store.catalogue.transact(work, durable=True))
    return len(keys)
