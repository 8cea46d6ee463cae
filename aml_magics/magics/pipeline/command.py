"""``%aml pipeline run|show|clear``: what a notebook does with the pipeline of its cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aml_magics.commands._base import Answer
from aml_magics.commands._parser import Parser
from aml_magics.errors import UsageError
from aml_magics.magics.options import pairs, scalar
from aml_magics.magics.pipeline.notebook import pipeline_of
from aml_magics.sdk.run.run import Run
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.pipeline.submission import submit
from aml_magics.views.pipeline.output import pipeline_output
from aml_magics.views.pipeline.pipeline import pipeline_view

if TYPE_CHECKING:
    from argparse import Namespace

    from IPython.core.interactiveshell import InteractiveShell

_NAME: Final = "notebook"


def run_parser() -> Parser:
    """The options of ``%aml pipeline run``."""
    parser = Parser(
        "%aml pipeline run", "Run the pipeline of the cells that began with %%aml_step."
    )
    add = parser.add_argument
    add("--name", metavar="N", help="of the pipeline")
    add("--experiment", metavar="E", help="else the notebook's")
    several: dict[str, Any] = {"nargs": "+", "action": "extend", "default": []}
    add("--param", **several, metavar="K=V", help="values of parameters, else their defaults")
    add("--no-reuse", action="store_true", help="run all steps, also where nothing changed")
    add(
        "--wait", action="store_true", help="wait for its end; a pipeline that fails fails the cell"
    )
    return parser


def answer(shell: InteractiveShell, deed: str, words: list[str], experiment: str) -> Answer:
    """Run, show or forget the steps of the notebook.

    Raises:
        UsageError: there is nothing to run, or the words are not of the command's form.
        PipelineError: the steps cannot run as they are written.
        RunFailedError: it was to be waited for, and failed.
    """
    pipeline = pipeline_of(shell)
    if deed == "run":
        return _run(shell, run_parser().parse_args(words), experiment)
    if words:
        raise UsageError(
            f"`%aml pipeline {deed}` takes nothing more, and there is {words[0]!r:.60}."
        )
    if deed == "clear":
        pipeline.clear()
    text = pipeline.table()
    return Answer.of_text(text, text)


def _run(shell: InteractiveShell, options: Namespace, experiment: str) -> Answer:
    workspace = Workspace.from_config()
    store = workspace.store
    graph = pipeline_of(shell).compiled(store, options.name or _NAME)
    given = pairs("--param", options.param)
    record = submit(
        store,
        options.experiment or experiment,
        graph,
        parameters={name: scalar(text) for name, text in given.items()},
        regenerate_outputs=options.no_reuse,
        name=options.name,
    )
    run = Run.get(workspace, record.id)
    shell.push({"run": run})  # type: ignore[no-untyped-call]
    if options.wait:
        run.wait_for_completion()
    return Answer.of_output(lambda: pipeline_output(pipeline_view(store, run.record)), lambda: run)
