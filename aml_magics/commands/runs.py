"""``runs``: list runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._frame import run_frame
from aml_magics.commands._parser import whole_number
from aml_magics.commands._suggestion import (
    RUN_HELP,
    experiment_names,
    field_words,
    run_words,
)
from aml_magics.records.status import RunStatus
from aml_magics.services.run import experiment as experiments
from aml_magics.services.run import run as runs
from aml_magics.services.run.search import Query, find_keys, records_of
from aml_magics.views.run.output import run_table_output
from aml_magics.views.run.query import goals_of
from aml_magics.views.run.table import run_table_view

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping

    from aml_magics.commands._parser import Parser
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.views.text.encoding import JsonValue

_STATUSES = [str(status) for status in RunStatus]
_BY_LOWER_CASE = {status.lower(): status for status in _STATUSES}


class RunsCommand(Command):
    """Lists runs; the value is a DataFrame with one row per run."""

    summary = "List runs, the newest first."
    details = """\
filters compare params, metrics, tags, properties and columns of the table, such as status and created,
by = != < <= > >=, [not] like, [not] in (...) and is [not] null, joined by and, or, not and brackets:
  --filter "metrics.accuracy > 0.9 and params.lr < 0.1"
  --filter "tags.stage in (final, 'to review') and created > 2024-05-01"
archived runs are left out unless a filter asks for them; runs can also have a star:
  --filter "archived = true" and --filter "starred = true"
sorting is upwards unless it says desc:
  --sort "metrics.accuracy desc"
"""

    def arguments(self, parser: Parser) -> None:
        """Declare filter, order, columns and limit."""
        parser.add_argument("runs", nargs="*", metavar="RUN", help=f"only these runs: {RUN_HELP}")
        parser.add_argument("--experiment", metavar="NAME", help="runs of this experiment")
        parser.add_argument(
            "--status", type=_status, choices=_STATUSES, metavar="STATUS", help=_status_help()
        )
        parser.add_argument("--filter", default="", metavar="CONDITION", help="runs that meet it")
        parser.add_argument("--sort", default="", metavar="ORDER", help="such as 'metrics.loss'")
        parser.add_argument(
            "--goal",
            action="append",
            default=[],
            metavar="METRIC:WAY",
            help="mark the best value of a metric: 'loss:min' or 'speed:max'; may be given again",
        )
        parser.add_argument("--limit", type=whole_number, metavar="N", help="at most N runs")

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """List the runs."""
        store = workspace.store
        goals = goals_of(options.goal)
        if options.experiment is not None:
            experiments.get(store, options.experiment)
        ids = list(dict.fromkeys(runs.find(store, text).id for text in options.runs)) or None
        query = Query(
            experiment=options.experiment, status=options.status, filter=options.filter, ids=ids
        )
        query.refuse_unknown(store, options.sort)
        keys, _ = find_keys(store, query, sort=options.sort, limit=options.limit)
        records = records_of(store, keys)
        live = _live_query(options, ids, goals)
        return Answer.of_output(
            lambda: run_table_output(store.record.name, run_table_view(store, records), live),
            lambda: run_frame(store, records),
        )

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest experiments, runs, and fields to filter and sort by."""
        if name == "runs":
            return run_words(workspace)
        if name in ("filter", "sort"):
            return field_words(workspace)
        return experiment_names(workspace) if name == "experiment" else []


def _live_query(
    options: Namespace, ids: list[str] | None, goals: Mapping[str, str]
) -> dict[str, JsonValue]:
    """The query that a live table repeats, as ``RunQuery``."""
    found: dict[str, JsonValue] = {
        "experiment": options.experiment,
        "status": options.status,
        "filter": options.filter,
        "sort": options.sort,
        "limit": options.limit,
        "ids": None if ids is None else list(ids),
        "goals": dict(goals),
    }
    return {name: value for name, value in found.items() if value}


def _status(text: str) -> str:
    """Return the status in its own spelling; an unknown one is left for the query to refuse."""
    return _BY_LOWER_CASE.get(text.lower(), text)


def _status_help() -> str:
    return f"runs with this status: {', '.join(_STATUSES)}"
