"""Submits a run: stores its folder, queues its job, and ensures that a scheduler runs."""

from __future__ import annotations

import contextlib
import json
import math
import re
import secrets
import socket
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import SubmissionError, did_you_mean
from aml_magics.records.compute import LOCAL
from aml_magics.records.data.data_use import DataUse, words_with
from aml_magics.records.job import JobRecord
from aml_magics.records.name import EXPERIMENT, PARAMETER, PROPERTY, RUN, TAG, check_name
from aml_magics.records.run import RunRecord
from aml_magics.records.secret import OPTION, mask, shown_value
from aml_magics.records.status import RunStatus
from aml_magics.records.value import plain_fields, plain_text
from aml_magics.services.compute.cluster import check_reachable, cluster_kind
from aml_magics.services.compute.registry import get, kind_of, target_for
from aml_magics.services.data.input import keep_data, note_inputs, shown_data
from aml_magics.services.job import attachment, source
from aml_magics.services.process import queue
from aml_magics.services.run.run import insert_run
from aml_magics.store.home import make_private, write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa

    from aml_magics.records.compute import ComputeRecord
    from aml_magics.records.data.dataset import DatasetRecord
    from aml_magics.records.distribution import Distribution
    from aml_magics.services.job.source import Source
    from aml_magics.store.store import Store

SCRIPT_RUN: Final = "azureml.scriptrun"
CELL: Final = "aml_magics.magics.remote.worker"
"""The module that runs a cell in its own process."""

SOURCE_VARIABLE: Final = "AML_MAGICS_SOURCE"
"""Tells the script the copy of its submitted folder."""

OUTPUTS_VARIABLE: Final = "AML_MAGICS_OUTPUTS"
"""Tells the script its output folders, JSON by name."""

FAILURE_FILE: Final = ".aml_magics_failure.json"
"""The file in which a script that calls ``run.fail()`` leaves its error for the worker."""
_LONGEST_NUMBER: Final = 300  # of 5,000 digits Python makes no number
_NUMBER: Final = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Submission:
    """A script, a Python module or a command line to run in a folder.

    ``environment`` is an environment's definition, None for the interpreter ``python``. ``variables``
    are added to the submitting process's environment. ``place`` is a folder of this machine to work in other than a
    copy of ``folder``, and the machines of a cluster have only the copy; ``attachment`` is given to the script, and
    readable in no store. ``definition`` is stored and shown: the rest
    of a run configuration. ``target`` is the name of a compute target, of which the run takes ``nodes``. ``data`` is
    what the script reads and writes; placeholders in the arguments stand for it. ``distribution`` is how it is started
    as several processes.
    """

    folder: Path
    script: str | None = None
    module: str = ""
    command: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    environment: dict[str, Any] | None = None
    python: str = sys.executable
    variables: dict[str, str] = field(default_factory=dict)
    max_seconds: float | None = None
    place: Path | None = None
    attachment: bytes | None = None
    name: str | None = None
    type: str = SCRIPT_RUN
    params: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)
    definition: dict[str, Any] = field(default_factory=dict)
    data: DataUse = field(default_factory=DataUse)
    target: str = LOCAL
    nodes: int = 1
    distribution: Distribution | None = None


def submit(
    store: Store, experiment: str, wanted: Submission, *, parent: RunRecord | None = None
) -> tuple[RunRecord, Source]:
    """Queue a run; on return it is on disk and independent of this process.

    Raises:
        SubmissionError: no such script, a folder that cannot be stored, or arguments that no process can take.
        InvalidNameError: a name breaks its rule.
        ComputeTargetError: its target is not there, takes no runs, or has too few nodes.
        UsageError: ``AML_MAGICS_SLOTS`` is not a number of slots.
        NotFoundError: a dataset or datastore of its data does not exist, or has no file.
    """
    prepared = prepare(store, experiment, wanted, parent=parent)
    record = prepared.record
    with contextlib.ExitStack() as undo:
        undo.callback(forget_files, store, record.id)
        keep_files(store, record.id, wanted)
        record = store.catalogue.transact(
            lambda connection: insert_prepared(store, connection, prepared, parent), durable=True
        )
        undo.pop_all()  # they belong to the run now
    queue.ensure_scheduler(store)
    return record, prepared.kept


@dataclass(frozen=True, slots=True)
class PreparedRun:
    """A submission that was checked, with its folder kept: all but the run itself.

    ``job`` has no run's key yet; ``parts`` are those of the code snapshot.
    """

    record: RunRecord
    job: JobRecord
    kept: Source
    parts: dict[str, str]
    datasets: list[DatasetRecord]


def prepare(
    store: Store,
    experiment: str,
    wanted: Submission,
    *,
    parent: RunRecord | None = None,
    kept: Source | None = None,
    parts: Mapping[str, str] | None = None,
) -> PreparedRun:
    """Check a submission and keep its folder and data; errors as :func:`submit`.

    Args:
        kept: the folder, if it was kept before.
        parts: those of its snapshot, if the folder need not be there any more.
    """
    clean = check_name(experiment, EXPERIMENT).strip()
    queue.slots()
    _check_limit(wanted.max_seconds)
    check_words(wanted)
    if parts is None:
        _check_script(wanted)
    target = target_for(store, wanted.target, wanted.nodes)
    if target is not None and cluster_kind(target) is not None:
        check_reachable(target)
        wanted = replace(wanted, place=None)
    data, datasets = keep_data(store, wanted.data)
    wanted = replace(wanted, data=data)
    kept = kept or source.keep_folder(store, wanted.folder)
    _check_kept(wanted, kept)
    record = _record(clean, wanted, kept, parent, shown_data(data, datasets), target)
    found = _parts(wanted, kept) if parts is None else dict(parts)
    return PreparedRun(record, _job(wanted), kept, found, datasets)


def keep_code(store: Store, folder: Path, script: str) -> tuple[Source, dict[str, str]]:
    """Keep a folder for later submissions of a script; returns it with the parts of its snapshot.

    Raises:
        SubmissionError: no such script, or a folder that cannot be stored.
    """
    wanted = Submission(folder, script)
    check_words(wanted)
    _check_script(wanted)
    kept = source.keep_folder(store, folder)
    _check_kept(wanted, kept)
    return kept, _parts(wanted, kept)


def keep_files(store: Store, run_id: str, wanted: Submission) -> None:
    """Keep what a run's worker needs of this process: its environment, and an attachment."""
    is_local = is_here(store, wanted.target)
    if is_local:
        write_variables(store, run_id)
    if wanted.attachment is not None:
        attachment.keep(store, run_id, wanted.attachment, is_for_cluster=not is_local)


def is_here(store: Store, target: str) -> bool:
    """Whether runs of a target are on this machine: a worker of a cluster has an environment of its own."""
    return target == LOCAL or cluster_kind(get(store, target)) is None


def insert_prepared(
    store: Store, connection: sa.Connection, prepared: PreparedRun, parent: RunRecord | None
) -> RunRecord:
    """Queue a prepared run within a transaction."""
    # it cannot go away meanwhile
    target_for(store, prepared.record.target, prepared.job.nodes, connection)
    record, is_added = insert_run(store, connection, prepared.record, parent)
    if is_added:
        store.jobs.add(connection, replace(prepared.job, run_key=record.key))
        store.sources.add(connection, record.key, prepared.kept.files)
        store.documents.put(connection, record.key, prepared.parts)
        note_inputs(store, connection, record.key, prepared.job.data, prepared.datasets)
    return record


def forget_files(store: Store, run_id: str) -> None:
    """Remove a run's input files: they hold the submitter's variables, secrets among them."""
    variables_path(store, run_id).unlink(missing_ok=True)
    attachment.forget(store, run_id)


def variables_path(store: Store, run_id: str) -> Path:
    """The private file with the submitting process's environment, until the run begins."""
    return store.folder / "jobs" / f"{run_id}.json"


def read_variables(store: Store, run_id: str) -> dict[str, str]:
    """A script's environment; its file may hold secrets and is removed when the run begins."""
    try:
        found = json.loads(variables_path(store, run_id).read_bytes())
    except FileNotFoundError:
        return queue.inherited_variables()
    return {str(name): str(value) for name, value in found.items()}


def forget_variables(store: Store, run_id: str) -> None:
    """Remove the file of a script's environment."""
    variables_path(store, run_id).unlink(missing_ok=True)


def arguments_as_params(arguments: Sequence[str]) -> dict[str, Any]:
    """Command-line options as parameters: ``--rate 0.1 --fast`` is rate 0.1, fast True.

    They are for display: the value of ``--password`` is ``***``.
    """
    found: dict[str, Any] = {}
    waiting: str | None = None
    for word in arguments:
        name, given, value = word.partition("=")
        option = OPTION.match(name)
        if option is None:
            if waiting is not None:
                found[waiting] = _plain(shown_value(waiting, word))
                waiting = None
        elif given:
            found[option[1]] = _plain(shown_value(option[1], value))
            waiting = None
        else:
            found[option[1]] = True
            waiting = option[1]
    return found


def _plain(word: str) -> Any:  # noqa: ANN401 -- a number, a truth value or text
    if len(word) <= _LONGEST_NUMBER and _NUMBER.fullmatch(word):
        return float(word) if re.search(r"[.e]", word, re.IGNORECASE) else int(word)
    return {"True": True, "False": False}.get(word, word)


def _check_limit(seconds: float | None) -> None:
    if seconds is not None and not (math.isfinite(seconds) and seconds > 0):
        raise SubmissionError(
            f"max_run_duration_seconds is how long a run may take, a number of seconds above 0, not {seconds!r}."
        )


def check_words(wanted: Submission) -> None:
    """Refuse arguments that the operating system cannot pass, before a run is made."""
    words = [*wanted.command, *wanted.arguments, wanted.script or ""]
    for word in words:
        if "\0" in word:
            raise SubmissionError(
                f"The argument {word!r:.80} has a NUL character, which no program can be given; leave it out."
            )
    for name, value in wanted.variables.items():
        if not name or "=" in name or "\0" in name or "\0" in value:
            raise SubmissionError(
                f"The environment variable {name!r:.80} has no name, '=' in its name, or a NUL character; give it a plain name and text."
            )


def _check_script(wanted: Submission) -> None:
    if wanted.script is None:
        if not wanted.command and not wanted.module:
            raise SubmissionError("A run needs a script or a command; it got neither.")
        return
    path = wanted.folder / wanted.script
    if Path(wanted.script).is_absolute() or ".." in Path(wanted.script).parts:
        raise SubmissionError(
            f"script {wanted.script!r} must be a path below source_directory {str(wanted.folder)!r}."
        )
    if not path.is_file():
        there = [one.name for one in wanted.folder.glob("*.py")] if wanted.folder.is_dir() else []
        known = f" It has: {', '.join(sorted(there)[:8])}." if there else ""
        raise SubmissionError(
            f"There is no script {wanted.script!r} in source_directory {str(wanted.folder.absolute())!r}."
            f"{did_you_mean(wanted.script, there)}{known}"
        )


def _check_kept(wanted: Submission, kept: Source) -> None:
    """Refuse a script that is excluded from the stored folder."""
    if wanted.script is None:
        return
    name = Path(wanted.script).as_posix()
    if name not in {one.name for one in kept.files}:
        raise SubmissionError(
            f"script {name!r} is left out of the snapshot by {' or '.join(source.IGNORE_FILES)}, a rule for secrets, "
            "or since it is a link; name it otherwise or take it out of there."
        )


def _record(
    experiment: str,
    wanted: Submission,
    kept: Source,
    parent: RunRecord | None,
    shown: dict[str, str],
    target: ComputeRecord | None,
) -> RunRecord:
    now = time.time()
    stem = re.sub(r"[^\w-]+", "-", experiment)[:60]
    words = words_with(wanted.arguments, shown)
    params = {**arguments_as_params(words), **wanted.params}
    properties = {
        "_azureml.ComputeTargetType": LOCAL if target is None else kind_of(target).type.lower(),
        "ContentSnapshotId": kept.id,
        **wanted.properties,
    }
    return RunRecord(
        key=0,
        id=f"{stem}_{int(now)}_{secrets.token_hex(4)}",
        experiment=experiment,
        number=0,
        name="" if wanted.name is None else check_name(wanted.name, RUN),
        status=RunStatus.QUEUED,
        created=now,
        type=wanted.type,
        parent=parent.id if parent else None,
        target=wanted.target,
        params=plain_fields(_scalars(params), PARAMETER),
        tags=plain_fields(wanted.tags, TAG),
        properties=plain_fields(properties, PROPERTY),
    )


def _scalars(params: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, bool | int | float | str) or value is None else str(value)
        for name, value in params.items()
    }


def _job(wanted: Submission) -> JobRecord:
    return JobRecord(
        run_key=0,
        host=socket.gethostname(),
        script=wanted.script,
        module=wanted.module,
        command=wanted.command,
        arguments=wanted.arguments,
        python=wanted.python,
        environment=wanted.environment,
        variables=wanted.variables,
        max_seconds=wanted.max_seconds,
        folder=str(wanted.folder.absolute()),
        place=None if wanted.place is None else str(wanted.place.absolute()),
        definition=wanted.definition,
        data=wanted.data,
        nodes=wanted.nodes,
        distribution=wanted.distribution,
    )


def write_variables(store: Store, run_id: str) -> None:
    """Keep the environment of this process for a run."""
    path = variables_path(store, run_id)
    make_private(path.parent)
    write_whole(path, json.dumps(queue.inherited_variables()).encode())


def _parts(wanted: Submission, kept: Source) -> dict[str, str]:
    """The parts of the run's snapshot: the script, the list of files, the exclusions."""
    parts = {"files": "\n".join(f"{one.size:>12,} {one.name}" for one in kept.files)}
    if wanted.script is not None:
        text = (wanted.folder / wanted.script).read_text(encoding="utf-8", errors="replace")
        parts["source"] = mask(plain_text(text))
    if kept.notice:
        parts["warnings"] = kept.notice
    return {name: plain_text(text) for name, text in parts.items()}
