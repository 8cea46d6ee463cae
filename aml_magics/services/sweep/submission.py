"""Submits a sweep: keeps its folder once, queues its run, and starts its controller."""

from __future__ import annotations

import contextlib
import json
import secrets
import socket
import uuid
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import SweepError
from aml_magics.kinds.policies._base import POLICIES
from aml_magics.kinds.samplers._base import SAMPLERS
from aml_magics.records.name import RUN_ID, TAG, check_name
from aml_magics.records.status import RunStatus
from aml_magics.records.sweep.sweep import HYPERDRIVE, EarlierTrial, Named, SweepRecord
from aml_magics.records.value import plain_fields
from aml_magics.services.job import submission
from aml_magics.services.process.controller import SWEEP, ensure_controller
from aml_magics.services.run.ending import current
from aml_magics.services.run.run import insert_run
from aml_magics.services.sweep.request import make_sampler
from aml_magics.services.sweep.result import hyperparameters_of, results

if TYPE_CHECKING:
    from collections.abc import Callable

    import sqlalchemy as sa

    from aml_magics.records.run import RunRecord
    from aml_magics.services.job.source import Source
    from aml_magics.services.job.submission import PreparedRun, Submission
    from aml_magics.services.sweep.request import SweepRequest
    from aml_magics.store.store import Store

_SEED_BITS: Final = 32
_OF_TRIAL: Final = ("target", "params", "properties", "tags", "type", "description")
"""The fields of a run that its trials share."""


def submit(
    store: Store,
    experiment: str,
    wanted: SweepRequest,
    script: Submission,
    *,
    parent: RunRecord | None = None,
) -> tuple[RunRecord, Source]:
    """Queue a sweep; on return it is on disk, and goes on without this process.

    Args:
        script: a trial without its values.

    Raises:
        SweepError: it cannot be resumed from what was named.
        AlreadyExistsError: a run with its id exists.
        SubmissionError: as when its script were submitted.
    """
    prepared = submission.prepare(store, experiment, script)
    record = submit_prepared(
        store,
        wanted,
        prepared,
        lambda run_id: submission.keep_files(store, run_id, script),
        parent=parent,
    )
    return record, prepared.kept


def submit_prepared(
    store: Store,
    wanted: SweepRequest,
    prepared: PreparedRun,
    keep_files: Callable[[str], None],
    *,
    parent: RunRecord | None = None,
) -> RunRecord:
    """Queue a sweep whose script was prepared; errors as :func:`submit`.

    Args:
        keep_files: keeps what the workers of its trials need of the submitting process, for a run's id.
    """
    earlier = tuple(
        one for id_ in wanted.resume_from for one in _earlier_trials(store, id_, wanted)
    )
    resumed = tuple(_resumed_trial(store, id_) for id_ in wanted.resume_trials)
    sweep = SweepRecord(
        run_key=0,
        host=socket.gethostname(),
        sampler=wanted.sampler,
        space=_plain_space(wanted),
        metric=wanted.metric,
        goal=wanted.goal,
        most_trials=wanted.most_trials,
        most_at_once=wanted.at_once,
        max_minutes=wanted.max_minutes,
        seed=secrets.randbits(_SEED_BITS),
        policy=wanted.policy,
        earlier=earlier,
        resumed=resumed,
        resumed_from=wanted.resume_from,
        job=asdict(prepared.job),
        run={name: getattr(prepared.record, name) for name in _OF_TRIAL},
    )
    record = _record(prepared, wanted, sweep, parent)
    with contextlib.ExitStack() as undo:
        undo.callback(submission.forget_files, store, record.id)
        keep_files(record.id)
        record = store.catalogue.transact(
            lambda connection: _insert(store, connection, record, sweep, prepared, parent),
            durable=True,
        )
        undo.pop_all()
    ensure_controller(store, SWEEP, record.id)
    return record


def _insert(
    store: Store,
    connection: sa.Connection,
    new: RunRecord,
    sweep: SweepRecord,
    prepared: PreparedRun,
    parent: RunRecord | None,
) -> RunRecord:
    record, is_added = insert_run(store, connection, new, parent)
    if is_added:
        store.sweeps.add(connection, replace(sweep, run_key=record.key))
        store.sources.add(connection, record.key, prepared.kept.files)
        store.documents.put(connection, record.key, prepared.parts)
    return record


def _record(
    prepared: PreparedRun, wanted: SweepRequest, sweep: SweepRecord, parent: RunRecord | None
) -> RunRecord:
    id_ = f"HD_{uuid.uuid4()}" if wanted.run_id is None else check_name(wanted.run_id, RUN_ID)
    tags = {
        "max_total_jobs": str(sweep.most_trials),
        "max_concurrent_jobs": str(sweep.most_at_once),
        "max_duration_minutes": f"{sweep.max_minutes:g}",
    }
    return replace(
        prepared.record,
        id=id_,
        type=HYPERDRIVE,
        status=RunStatus.QUEUED,
        parent=parent.id if parent else None,
        params={},
        tags=plain_fields({**tags, **prepared.record.tags, **wanted.tags}, TAG),
        properties={
            **prepared.record.properties,
            "runTemplate": "HyperDrive",
            "azureml.runsource": "hyperdrive",
            "platform": "AML",
            **{name: json.dumps(value) for name, value in shown_configuration(sweep).items()},
        },
    )


def shown_configuration(sweep: SweepRecord) -> dict[str, Any]:
    """The configuration of a sweep with Azure's names, as its run's properties show it."""
    policy = sweep.policy or Named("no_termination")
    generator: dict[str, Any] = {
        "name": SAMPLERS.load(sweep.sampler.name).azure_name,
        "parameter_space": sweep.space,
    }
    if sweep.sampler.settings:
        generator["properties"] = sweep.sampler.settings
    shown: dict[str, Any] = {"name": POLICIES.load(policy.name).azure_name}
    if policy.settings:
        shown["properties"] = policy.settings
    return {
        "primary_metric_config": {"name": sweep.metric, "goal": sweep.goal.lower()},
        "generator_config": generator,
        "policy_config": shown,
        "resume_from": list(sweep.resumed_from) or None,
    }


def _plain_space(wanted: SweepRequest) -> dict[str, list[Any]]:
    """The expressions as plain JSON."""
    sampler = make_sampler(wanted.sampler, wanted.space, 0, wanted.goal)
    return {name: expression.written for name, expression in sampler.space.items()}


def _earlier_trials(store: Store, run_id: str, wanted: SweepRequest) -> list[EarlierTrial]:
    record = current(store, run_id)
    with store.catalogue.read() as connection:
        sweep = store.sweeps.get(connection, record.key)
    if sweep is None:
        raise SweepError(
            f"resume_from names sweeps, and run {run_id!r} is {'of type ' + record.type if record.type else 'none'}; "
            "run.parent of a trial is its sweep."
        )
    if (sweep.metric, sweep.goal) != (wanted.metric, wanted.goal):
        raise SweepError(
            f"Sweep {run_id!r} has the primary metric {sweep.metric!r} and the goal {sweep.goal}; a sweep resumes from "
            f"those with its own, {wanted.metric!r} and {wanted.goal}."
        )
    found = results(store, record)
    return [EarlierTrial(one.run_id, one.values, one.metric) for one in found]


def _resumed_trial(store: Store, run_id: str) -> EarlierTrial:
    record = current(store, run_id)
    values = hyperparameters_of(record)
    if values is None:
        raise SweepError(
            f"resume_child_runs names trials of sweeps, and run {run_id!r} is none; resume_from takes whole sweeps."
        )
    return EarlierTrial(run_id, values)
