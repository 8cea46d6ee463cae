"""The data of a submitted run: prepared before its script, uploaded after it."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Final

from aml_magics.errors import DataAccessError, DataNotFoundError
from aml_magics.records.data.data_use import REFERENCE_PLACEHOLDER, REFERENCE_VARIABLE, is_variable
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.records.status import RunStatus
from aml_magics.services.data.output import written_files
from aml_magics.services.job import pending_upload
from aml_magics.services.job.submission import OUTPUTS_VARIABLE
from aml_magics.services.run.artifact import forget_unsent
from aml_magics.workers.cancellation import run_in_thread
from aml_magics.workers.uploads import FOLDERS

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from aml_magics.records.data.data_use import DataFolder, DataInput, DataOutput, DataUse
    from aml_magics.records.data.dataset import DatasetRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

    Interruptible = Callable[[], AbstractContextManager[None]]

OWN: Final = ".aml_magics_data"
"""The folder in the script's folder for data without a chosen path."""

MODES_VARIABLE: Final = "AZUREML_DATASET_ENVIRONMENT_VARS"
_SHOWN: Final = 5


class Data:
    """The data of one run.

    Args:
        use: the script's inputs and outputs.
        folder: the script's working folder.
        say: writes lines to the log of the run.
    """

    def __init__(
        self,
        store: Store,
        record: RunRecord,
        use: DataUse,
        folder: Path,
        say: Callable[[str], None],
    ) -> None:
        self._store = store
        self._record = record
        self._use = use
        self._folder = folder
        self._say = say
        self._written: dict[str, Path] = {}
        self._filled: dict[str, Path] = {}
        self.values: dict[str, str] = {}
        """The values of the placeholders."""
        self.variables: dict[str, str] = {}
        """Environment variables for the data."""

    # -- before the script --------------------------------------------------------------------

    def bring(self, interruptible: Interruptible) -> None:
        """Mount and copy the inputs, and create the output folders.

        Args:
            interruptible: in its context a cancel request raises.

        Raises:
            AmlError: a datastore is unreachable or refuses, nothing is found, or a path is taken.
        """
        if self._use.is_written:
            pending_upload.prepare(self._store, self._record.id)
        for one in self._use.inputs:
            self.values[one.placeholder] = run_in_thread(partial(self._input, one), interruptible)
        for output in self._use.outputs:
            if output.mechanism != "Link":
                path = self._target("outputs", output.name, output.path_on_compute)
                if output.results:  # else the script makes it, a folder or a file
                    self._made(path)
                self._written[output.name] = path
                self._note(output.name, output.placeholder, str(path))
                self.values[f"{REFERENCE_PLACEHOLDER}{output.name}"] = str(path)
            else:
                self.values[output.placeholder] = output.name
        for folder in self._use.folders:
            path_ = run_in_thread(partial(self._reference, folder), interruptible)
            self._note(folder.name, folder.placeholder, path_)
        self._tell()

    def _input(self, one: DataInput) -> str:
        """The value passed to the script for an input: an id, or a path."""
        from aml_magics.services.data import dataset

        record = dataset.get_by_id(self._store, one.dataset)
        if one.mechanism == "Direct":
            return record.id
        target = self._target("inputs", one.name, one.path_on_compute)
        self._tell_changed(one, record)
        path = self._mounted(record.definition, target) if one.mechanism == "Mount" else ""
        path = path or self._copied(record.definition, target)
        dataset.use(
            self._store,
            self._record,
            record,
            role="input",
            name=one.name,
            mechanism=one.mechanism,
            path=path,
        )
        return path

    def _reference(self, one: DataFolder) -> str:
        """The path of a data reference, to read or to write."""
        target = self._target("references", one.name, one.path_on_compute)
        if one.mechanism == "Upload":
            self._filled[one.name] = self._made(target)
            return str(target)
        definition = Definition("file", (Location(one.path, one.datastore),))
        try:
            return self._brought(one, definition, target)
        except DataNotFoundError:
            if not one.may_be_empty:
                raise
            return str(self._made(target))

    def _brought(self, one: DataFolder, definition: Definition, target: Path) -> str:
        if one.mechanism == "Mount":
            return self._mounted(definition, target)
        copied = self._copied(definition, target, overwrite=one.overwrite)
        single = target / one.path.rpartition("/")[2]
        return str(single) if one.path and single.is_file() else copied

    def _mounted(self, definition: Definition, target: Path) -> str:
        from aml_magics.services.data.mount import mount

        if target.exists() or target.is_symlink():
            raise DataAccessError(
                f"Data cannot be mounted at {self._shown(target)!r}: the folder that was submitted has that already. "
                "Choose another path_on_compute."
            )
        return str(mount(self._store, definition, target))

    def _copied(self, definition: Definition, target: Path, *, overwrite: bool = False) -> str:
        from aml_magics.services.data.mount import copy

        copy(self._store, definition, self._made(target), overwrite=overwrite)
        return str(target)

    def _tell_changed(self, one: DataInput, record: DatasetRecord) -> None:
        from aml_magics.services.data.fingerprint import changed_files

        if record.name is None and not record.former:
            return  # saved just for this run
        changed = changed_files(self._store, record)
        if changed:
            more = f" and {len(changed) - _SHOWN:,} more" if len(changed) > _SHOWN else ""
            self._say(
                f"Input {one.name!r}: files changed since its dataset was kept: {', '.join(changed[:_SHOWN])}{more}."
            )

    def _target(self, kind: str, name: str, wanted: str | None) -> Path:
        """The path of data, always below the script's folder."""
        own = self._folder / OWN
        if wanted is None:
            target = own / kind / name
        elif wanted.startswith("/"):
            target = own / "root" / wanted.lstrip("/")
            self._say(
                f"{name!r} lies at {target}: path_on_compute {wanted!r} is outside of the run's folder."
            )
        else:
            target = self._folder / wanted
        self._made(target.parent)
        return target

    def _made(self, folder: Path) -> Path:
        """Create a folder; DataAccessError if anything but folders is on its path."""
        try:
            is_inside = folder.resolve().is_relative_to(self._folder.resolve())
            if is_inside:
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataAccessError(
                f"There can be no folder {self._shown(folder)!r} for data: {error.strerror}. Choose another "
                "path_on_compute."
            ) from error
        if not is_inside:
            raise DataAccessError(
                f"The folder {self._shown(folder)!r} leads out of the run's; choose another path_on_compute."
            )
        return folder

    def _shown(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix()

    def _note(self, name: str, placeholder: str, path: str) -> None:
        self.values[placeholder] = path
        self.variables[f"{REFERENCE_VARIABLE}{name}"] = path

    def _tell(self) -> None:
        """Set the environment variables of inputs and output folders."""
        if not self._use:
            return
        names = {one.name for one in self._use.inputs}
        for one in self._use.inputs:
            value = self.values[one.placeholder]
            if one.mechanism != "Direct":
                self.variables[f"{REFERENCE_VARIABLE}{one.name}"] = value
            if is_variable(one.name):
                self.variables[one.name] = value
                if one.name.upper() not in names:
                    self.variables[one.name.upper()] = value
        self.variables[MODES_VARIABLE] = ",".join(
            f"{one.name}:{one.mechanism}" for one in self._use.inputs
        )
        written = {name: str(path) for name, path in self._written.items()}
        self.variables[OUTPUTS_VARIABLE] = json.dumps(written)

    # -- after the script ---------------------------------------------------------------------

    def send(self, status: RunStatus, interruptible: Interruptible) -> None:
        """Upload outputs: all of them after completion, only mounted ones after a failure.

        What cannot be uploaded is moved out of the script's folder and kept.

        Args:
            status: how the script ended.
            interruptible: in its context a cancel request raises.

        Raises:
            AmlError: the script completed, and a datastore is unreachable or refuses, or a dataset cannot
                be made.
        """
        is_complete = status is RunStatus.COMPLETED
        if is_complete:
            pending_upload.set_complete(self._store, self._record.id)
        self._keep(is_complete=is_complete)
        work = partial(pending_upload.deliver, self._store, self._record, self._use)
        problem = run_in_thread(work, interruptible).problem
        if problem and is_complete:
            raise problem
        if problem:
            self._say(str(problem))

    def forget(self) -> None:
        """Remove pending uploads: nobody wants the outputs of a canceled run."""
        forget_unsent(self._store, self._record.id)

    def _keep(self, *, is_complete: bool) -> None:
        """Move outputs out of the script's folder, which is deleted with the run."""
        for output in self._use.outputs:
            path = self._written.get(output.name)
            if path is None or not (is_complete or output.mechanism == "Mount"):
                continue
            is_misplaced = bool(output.results) and path.is_file()  # a dataset is made of a folder
            if self._has_files(path, output.globs) and not is_misplaced:
                self._move(output, path)
            else:
                self._say(f"Output {output.name!r} has no files: nothing was kept of it.")
        for one in self._use.folders:
            filled = self._filled.get(one.name)
            if filled is not None and is_complete and self._has_files(filled):
                self._move(one, filled)

    def _has_files(self, path: Path, globs: tuple[str, ...] = ()) -> bool:
        """Whether there are files to upload; never for a path that left the run's folder."""
        is_own = path.resolve().is_relative_to(self._folder.resolve())
        return is_own and bool(written_files(path, globs))

    def _move(self, part: DataOutput | DataFolder, path: Path) -> None:
        """Files in ``outputs`` or ``logs`` stay with the run, too."""
        is_shared = path.relative_to(self._folder).parts[0] in FOLDERS
        pending_upload.set_aside(self._store, self._record.id, part, path, is_shared=is_shared)
