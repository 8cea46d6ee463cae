"""``submit``: run a script in the background."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._parser import Parser
from aml_magics.commands._suggestion import compute_names, experiment_names
from aml_magics.errors import UsageError
from aml_magics.sdk.environment.environment import Environment
from aml_magics.sdk.job.script_run_config import ScriptRunConfig
from aml_magics.sdk.run.experiment import Experiment
from aml_magics.sdk.workspace.session import LAST_RESORT, default_experiment
from aml_magics.services.environment import registry as environments
from aml_magics.views.text.format import short_id

if TYPE_CHECKING:
    import argparse
    from argparse import Namespace
    from collections.abc import Sequence

    from aml_magics.sdk.run.run import Run
    from aml_magics.sdk.workspace.workspace import Workspace

ARGUMENTS: Final = "--args"


class SubmitParser(Parser):
    """A parser that leaves the words after ``--args`` to the script."""

    def parse_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> argparse.Namespace:
        """Parse the words; those of the script become ``script_arguments``."""
        words = list(args or [])
        end = words.index(ARGUMENTS) if ARGUMENTS in words else len(words)
        values = super().parse_args(words[:end], namespace)
        values.script_arguments = words[end + 1 :]
        return values


class SubmitCommand(Command):
    """Submits a script; the value is the handle of its run."""

    summary = "Run a script in the background: a run that goes on without this notebook."
    details = """\
what follows --args goes to the script as it is:
  submit train.py --experiment tumours --args --rate 0.1 --name "a b"
the folder of the script is kept with the run, and the script runs in a copy of it
"""

    def parser(self, prog: str) -> Parser:
        """Return a :class:`SubmitParser`."""
        parser = SubmitParser(prog, self.summary, self.details)
        self.arguments(parser)
        return parser

    def arguments(self, parser: Parser) -> None:
        """Declare the script, and how to run it."""
        parser.add_argument("script", metavar="PATH", help="the script")
        parser.add_argument("--source", metavar="FOLDER", help="folder to keep, else the script's")
        parser.add_argument("--experiment", metavar="NAME", help="else the script's name")
        parser.add_argument("--environment", metavar="NAME", help="else this interpreter")
        parser.add_argument("--compute", metavar="NAME", help="a compute target, else this machine")
        parser.add_argument("--name", metavar="NAME", help="what people call the run")
        parser.add_argument("--tag", nargs="+", default=[], metavar="K=V", help="tags")
        parser.add_argument(
            "--max-seconds", type=float, metavar="S", help="cancel it after so long"
        )

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Queue the run and show it."""
        run = submit_script(workspace, options)
        record = run._record  # noqa: SLF001 -- as it was queued
        return Answer.of_begun(f"Run {record.name!r} ({short_id(run.id)}) is {record.status}.", run)

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest experiments, environments and compute targets."""
        if name == "compute":
            return compute_names(workspace)
        if name == "environment":
            return [one.name for one in environments.list_environments(workspace.store)]
        return experiment_names(workspace) if name == "experiment" else []


def submit_script(workspace: Workspace, options: Namespace) -> Run:
    """Submit the script that parsed options name.

    Raises:
        SubmissionError: no such script, or a folder that cannot be kept.
        ComputeTargetError: no compute target of that name, or none that takes runs.
        EnvironmentNotFoundError: no environment of that name.
        UsageError: a tag without a value.
    """
    path = Path(options.script)
    folder = Path(options.source) if options.source else path.parent
    script = path.relative_to(folder) if path.is_relative_to(folder) else path
    environment = options.environment and Environment.get(workspace, options.environment)
    config = ScriptRunConfig(
        folder,
        script=str(script),
        arguments=options.script_arguments,
        environment=environment or None,
        compute_target=options.compute,
        **_limit(options.max_seconds),
    )
    name = options.experiment or default_experiment() or path.stem or LAST_RESORT
    run = Experiment(workspace, name).submit(config, tags=_tags(options.tag))
    if options.name:
        run.display_name = options.name
    return run


def _limit(seconds: float | None) -> dict[str, Any]:
    return {} if seconds is None else {"max_run_duration_seconds": seconds}


def _tags(pairs: list[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        name, given, value = pair.partition("=")
        if not given:
            raise UsageError(f"--tag takes NAME=VALUE, not {pair!r:.60}.")
        found[name] = value
    return found
