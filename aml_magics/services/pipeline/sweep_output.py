"""What a step that is a sweep gives to later steps: what its best trial wrote, and the metrics of all trials."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aml_magics.errors import PipelineError
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.services.data.output import keep_results, send, written_files
from aml_magics.services.data.store.files import find_files
from aml_magics.services.data.transfer import transfer
from aml_magics.services.run import artifact, metric
from aml_magics.services.run.ending import current
from aml_magics.services.sweep.result import ranked, results, sweep_of

if TYPE_CHECKING:
    from aml_magics.records.data.data_use import DataOutput
    from aml_magics.records.pipeline.definition import StepDefinition, StepOutput
    from aml_magics.records.run import RunRecord
    from aml_magics.services.sweep.result import TrialResult
    from aml_magics.store.store import Store

METRICS: Final = "Metrics"


def sweep_id(step_run_id: str) -> str:
    """The id of the sweep of a step: it follows from the step's run, so that there is one of it."""
    return f"HD_{step_run_id}"


def keep_sweep_outputs(
    store: Store, step: StepDefinition, run: RunRecord, sweep: RunRecord
) -> None:
    """Write the outputs of a step whose sweep has completed; doing it again changes nothing.

    Raises:
        PipelineError: no trial has logged the primary metric, so none is the best.
        AmlError: a file is not there, or a datastore cannot be reached.
    """
    if not step.outputs:
        return
    found = results(store, sweep)
    with tempfile.TemporaryDirectory() as folder:
        for number, output in enumerate(step.outputs):
            _keep(store, run, sweep, output, found, Path(folder) / str(number))


def _keep(
    store: Store,
    run: RunRecord,
    sweep: RunRecord,
    output: StepOutput,
    found: list[TrialResult],
    folder: Path,
) -> None:
    folder.mkdir()
    part, training = output.part, output.training_output
    place, _, name = part.place(run.id).rpartition("/")
    if training is None:
        best = _best(store, sweep, found)
        _copy(store, part, best.id, folder)
        send(store, part.datastore, part.place(run.id), written_files(folder), overwrite=True)
    else:  # one file, at the very path of the output
        if training["type"] == METRICS:
            (folder / name).write_text(json.dumps(_metrics(store, found)), encoding="utf-8")
        else:
            best = _best(store, sweep, found)
            artifact.download(store, best, training["model_file"], folder / name)
        send(store, part.datastore, place, [(folder / name, name)], overwrite=True)
    keep_results(store, run, part)


def _copy(store: Store, part: DataOutput, trial_id: str, folder: Path) -> None:
    """Copy what a trial wrote to an output to a folder of this machine."""
    place = Location(part.place(trial_id), part.datastore)
    transfer.download(find_files(store, Definition("file", (place,))), folder, overwrite=True)


def _metrics(store: Store, found: list[TrialResult]) -> dict[str, object]:
    return {one.run_id: metric.get_metrics(store, current(store, one.run_id)) for one in found}


def _best(store: Store, sweep: RunRecord, found: list[TrialResult]) -> RunRecord:
    asked = sweep_of(store, sweep)
    best = next(iter(ranked(asked, found)), None)
    if best is None or best.metric is None:
        raise PipelineError(
            f"The outputs of a sweep are those of its best trial, and none of its {len(found)} trials has logged the primary "
            f"metric {asked.metric!r}; log it in the script."
        )
    return current(store, best.run_id)
