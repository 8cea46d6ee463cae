"""The logs of a run, of a live one as far as it has come."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aml_magics.records.artifact import check_artifact_name
from aml_magics.services.run import log

if TYPE_CHECKING:
    import os

    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.workspace.workspace import Workspace

_MOST: Final = 1 << 24
"""Bytes of a log that are given as text; of a longer one the last ones."""

_PIECE: Final = 1 << 20


class RunLogs:
    """Copying logs, and their texts."""

    _workspace: Workspace
    _record: RunRecord

    def get_all_logs(self, destination: str | os.PathLike[str] | None = None) -> list[str]:
        """Copy the run's logs below a folder and return their paths.

        Args:
            destination: the current folder if None.
        """
        root = Path(destination or ".")
        store, record = self._workspace.store, self._record
        paths = []
        for name, kept in self._logs().items():
            path = root / check_artifact_name(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            with log.open_log(store, record, kept) as source, path.open("wb") as copy:
                shutil.copyfileobj(source, copy, _PIECE)
            paths.append(str(path))
        return paths

    def _log_texts(self) -> dict[str, str]:
        """The output alone, where there is any."""
        return {name: self._text(name) for name in self._logs() if name == log.LOG_NAME}

    def _all_log_texts(self) -> dict[str, str]:
        return {name: self._text(kept) for name, kept in self._logs().items()}

    def _text(self, name: str) -> str:
        with log.open_log(self._workspace.store, self._record, name) as file:
            file.seek(max(0, file.seek(0, 2) - _MOST))
            return file.read(_MOST).decode("utf-8", "replace")

    def _logs(self) -> dict[str, str]:
        """The logs by name, and the name under which each is kept now.

        While a submitted run is live its output is one growing file; later it is kept under two names.
        """
        names = log.log_names(self._workspace.store, self._record)
        found = {name: name for name in names}
        if self._is_submitted and log.LOG_NAME in found:
            found.setdefault(log.DRIVER_LOG, log.LOG_NAME)
        return dict(sorted(found.items()))

    _is_submitted = False
    """Whether the output is also known by the name that it has in submitted runs."""
