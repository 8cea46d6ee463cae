"""Pending uploads: a script's outputs for datastores, from its end until they are sent.

``<workspace>/unsent/<run>`` has a folder for each output. Outputs are moved there before sending, so that
neither an unreachable datastore nor a killed worker loses them.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.errors import AmlError, DataAccessError, DataNotFoundError, RunStateError
from aml_magics.records.data.data_use import DataOutput
from aml_magics.records.status import RunStatus
from aml_magics.services.data.output import keep_results, send, written_files
from aml_magics.services.run import code_snapshot as snapshot
from aml_magics.services.run.artifact import UNSENT, forget_unsent
from aml_magics.store.home import make_private

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.records.data.data_use import DataFolder, DataUse
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

    Part = DataOutput | DataFolder

INCOMPLETE: Final = ".incomplete"
"""Marks outputs whose script has not completed: nothing is registered before."""

_REFERENCES: Final = "@references"
"""The folder of data references, which may share outputs' names; no output can have this name."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """The sent names, and the errors of the others."""

    sent: tuple[str, ...]
    problem: AmlError | None = None


def unsent_folder(store: Store, run_id: str) -> Path:
    """A run's folder, which need not exist."""
    return store.folder / UNSENT / run_id


def prepare(store: Store, run_id: str) -> None:
    """Make a run's folder before its script begins: later the disk may be full."""
    folder = unsent_folder(store, run_id)
    make_private(folder / _REFERENCES)
    (folder / INCOMPLETE).touch()


def set_complete(store: Store, run_id: str) -> None:
    """Note that the script has completed."""
    (unsent_folder(store, run_id) / INCOMPLETE).unlink(missing_ok=True)


def set_aside(store: Store, run_id: str, part: Part, written: Path, *, is_shared: bool) -> None:
    """Move an output's folder to where it waits to be sent.

    Args:
        written: the folder that the script wrote.
        is_shared: whether its files must also stay in place; then they become hard links.
    """
    target = _place(unsent_folder(store, run_id), part)
    if is_shared and written.is_file():
        os.link(written, target)
    elif is_shared:
        shutil.copytree(written, target, symlinks=True, copy_function=os.link)
    else:
        written.rename(target)


def kept_names(folder: Path) -> list[str]:
    """The sorted names of a run's pending uploads."""
    found = []
    for place in (folder, folder / _REFERENCES):
        if place.is_dir():
            found += [one.name for one in place.iterdir()]
    return sorted(name for name in found if name not in (_REFERENCES, INCOMPLETE))


def deliver(store: Store, run: RunRecord, data: DataUse, *, overwrite: bool = False) -> Delivery:
    """Send a run's pending uploads and make their datasets; remove what was sent.

    No dataset is made if the script did not complete. An output that cannot be sent does not block the others.

    Args:
        overwrite: whether to replace files that the run itself would not have replaced.
    """
    folder = unsent_folder(store, run.id)
    is_complete = not (folder / INCOMPLETE).exists()
    sent: list[str] = []
    refused: dict[str, Exception] = {}
    parts: list[Part] = [*data.outputs, *data.folders]
    for part in parts:
        place = _place(folder, part)
        if not place.exists():
            continue
        try:
            _send(store, run, part, place, is_complete=is_complete, overwrite=overwrite)
        except (AmlError, OSError) as error:
            refused[part.name] = error
        else:
            _remove(place)
            sent.append(part.name)
    if not refused:
        forget_unsent(store, run.id)
    return Delivery(tuple(sent), _problem(folder, refused) if refused else None)


def deliver_again(store: Store, run: RunRecord, *, overwrite: bool = False) -> tuple[str, ...]:
    """Send the pending uploads of an ended run again; return their names.

    Args:
        overwrite: as of :func:`deliver`.

    Raises:
        RunStateError: the run is still active, or was canceled.
        DataNotFoundError: nothing is pending.
        AmlError: as when the run ended; unsent outputs stay pending.
    """
    if not run.status.is_terminal:
        raise RunStateError(
            f"Run {run.name!r} is {run.status}, and sends its outputs itself when its script has completed."
        )
    if run.status is RunStatus.CANCELED:
        raise RunStateError(
            f"Run {run.name!r} was canceled, and what a canceled run wrote is not kept; submit it again."
        )
    with store.catalogue.read() as connection:
        job = store.jobs.get(connection, run.key)
    if job is None or not kept_names(unsent_folder(store, run.id)):
        raise DataNotFoundError(
            f"Nothing that run {run.name!r} wrote waits to be sent: it is in its datastore, or there was nothing."
        )
    found = deliver(store, run, job.data, overwrite=overwrite)
    if found.sent:
        said = snapshot.part(store, run, "warnings")
        line = f"Sent to its datastore after the run had ended: {_listed(found.sent)}."
        snapshot.put(store, run, {"warnings": "\n".join(filter(None, [said, line]))})
    if found.problem:
        raise found.problem
    return found.sent


def _remove(place: Path) -> None:
    if place.is_file():
        place.unlink()
    else:
        shutil.rmtree(place, ignore_errors=True)


def _place(folder: Path, part: Part) -> Path:
    if isinstance(part, DataOutput):
        return folder / part.name
    return folder / _REFERENCES / part.name


def _send(
    store: Store, run: RunRecord, part: Part, place: Path, *, is_complete: bool, overwrite: bool
) -> None:
    may_replace = part.overwrite or overwrite
    if not isinstance(part, DataOutput):
        send(store, part.datastore, part.path, written_files(place), overwrite=may_replace)
        return
    files = written_files(place, part.globs)
    send(store, part.datastore, part.place(run.id), files, overwrite=may_replace)
    if is_complete:
        keep_results(store, run, part)


def _problem(folder: Path, refused: dict[str, Exception]) -> AmlError:
    """The first error, with the files' place and the remedy."""
    first = next(iter(refused.values()))
    text = f"{_listed(refused)} could not be sent (run.send_outputs() tries again): {first} It is kept in {folder}."
    made = type(first)(text) if isinstance(first, AmlError) else DataAccessError(text)
    made.__cause__ = first
    return made


def _listed(names: tuple[str, ...] | dict[str, Exception]) -> str:
    return f"Output{'s' if len(names) > 1 else ''} {', '.join(map(repr, names))}"
