"""The live comparison of runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.commands._comparison import compared_query, directions_of, is_lone_filter
from aml_magics.commands._frame import run_frame
from aml_magics.errors import InvalidArgumentError
from aml_magics.sdk.run.run import Run
from aml_magics.services.run.search import records_of
from aml_magics.views.compare.subject import FEWEST
from aml_magics.widgets._base import LiveWidget
from aml_magics.widgets._choice import run_of, workspace_of
from aml_magics.widgets._selection import Selection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from aml_magics.sdk.run.experiment import Experiment
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.views.run.query import RunQuery


class CompareRuns(Selection, LiveWidget):
    """Live comparison of runs; the runs selected in it, such as by brushing, are ``selected``.

    Args:
        runs: two or more runs of one workspace, in the order of the columns: handles, names or ids. Or a
            condition, such as ``metrics.loss < 0.2``, for all runs that meet it, also later.
        workspace: where to look for them; by default that of the handles, else this folder's.
        experiment: all runs of an experiment, by name or handle.
        filter: a condition, as ``runs`` may be.
        sort: the order of a query, such as ``metrics.loss``.
        limit: at most so many runs of a query; 1,000 unless told.
        goal: the metric to look at first, and which way is better: ``loss:min``, or several of them.

    Raises:
        InvalidArgumentError: fewer, something else, runs and a query, or runs of several workspaces.
        RunNotFoundError: no run is called so.
        ExperimentNotFoundError: there is no such experiment.
        InvalidFilterError: a filter or order that cannot be read, or that names what no run has.
        UsageError: fewer than two runs meet the query, or a goal cannot be read.
    """

    _kind = "compare"

    def __init__(
        self,
        runs: Iterable[Run | str] | None = None,
        workspace: Workspace | None = None,
        *,
        experiment: Experiment | str | None = None,
        filter: str = "",
        sort: str = "",
        limit: int | None = None,
        goal: str | Sequence[str] = (),
    ) -> None:
        listed = [runs] if isinstance(runs, Run | str) else None if runs is None else list(runs)
        place = workspace or workspace_of(listed or (), experiment)
        condition = filter.strip()
        if isinstance(runs, str) and not condition and is_lone_filter(place.store, runs):
            listed, condition = None, runs
        if bool(experiment or condition) == (listed is not None):
            raise InvalidArgumentError(
                "CompareRuns takes runs, or a query of a filter or an experiment; give one of the two."
            )
        self._goals = directions_of(goal)
        self._named = [] if listed is None else _compared(listed, place)
        self._query: RunQuery | None = None
        if listed is None:
            name = experiment if isinstance(experiment, str) else getattr(experiment, "name", "")
            self._query = compared_query(
                place.store, experiment=name, filter=condition, sort=sort, limit=limit
            )
        super().__init__(place)

    @property
    def runs(self) -> list[Run]:
        """The compared runs; of a query those that meet it now."""
        if self._query is None:
            return list(self._named)
        keys, _ = self._query.keys(self._store)
        return [Run.get(self._handle, one.id) for one in records_of(self._store, keys)]

    def dataframe(self, selected: bool = False) -> pd.DataFrame:
        """The runs as a DataFrame with one row per run.

        Args:
            selected: only the selected runs.
        """
        runs = self.selected_runs() if selected else self.runs
        return run_frame(self._store, [run.record for run in runs])

    def __repr__(self) -> str:
        if self._query is None:
            return f"CompareRuns({', '.join(repr(run.name) for run in self._named)})"
        words = (f"{field}={value!r:.60}" for field, value in self._query.given.items())
        return f"CompareRuns({', '.join(words)})"

    def _subject(self) -> dict[str, Any]:
        goals = {"goals": self._goals} if self._goals else {}
        if self._query is None:
            return {"runs": [run.id for run in self._named], **goals}
        return {"query": self._query.given, **goals}

    def _known_ids(self, ids: list[str]) -> list[str]:
        compared = set(self._offered())
        return [one for one in ids if one in compared]

    def _offered(self) -> list[str]:
        if self._query is None:
            return [run.id for run in self._named]
        keys, _ = self._query.keys(self._store)
        return [record.id for record in records_of(self._store, keys)]


def _compared(listed: Sequence[Run | str], place: Workspace) -> list[Run]:
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
