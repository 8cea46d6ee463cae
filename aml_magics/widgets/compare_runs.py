"""The live comparison of runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.commands._frame import run_frame
from aml_magics.errors import InvalidArgumentError
from aml_magics.sdk.run.run import Run
from aml_magics.views.compare.compare import compare_view
from aml_magics.views.compare.output import compare_output
from aml_magics.widgets._base import LiveWidget
from aml_magics.widgets._selection import Selection

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from aml_magics.views.static.output import Output


class CompareRuns(Selection, LiveWidget):
    """Live comparison of runs; the runs selected in it, such as by brushing, are ``selected``.

    Args:
        runs: two or more runs of one workspace, in the order of the columns.

    Raises:
        InvalidArgumentError: fewer, something else, or runs of several workspaces.
    """

    _kind = "compare"

    def __init__(self, runs: Iterable[Run]) -> None:
        self.runs = _compared(runs)
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

    def _draw(self) -> Output:
        view = compare_view(self._store, [run.record for run in self.runs])
        return compare_output(self._store.record.name, view)

    def _subject(self) -> dict[str, Any]:
        return {"runs": [run.id for run in self.runs]}

    def _known_ids(self, ids: list[str]) -> list[str]:
        compared = {run.id for run in self.runs}
        return [one for one in ids if one in compared]

    def _offered(self) -> list[str]:
        return [run.id for run in self.runs]


def _compared(runs: Iterable[Run]) -> list[Run]:
    listed = [runs] if isinstance(runs, Run) else list(runs)
    for one in listed:
        if not isinstance(one, Run):
            raise InvalidArgumentError(
                f"CompareRuns takes Run objects, not {type(one).__name__} ({one!r:.60}); "
                "Run.get(workspace, run_id) gives one."
            )
    found = list({run.id: run for run in listed}.values())
    if len(found) < 2:
        raise InvalidArgumentError(
            f"CompareRuns takes two or more runs, and was given {len(found)}; add another."
        )
    if len({run._workspace for run in found}) > 1:  # noqa: SLF001 -- as in RunWidget
        raise InvalidArgumentError(
            "CompareRuns takes runs of one workspace, and these are of several; compare those of each."
        )
    return found
