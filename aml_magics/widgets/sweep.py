"""The live panel of a sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.commands.sweep._frame import trial_frame
from aml_magics.services.sweep.result import results, sweep_of
from aml_magics.widgets._base import LiveWidget
from aml_magics.widgets._choice import run_of
from aml_magics.widgets._selection import Selection

if TYPE_CHECKING:
    import pandas as pd

    from aml_magics.sdk.run.run import Run
    from aml_magics.sdk.workspace.workspace import Workspace


class SweepWidget(Selection, LiveWidget):
    """Live panel of a sweep; the trials that are brushed or picked in it are ``selected``.

    Args:
        sweep: the run of a sweep: a handle, or its name or id.
        workspace: where to look for it; by default that of the handle, else this folder's.

    Raises:
        InvalidArgumentError: ``sweep`` is neither.
        RunNotFoundError: no run is called so.
        SweepError: the run is no sweep.
    """

    _kind = "sweep"

    def __init__(self, sweep: Run | str, workspace: Workspace | None = None) -> None:
        self._run = run_of(sweep, workspace, type(self).__name__)
        place = self._run._workspace  # noqa: SLF001 -- as in RunWidget
        sweep_of(place.store, self._run.record)
        super().__init__(place)

    def dataframe(self, selected: bool = False) -> pd.DataFrame:
        """The trials as a DataFrame with one row per trial: values, status, best primary metric.

        Args:
            selected: only those that are selected.
        """
        ids = set(self.selected) if selected else None
        return trial_frame(self._store, self._run.record, ids)

    def __repr__(self) -> str:
        return f"SweepWidget({self._run.name!r}, status={str(self._run.record.status)!r})"

    def _subject(self) -> dict[str, Any]:
        return {"run": self._run.id}

    def _known_ids(self, ids: list[str]) -> list[str]:
        trials = set(self._offered())
        return [one for one in ids if one in trials]

    def _offered(self) -> list[str]:
        return [one.run_id for one in results(self._store, self._run.record)]
