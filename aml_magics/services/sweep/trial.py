"""The trials of a sweep: claimed, queued, counted."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aml_magics.records.job import JobRecord
from aml_magics.records.name import PARAMETER, TAG
from aml_magics.records.run import RunRecord
from aml_magics.records.status import RunStatus
from aml_magics.records.sweep.parameter_expression import option_words
from aml_magics.records.sweep.sweep import trial_id
from aml_magics.records.value import plain_fields
from aml_magics.services.data.input import keep_data
from aml_magics.services.job import attachment, submission
from aml_magics.services.job.source import Source
from aml_magics.services.job.submission import PreparedRun
from aml_magics.services.process import queue
from aml_magics.services.sweep.result import HYPERPARAMETERS
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import sqlalchemy as sa

    from aml_magics.records.sweep.sweep import SweepRecord, TrialRecord
    from aml_magics.store.store import Store

RESUMED: Final = "resumed_from"
"""The tag of a trial that has the values of an earlier one, with that one's id."""


class TrialTemplate:
    """A trial of a sweep without its values; its folder was kept when the sweep was submitted."""

    def __init__(self, store: Store, parent: RunRecord, sweep: SweepRecord) -> None:
        self._store = store
        self._parent = parent
        self._sweep = sweep
        self._job = JobRecord.of_dict(sweep.job)
        self._kept, self._parts = _kept(store, parent)
        _, self._datasets = keep_data(store, self._job.data)

    def queue(self, trials: Sequence[TrialRecord]) -> bool:
        """Claim trials and queue their runs, all or none; False if a number was taken, whose run is queued already.

        The number and the run are written in one transaction. So a trial is there as a whole or not at all,
        wherever its controller is killed.
        """
        store = self._store
        prepared = [(trial, self._prepared(trial)) for trial in trials]
        for _, one in prepared:
            self._give_files(one.record.id)

        def work(connection: sa.Connection) -> bool:
            claimed = [
                one
                for trial, one in prepared
                if store.sweeps.claim(connection, self._parent.key, trial)
            ]
            for one in claimed:
                submission.insert_prepared(store, connection, one, self._parent)
            return len(claimed) == len(prepared)

        is_new = store.catalogue.transact(work, durable=True)
        queue.ensure_scheduler(store)
        return is_new

    def _prepared(self, trial: TrialRecord) -> PreparedRun:
        words = tuple(option_words(trial.values))
        job, shared = self._job, self._sweep.run
        # a script's own arguments come first, so the last of an option is the trial's
        job = replace(job, arguments=(*job.arguments, *words))
        params = {**shared["params"], **submission.arguments_as_params(words)}
        tags = {**shared["tags"], HYPERPARAMETERS: trial.shown}
        resumed = self._sweep.resumed[trial.number : trial.number + 1]
        if resumed:
            tags[RESUMED] = resumed[0].run_id
        record = RunRecord(
            key=0,
            id=trial_id(self._parent.id, trial.number),
            experiment=self._parent.experiment,
            number=0,
            name="",
            status=RunStatus.QUEUED,
            created=time.time(),
            type=shared["type"],
            description=shared["description"],
            parent=self._parent.id,
            target=shared["target"],
            params=plain_fields(params, PARAMETER),
            tags=plain_fields(tags, TAG),
            properties=shared["properties"],
        )
        return PreparedRun(record, job, self._kept, self._parts, self._datasets)

    def _give_files(self, run_id: str) -> None:
        """Link the sweep's files of the submitting process: each trial's worker takes and removes its own."""
        for path_of in (submission.variables_path, attachment.given_path, attachment.seal_path):
            source, to = path_of(self._store, self._parent.id), path_of(self._store, run_id)
            if source.exists():
                _link(source, to)


def _link(source: Path, to: Path) -> None:
    to.unlink(missing_ok=True)
    os.link(source, to)


@retried
def _kept(store: Store, parent: RunRecord) -> tuple[Source, dict[str, str]]:
    with store.catalogue.read() as connection:
        files = store.sources.of(connection, parent.key)
        parts = store.documents.of(connection, parent.key)
    return Source(str(parent.properties.get("ContentSnapshotId")), tuple(files), ()), parts
