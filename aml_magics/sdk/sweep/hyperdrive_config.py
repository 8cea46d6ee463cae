"""The configuration of a sweep."""

from __future__ import annotations

import sys
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import SweepError, described
from aml_magics.records.sweep.sweep import Goal
from aml_magics.sdk import handles
from aml_magics.sdk.job.script_run import Submittable, print_left_out
from aml_magics.sdk.run.run import Run
from aml_magics.sdk.sweep.policy import EarlyTerminationPolicy, NoTerminationPolicy
from aml_magics.sdk.sweep.sampling import HyperParameterSampling
from aml_magics.services.sweep import submission
from aml_magics.services.sweep.request import MAX_MINUTES, SweepRequest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.workspace.workspace import Workspace

MAX_DURATION_MINUTES: Final = MAX_MINUTES
_MOST_RESUMED: Final = 5


class PrimaryMetricGoal(Enum):
    """Whether a higher or a lower primary metric is better."""

    MAXIMIZE = "MAXIMIZE"
    MINIMIZE = "MINIMIZE"

    @staticmethod
    def from_str(goal: str) -> PrimaryMetricGoal:
        """The goal of a text such as ``"maximize"``.

        Raises:
            SweepError: it is neither.
        """
        try:
            return PrimaryMetricGoal[str(goal).upper()]
        except KeyError:
            raise SweepError(
                f"primary_metric_goal is PrimaryMetricGoal.MAXIMIZE or MINIMIZE, not {described(goal)}."
            ) from None


class HyperDriveConfig:
    """A script with the space of its parameters, and how to search it.

    Args:
        hyperparameter_sampling: how the values of the trials are chosen.
        primary_metric_name: a metric that the script logs.
        primary_metric_goal: whether a higher or a lower one is better.
        max_total_runs: how many trials; a finite space may have fewer.
        max_concurrent_runs: how many go on at once.
        max_duration_minutes: after this time trials that go on are canceled.
        policy: which trials are ended early; None for none.
        estimator: the script, in place of ``run_config``.
        run_config: the script, a ScriptRunConfig.
        resume_from: sweeps to learn from.
        resume_child_runs: trials of other sweeps to run again first.
        pipeline: not offered.
        debug_flag: accepted as in Azure.
        custom_run_id: the id of the sweep's run.

    Raises:
        SweepError: what could not run is refused here, not by the trials.
    """

    def __init__(
        self,
        hyperparameter_sampling: HyperParameterSampling,
        primary_metric_name: str,
        primary_metric_goal: PrimaryMetricGoal,
        max_total_runs: int,
        max_concurrent_runs: int | None = None,
        max_duration_minutes: float = MAX_DURATION_MINUTES,
        policy: EarlyTerminationPolicy | None = None,
        estimator: object = None,
        run_config: object = None,
        resume_from: Run | Sequence[Run] | None = None,
        resume_child_runs: Run | Sequence[Run] | None = None,
        pipeline: object = None,
        debug_flag: object = None,
        custom_run_id: str | None = None,
    ) -> None:
        del debug_flag
        _check_parts(hyperparameter_sampling, policy)
        self._estimator = estimator
        self._run_config = run_config
        self._pipeline = pipeline
        self._script = _script(estimator, run_config, pipeline)
        self._sampling = hyperparameter_sampling
        self._policy = policy or NoTerminationPolicy()
        self._request = SweepRequest(
            sampler=hyperparameter_sampling._named,
            space=hyperparameter_sampling.parameter_space,
            metric=primary_metric_name,
            goal=_goal(primary_metric_goal),
            most_trials=max_total_runs,
            most_at_once=max_concurrent_runs,
            max_minutes=max_duration_minutes,
            policy=self._policy._named,
            resume_from=_ids("resume_from", resume_from),
            resume_trials=_ids("resume_child_runs", resume_child_runs),
            run_id=custom_run_id,
        )

    @property
    def estimator(self) -> Any:  # noqa: ANN401 -- what was given
        """The estimator, or None."""
        return self._estimator

    @property
    def run_config(self) -> Any:  # noqa: ANN401 -- what was given
        """The ScriptRunConfig, or None."""
        return self._run_config

    @property
    def pipeline(self) -> Any:  # noqa: ANN401 -- what was given
        """None: sweeps of a pipeline are not offered."""
        return self._pipeline

    @property
    def source_directory(self) -> str:
        """The folder of the script."""
        return str(getattr(self._script, "source_directory", "."))

    def to_json(self) -> dict[str, Any]:
        """The configuration as a dict with Azure's names."""
        wanted = self._request
        return {
            "primary_metric_config": {"name": wanted.metric, "goal": wanted.goal.lower()},
            "generator_config": self._sampling.to_json(),
            "policy_config": self._policy.to_json(),
            "max_total_jobs": wanted.most_trials,
            "max_concurrent_jobs": wanted.at_once,
            "max_duration_minutes": wanted.max_minutes,
            "resume_from": list(wanted.resume_from) or None,
            "resume_child_runs": list(wanted.resume_trials) or None,
            "platform_config": {"Definition": {"Configuration": _written(self._script)}},
        }

    def __repr__(self) -> str:
        wanted = self._request
        return (
            f"HyperDriveConfig({self._script!r}, {self._sampling!r}, {self._policy!r}, {wanted.goal} {wanted.metric!r}, "
            f"max_total_runs={wanted.most_trials}, max_concurrent_runs={wanted.at_once})"
        )

    def _submit_to(
        self,
        workspace: Workspace,
        experiment: str,
        tags: Mapping[str, Any] | None,
        parent: RunRecord | None,
        options: Mapping[str, Any],
    ) -> Run:
        """Submit the sweep, for ``experiment.submit`` and ``run.submit_child``."""
        del options
        wanted = replace(self._request, tags=dict(tags or {}))
        script = self._script._submission()
        record, kept = submission.submit(workspace.store, experiment, wanted, script, parent=parent)
        print_left_out(kept)
        if wanted.shortage:
            print(wanted.shortage, file=sys.stderr)
        run = handles.HyperDriveRun._of(workspace, record)
        run._config = self
        return run


def _check_parts(sampling: object, policy: object) -> None:
    if not isinstance(sampling, HyperParameterSampling):
        raise SweepError(
            "hyperparameter_sampling is a GridParameterSampling, RandomParameterSampling or BayesianParameterSampling, "
            f"not {described(sampling)}."
        )
    if policy is not None and not isinstance(policy, EarlyTerminationPolicy):
        raise SweepError(f"policy is a policy such as BanditPolicy(), not {described(policy)}.")


def _script(estimator: object, run_config: object, pipeline: object) -> Submittable:
    if pipeline is not None:
        raise SweepError("A sweep runs a script here, no pipeline; give its run_config.")
    given = [one for one in (estimator, run_config) if one is not None]
    if len(given) != 1:
        raise SweepError(
            "A sweep has one script: give run_config, a ScriptRunConfig, or estimator, "
            f"not {'both' if given else 'neither'}."
        )
    if not isinstance(given[0], Submittable):
        raise SweepError(f"run_config is a ScriptRunConfig, not {described(given[0])}.")
    return given[0]


def _written(script: Submittable) -> dict[str, Any]:
    names = ("source_directory", "script", "command", "arguments")
    found = {name: getattr(script, name, None) for name in names}
    return {
        name: [str(one) for one in value] if isinstance(value, list) else value
        for name, value in found.items()
    }


def _goal(given: object) -> Goal:
    if isinstance(given, PrimaryMetricGoal):
        return Goal[given.name]
    if isinstance(given, str):
        return Goal[PrimaryMetricGoal.from_str(given).name]
    raise SweepError(
        f"primary_metric_goal is PrimaryMetricGoal.MAXIMIZE or MINIMIZE, not {described(given)}."
    )


def _ids(name: str, given: object) -> tuple[str, ...]:
    runs = [] if given is None else [given] if isinstance(given, Run) else given
    if not isinstance(runs, list | tuple) or not all(isinstance(one, Run) for one in runs):
        raise SweepError(f"{name} is a list of runs, not {described(given)}.")
    if len(runs) > _MOST_RESUMED and name == "resume_from":
        raise SweepError(f"A sweep resumes from up to {_MOST_RESUMED} sweeps, not {len(runs)}.")
    return tuple(one.id for one in runs)
