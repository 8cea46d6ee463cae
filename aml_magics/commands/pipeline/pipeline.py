"""``pipeline``: show one run of a pipeline, or do something with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._suggestion import RUN_HELP
from aml_magics.errors import PipelineError, UsageError, did_you_mean
from aml_magics.records.pipeline.pipeline import PIPELINE_RUN, STEP_RUN
from aml_magics.sdk.run.run import Run
from aml_magics.services.pipeline.rerun import rerun
from aml_magics.services.pipeline.result import step_results
from aml_magics.services.run import run as runs
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.search import search
from aml_magics.views.pipeline.output import pipeline_output
from aml_magics.views.pipeline.pipeline import pipeline_view

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser
    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.store.store import Store

LAST: Final = "last"
ACTIONS: Final = ("cancel", "rerun")
_SUGGESTED: Final = 50


class PipelineCommand(Command):
    """Shows one run of a pipeline; the value is its handle, of ``rerun`` that of the new run."""

    summary = "Show a run of a pipeline: its steps, reuse, logs; cancel or rerun it."
    details = """\
actions:
  cancel        end it with all of its steps
  rerun [STEP]  run it again from a step, by its name; without one, what has not completed

  pipeline last
  pipeline 59b1ca69 rerun train
"""

    def arguments(self, parser: Parser) -> None:
        """Declare the run and what to do with it."""
        parser.add_argument("pipeline", nargs="?", default=LAST, metavar="PIPELINE", help=RUN_HELP)
        parser.add_argument("action", nargs="?", choices=ACTIONS, help="what to do; else show it")
        parser.add_argument("step", nargs="?", metavar="STEP", help="the step to run again from")

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Show the pipeline's panel, or do what is asked."""
        store = workspace.store
        record = _found(store, options.pipeline)
        if options.step is not None and options.action != "rerun":
            raise UsageError(
                f"only rerun takes a step, and {options.step!r} is one; `%aml pipeline {options.pipeline} rerun "
                f"{options.step}` runs it again from there."
            )
        if options.action == "cancel":
            record = cancel(store, record)
        elif options.action == "rerun":
            step = None if options.step is None else _step_id(store, record, options.step)
            record = rerun(store, record, step)
        return Answer.of_output(
            lambda: pipeline_output(pipeline_view(store, record)),
            lambda: Run.get(workspace, record.id),
        )

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest runs of pipelines, newest first."""
        if name != "pipeline":
            return []
        found = _latest(workspace.store, _SUGGESTED)
        return list(dict.fromkeys([LAST, *(one.name for one in found), *(one.id for one in found)]))


def _latest(store: Store, limit: int) -> list[RunRecord]:
    return search(store, type=PIPELINE_RUN, include_children=True, limit=limit)


def _found(store: Store, text: str) -> RunRecord:
    """The run of a pipeline; ``last`` is the newest one, and a step leads to its pipeline."""
    if text == LAST:
        for one in _latest(store, 1):
            return one
        raise PipelineError(
            "No pipeline has run yet; experiment.submit(Pipeline(workspace, steps=[...])) runs one."
        )
    record = runs.find(store, text)
    if record.type == STEP_RUN and record.parent is not None:
        return runs.get(store, record.parent)
    return record


def _step_id(store: Store, record: RunRecord, text: str) -> str:
    """The id of a step by its name or its id; of equal names, the first."""
    steps = [one.step for one in step_results(store, record)]
    for one in steps:
        if text in (one.name, one.id):
            return one.id
    names = [one.name for one in steps]
    raise PipelineError(
        f"The pipeline has no step {text!r:.60}.{did_you_mean(text, names)} It has: {', '.join(names)}."
    )
