"""Whether a step need not run again: what its outputs depend on, and the earlier run with the same of all that."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import AmlError, PipelineError
from aml_magics.records.data.data_use import DataInput
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.records.pipeline.definition import FromStep
from aml_magics.records.secret import shown_arguments, without_secrets
from aml_magics.services.data import dataset
from aml_magics.services.data.fingerprint import changed_files, fingerprint, found_files
from aml_magics.services.data.store.files import find_files
from aml_magics.services.pipeline.binding import plain_output
from aml_magics.services.pipeline.parameter import parameters_of
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.records.data.data_use import DataFolder, DataOutput
    from aml_magics.records.job import JobRecord
    from aml_magics.records.pipeline.definition import StepDefinition
    from aml_magics.records.pipeline.pipeline import StepRunRecord, StepTemplate
    from aml_magics.records.run import RunRecord
    from aml_magics.services.pipeline.binding import Maker
    from aml_magics.store.store import Store

FORCED: Final = "not reused: regenerate_outputs was asked for"
FORBIDDEN: Final = "not reused: the step says allow_reuse=False"
NEW: Final = "not reused: the step has not completed before"
GONE: Final = "not reused: the outputs of the earlier run are gone"
_MAY_HOLD_SECRETS: Final = ("step", "environment", "parameters", "run")
_NO_AUTOSAVE: Final = ("name", "version")
_PLACES: Final = ("home", "definition", "datastore", "path", "dataset", "may_be_empty")
_LISTED: Final = 3
_LONGEST: Final = 1 << 20
_NAMES: Final = {
    "step": "the settings of the step",
    "environment": "the environment",
    "arguments": "the arguments",
    "outputs": "the outputs",
    "run": "how it runs",
}
"""Parts of a reuse key that are told as a whole."""


@dataclass(frozen=True, slots=True)
class Reuse:
    """The run whose outputs a step takes, None if it runs itself; ``note`` says why in a line."""

    original: RunRecord | None
    note: str


def parts_of(
    store: Store,
    step: StepDefinition,
    template: StepTemplate,
    job: JobRecord,
    values: Mapping[str, Any],
    makers: Mapping[str, Maker],
) -> dict[str, Any]:
    """What the outputs of a step depend on, as plain JSON.

    Args:
        step: as it is written.
        job: with all of its data.
        makers: of the steps before it.
    """
    environment = {
        name: one
        for name, one in (job.environment or {"python": job.python}).items()
        if name not in _NO_AUTOSAVE
    }
    several = step.run.distribution
    found = {
        "code": {one.name: one.digest for one in template.files},
        "step": {
            "name": step.name,
            "kind": step.kind,
            "settings": step.settings,
            "params": step.params,
            "version": step.version,
        },
        "environment": environment,
        "arguments": shown_arguments(step.arguments),
        "parameters": parameters_of(step, values),
        "inputs": _input_parts(store, step, job, makers),
        "outputs": [plain_output(one.part) for one in step.outputs],
        "run": {
            "variables": step.run.variables,
            "nodes": step.run.nodes,
            "distribution": None if several is None else asdict(several),
            **({"parameters": step.run.parameters} if step.run.parameters else {}),
        },
    }
    plain: dict[str, Any] = json.loads(json.dumps(found, default=str))
    for name in _MAY_HOLD_SECRETS:  # they are kept, and another key makes no other outputs
        plain[name] = without_secrets(plain[name])
    return plain


def _input_parts(
    store: Store, step: StepDefinition, job: JobRecord, makers: Mapping[str, Maker]
) -> dict[str, Any]:
    """What is read, by the names of inputs: the run that made it, or what is in it."""
    origins = {one.name: one.origin for one in step.inputs}
    parts: list[DataInput | DataFolder] = [*job.data.inputs, *job.data.folders]
    found: dict[str, Any] = {}
    for one in parts:
        written = asdict(one)
        for name in _PLACES:
            written.pop(name, None)
        origin = origins.get(one.name)
        if isinstance(origin, FromStep):
            written |= {"run": makers[origin.step].run.id, "output": origin.output}
        elif isinstance(one, DataInput):
            written |= {"dataset": one.dataset, "contents": _dataset_contents(store, one.dataset)}
        else:
            place = Location(one.path, one.datastore)
            written |= {**asdict(place), "contents": _listing(store, place, one.mechanism)}
        found[one.name] = written
    return found


def key_of(parts: Mapping[str, Any]) -> str:
    """The digest of what the outputs of a step depend on."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _dataset_contents(store: Store, id_: str) -> str:
    """The fingerprint of a dataset as its files are now."""
    record = dataset.get_by_id(store, id_)
    if not changed_files(store, record):
        return record.fingerprint
    return fingerprint(record.definition, found_files(store, record.definition)).text


def _listing(store: Store, place: Location, mechanism: str) -> str:
    """A digest of the names, sizes and versions of files; empty for a folder that is written."""
    if mechanism == "Upload":
        return ""
    try:
        files = find_files(store, Definition("file", (place,)))
    except AmlError:
        return ""  # its own script will say so
    lines = "\n".join(f"{one.relative}\0{one.size}\0{one.version}" for one in files)
    return hashlib.sha256(lines.encode(errors="replace")).hexdigest()


# -- finding ------------------------------------------------------------------------------------


@retried
def find(
    store: Store, step: StepDefinition, parts: Mapping[str, Any], *, is_forced: bool = False
) -> Reuse:
    """The latest run of the same step whose outputs can be taken.

    Args:
        is_forced: whether outputs are to be made again.
    """
    if is_forced:
        return Reuse(None, FORCED)
    if not step.allow_reuse:
        return Reuse(None, FORBIDDEN)
    with store.catalogue.read() as connection:
        same = store.pipeline_runs.reusable(connection, key_of(parts))
        runs = store.runs.by_keys(connection, [one.run_key for one in same])
    by_key = {run.key: run for run in runs}
    for one in same:
        run = by_key.get(one.run_key)
        if run is not None and has_outputs(store, run, one, step):
            return Reuse(run, f"reused: outputs of run {run.id}")
    if same:
        return Reuse(None, GONE)
    return Reuse(None, _why_not(store, step, parts))


def has_outputs(store: Store, run: RunRecord, kept: StepRunRecord, step: StepDefinition) -> bool:
    """Whether all files that a run wrote to its outputs are there."""
    for one in step.outputs:
        expected = kept.written.get(one.name, 1)
        is_kept = one.part.mechanism != "Link" and expected > 0
        if is_kept and len(written_files(store, run.id, one.part)) < expected:
            return False
    return True


def written_files(store: Store, run_id: str, part: DataOutput) -> Sequence[Any]:
    """The files of an output in its datastore; empty if there are none, or it cannot be reached."""
    place = Location(part.place(run_id), part.datastore)
    try:
        return find_files(store, Definition("file", (place,)))
    except AmlError:
        return ()


# -- explaining ---------------------------------------------------------------------------------


@retried
def explain(store: Store, record: RunRecord) -> str:
    """Why a step was reused or not, in a line: ``not reused: train.py changed, line 12``.

    Raises:
        PipelineError: the run is no step of a pipeline.
    """
    with store.catalogue.read() as connection:
        found = store.pipeline_runs.step(connection, record.key)
    if found is None:
        raise PipelineError(
            f"Run {record.name!r} ({record.id}) is no step of a pipeline; the steps of one are its children."
        )
    return found.reuse_note or "its inputs are not there yet"


def _why_not(store: Store, step: StepDefinition, parts: Mapping[str, Any]) -> str:
    """What differs from the nearest earlier run of the step."""
    with store.catalogue.read() as connection:
        earlier = store.pipeline_runs.earlier(connection, step.name, limit=10)
    nearest = min(
        earlier, key=lambda one: len(differences(store, one.reuse_parts, parts)), default=None
    )
    if nearest is None:
        return NEW
    found = differences(store, nearest.reuse_parts, parts)
    if not found:  # it has no key, as it did not allow that
        return "not reused: the earlier run was not to be reused"
    more = f" and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
    return f"not reused: {'; '.join(found[:_LISTED])}{more}"


def differences(store: Store, before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """A phrase for each difference, code first."""
    found = _code_differences(store, before.get("code", {}), now["code"])
    for name, told in _NAMES.items():
        if before.get(name) != now[name]:
            found.append(f"{told} changed")
    found += _value_differences("parameter", before.get("parameters", {}), now["parameters"])
    inputs, earlier = now["inputs"], before.get("inputs", {})
    for name in sorted({*inputs, *earlier}):
        if inputs.get(name) != earlier.get(name):
            found.append(_input_difference(name, earlier.get(name), inputs.get(name)))
    return found


def _input_difference(name: str, before: Any, now: Any) -> str:  # noqa: ANN401 -- plain JSON
    if before is None or now is None:
        return f"input {name!r} is {'new' if before is None else 'gone'}"
    if "run" in now and "run" in before:
        return f"input {name!r} was made again"
    if now.get("contents") != before.get("contents"):
        return f"the data of input {name!r} changed"
    return f"input {name!r} changed"


def _value_differences(noun: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    return [
        f"{noun} {name} changed from {before.get(name)!r:.40} to {now.get(name)!r:.40}"
        for name in sorted({*before, *now})
        if before.get(name) != now.get(name)
    ]


def _code_differences(store: Store, before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    found = []
    for name in sorted({*before, *now}):
        if name not in before:
            found.append(f"{name} is new")
        elif name not in now:
            found.append(f"{name} is gone")
        elif before[name] != now[name]:
            line = _first_line(store, before[name], now[name])
            found.append(f"{name} changed{f', line {line}' if line else ''}")
    return found


def _first_line(store: Store, before: str, now: str) -> int | None:
    """The first line in which two texts differ, from 1; None if one is no text, or gone."""
    try:
        texts = [_text(store, digest) for digest in (before, now)]
    except (AmlError, OSError, UnicodeDecodeError):
        return None
    lines = zip_longest(*(text.splitlines() for text in texts))
    return next((number for number, (old, new) in enumerate(lines, 1) if old != new), None)


def _text(store: Store, digest: str) -> str:
    with store.blobs.open(digest) as file:
        return file.read(_LONGEST).decode()
