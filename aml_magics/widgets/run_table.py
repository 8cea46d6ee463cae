"""The live table of runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.commands._frame import run_frame
from aml_magics.errors import InvalidArgumentError
from aml_magics.sdk.run.run import Run
from aml_magics.services.run import experiment as experiments
from aml_magics.services.run import run as found_runs
from aml_magics.services.run.search import records_of
from aml_magics.views.run.query import MOST_ROWS, goals_of, run_query
from aml_magics.widgets._base import LiveWidget
from aml_magics.widgets._choice import workspace_of
from aml_magics.widgets._selection import Selection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.run.experiment import Experiment
    from aml_magics.sdk.workspace.workspace import Workspace


class RunTable(Selection, LiveWidget):
    """Live table of runs; ``selected`` is synchronized with the selection in it.

    Args:
        runs: handles or ids of the runs to show; None for all.
        experiment: restricts to an experiment, by name or handle.
        filter: such as ``metrics.accuracy > 0.9 and params.lr < 0.1``.
        sort: such as ``metrics.accuracy desc``.
        status: restricts to a status.
        goal: how the best value of a metric is told: ``loss:min``, or several of them.
        limit: maximum number of runs; None shows the first 100.
        workspace: the workspace to search; by default that of the runs or the experiment, else this folder's.

    Raises:
        InvalidArgumentError: ``runs`` holds something else.
        UsageError: another argument has the wrong type.
        InvalidFilterError: a filter, order or status that cannot be read, or that names what none
            of the runs has.
        NotFoundError: there is no such run or experiment.
    """

    _kind = "runs"

    def __init__(
        self,
        runs: Iterable[Run | str] | None = None,
        *,
        experiment: Experiment | str | None = None,
        filter: str = "",
        sort: str = "",
        status: str | None = None,
        goal: str | Sequence[str] = (),
        limit: int | None = None,
        workspace: Workspace | None = None,
    ) -> None:
        listed = None if runs is None else _listed(runs)
        place = workspace or workspace_of(listed or (), experiment)
        asked = {
            "experiment": getattr(experiment, "name", experiment),
            "filter": filter,
            "sort": sort,
            "status": status,
            "limit": limit,
            "goals": goals_of(goal),
        }
        self._query: dict[str, Any] = {field: value for field, value in asked.items() if value}
        if listed is not None:
            self._query["ids"] = list(dict.fromkeys(_id_of(place, one) for one in listed))
        query = run_query(self._query)
        if query.experiment:
            experiments.get(place.store, query.experiment)
        query.refuse_unknown(place.store)
        super().__init__(place)

    def dataframe(self, selected: bool = False) -> pd.DataFrame:
        """The runs of the table as a DataFrame with one row per run.

        Args:
            selected: only the selected runs.
        """
        if selected:
            return run_frame(self._store, [run.record for run in self.selected_runs()])
        return run_frame(self._store, self._records())

    def __repr__(self) -> str:
        words = (f"{field}={value!r:.60}" for field, value in self._query.items())
        return f"RunTable({', '.join(words)})"

    def _subject(self) -> dict[str, Any]:
        return {"query": self._query}

    def _records(self) -> list[RunRecord]:
        query = run_query({"limit": MOST_ROWS, **self._query})
        return records_of(self._store, query.keys(self._store)[0])


def _listed(runs: Iterable[Run | str]) -> list[Run | str]:
    listed: list[Run | str] = [runs] if isinstance(runs, Run | str) else list(runs)
    for one in listed:
        if not isinstance(one, Run | str):
            raise InvalidArgumentError(
                f"A table of runs takes Run objects or ids, not {type(one).__name__} ({one!r:.60})."
            )
    return listed


def _id_of(workspace: Workspace, run: Run | str) -> str:
    return run.id if isinstance(run, Run) else found_runs.find(workspace.store, run).id
