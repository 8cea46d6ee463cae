"""The live comparison of runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.commands._frame import run_frame
from aml_magics.errors import InvalidArgumentError
from aml_magics.sdk.run.run import Run
from aml_magics.views.compare.subject import FEWEST
from aml_magics.widgets._base import LiveWidget
from aml_magics.widgets._choice import run_of
from aml_magics.widgets._selection import Selection

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from aml_magics.sdk.workspace.workspace import Workspace


class CompareRuns(Selection, LiveWidget):
    """Live comparison of runs; the runs selected in it, such as by brushing, are ``selected``.

    Args:
        runs: two or more runs of one workspace, in the order of the columns: handles, names or ids.
        workspace: where to look for them; by default that of the handles, else this folder's.

    Raises:
        InvalidArgumentError: fewer, something else, or runs of several workspaces.
        RunNotFoundError: no run is called so.
    """

    _kind = "compare"

    def __init__(self, runs: Iterable[Run | str], workspace: Workspace | None = None) -> None:
        self.runs = _compared(runs, workspace)
        """The compared runs."""
        super().__init__(self.runs[0]._workspace)  # noqa: SLF001 -- as in RunWidget

    def dataframe(self, selected: bool = False) -> pd.DataFrame:
        """The runs as a DataFrame with one row per run.

        Args:
            selected: only the selected runs.
        """
        runs = self.selected_runs() if selected else self.runs
        return run_frame(self._store, [run.record for run in runs])

    def __repr__(self) -> str:
        return f"CompareRuns({', '.join(repr(run.name) for run in self.runs)})"

    def _subject(self) -> dict[str, Any]:
        return {"runs": [run.id for run in self.runs]}

    def _known_ids(self, ids: list[str]) -> list[str]:
        compared = {run.id for run in self.runs}
        return [one for one in ids if one in compared]

    def _offered(self) -> list[str]:
        return [run.id for run in self.runs]


def _compared(runs: Iterable[Run | str], workspace: Workspace | None) -> list[Run]:
    listed = [runs] if isinstance(runs, Run | str) else list(runs)
    handles = [one for one in listed if isinstance(one, Run)]
    place = workspace or (handles[0]._workspace if handles else None)  # noqa: SLF001 -- as in RunWidget
    found = list(
        {run.id: run for run in (run_of(one, place, "CompareRuns") for one in listed)}.values()
    )
    if len(found) < FEWEST:
        raise InvalidArgumentError(
            f"CompareRuns takes two or more runs, and was given {len(found)}; add another."
        )
    if len({run._workspace for run in found}) > 1:  # noqa: SLF001 -- as in RunWidget
        raise InvalidArgumentError(
            "CompareRuns takes runs of one workspace, and these are of several; compare those of each."
        )
    return found
