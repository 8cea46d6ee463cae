"""``compare``: show runs side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._comparison import compared_query, directions_of, is_lone_filter
from aml_magics.commands._frame import run_frame
from aml_magics.commands._parser import whole_number
from aml_magics.commands._suggestion import (
    RUN_HELP,
    experiment_names,
    field_words,
    metric_words,
    run_words,
)
from aml_magics.errors import UsageError, did_you_mean
from aml_magics.services.run import run as runs
from aml_magics.services.run.metric import heads
from aml_magics.views.compare.compare import compare_view
from aml_magics.views.compare.output import compare_output
from aml_magics.views.compare.subject import MOST, CompareSubject

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Sequence

    from aml_magics.commands._parser import Parser
    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.store.store import Store
    from aml_magics.views.compare.compare import CompareView


class CompareCommand(Command):
    """Compares runs; the value is a DataFrame with one row a run."""

    summary = "Compare runs: parameters, metrics and curves beside each other."
    details = """\
all runs that meet a condition, also of one experiment:
  compare "metrics.loss < 0.2"
  compare --experiment tumours --filter "params.depth > 2"
a goal names the metric to look at first, and says which way is better where its name does not:
  compare --experiment tumours --goal "gap:min"
"""

    def arguments(self, parser: Parser) -> None:
        """Declare the runs, the query and the goals."""
        parser.add_argument("runs", nargs="*", metavar="RUN", help=f"{RUN_HELP}; or a condition")
        parser.add_argument("--experiment", metavar="NAME", help="all runs of this experiment")
        parser.add_argument("--filter", default="", metavar="CONDITION", help="runs that meet it")
        parser.add_argument("--sort", default="", metavar="ORDER", help="such as 'metrics.loss'")
        parser.add_argument(
            "--limit",
            type=whole_number,
            metavar="N",
            help=f"at most N runs, {MOST:,} unless told",
        )
        parser.add_argument(
            "--goal", action="append", default=[], metavar="METRIC:min", help="or METRIC:max"
        )

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Compare the runs."""
        store = workspace.store
        subject = _subject(store, options)
        records, more = subject.records(store)
        _refuse_unknown(store, records, subject.goals)

        def view() -> CompareView:
            return compare_view(store, records, goals=subject.goals, more=more)

        return Answer.of_output(
            lambda: compare_output(store.record.name, view(), subject),
            lambda: run_frame(store, records),
        )

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest runs, experiments, fields and metrics."""
        if name == "runs":
            return run_words(workspace)
        if name in ("filter", "sort"):
            return field_words(workspace)
        if name == "goal":
            return [
                f"{metric}:{way}" for metric in metric_words(workspace) for way in ("min", "max")
            ]
        return experiment_names(workspace) if name == "experiment" else []


def _subject(store: Store, options: Namespace) -> CompareSubject:
    """The named runs, or the query, never both."""
    goals = directions_of(options.goal)
    words, condition = options.runs, options.filter.strip()
    if len(words) == 1 and not condition and is_lone_filter(store, words[0]):
        words, condition = [], words[0]
    is_query = bool(options.experiment or condition)
    if is_query == bool(words):
        raise UsageError(
            "`compare` takes runs or a query, not both: leave out the runs, or --experiment and --filter."
            if is_query
            else "`compare` takes two or more runs, or --experiment NAME for all of an experiment: "
            "`%aml runs` lists runs."
        )
    if words:
        return CompareSubject(runs=_named(store, words), goals=goals)
    query = compared_query(
        store,
        experiment=options.experiment or "",
        filter=condition,
        sort=options.sort,
        limit=options.limit,
    )
    return CompareSubject(query=query, goals=goals)


def _refuse_unknown(store: Store, records: Sequence[RunRecord], goals: Iterable[str]) -> None:
    """Refuse a goal that no run has; one that still runs may log it later."""
    if not goals or any(not record.status.is_terminal for record in records):
        return
    known = {head.name for found in heads(store, records).values() for head in found}
    for name in goals:
        if name not in known:
            raise UsageError(
                f"None of the {len(records)} runs has a metric {name!r:.60}."
                f"{did_you_mean(name, known)} --goal takes one that they have."
            )


def _named(store: Store, words: Sequence[str]) -> tuple[str, ...]:
    found = {record.id: record for record in (runs.find(store, text) for text in words)}
    if len(found) == 1:
        (record,) = found.values()
        raise UsageError(
            f"`compare` takes two or more runs, and {' '.join(words)} is one "
            f"({record.name}); add another: `%aml runs` lists them."
        )
    return tuple(found)
