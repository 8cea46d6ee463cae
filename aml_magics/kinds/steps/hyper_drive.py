"""A sweep: many trials of one script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import PipelineError, described
from aml_magics.kinds.steps._base import Command, Setting, StepKind
from aml_magics.kinds.steps._code import Call
from aml_magics.records.pipeline.definition import is_parameter
from aml_magics.records.sweep.sweep import Goal

if TYPE_CHECKING:
    from aml_magics.kinds.steps._code import Code, StepCode
    from aml_magics.records.pipeline.definition import StepDefinition

_SWEEPS: Final = "aml_magics.sdk.sweep"
_CONFIG: Final = f"{_SWEEPS}.hyperdrive_config"
_RENAMED: Final = {
    "metric": "primary_metric_name",
    "most_trials": "max_total_runs",
    "most_at_once": "max_concurrent_runs",
    "max_minutes": "max_duration_minutes",
}
"""The names that the class has for the settings."""


class HyperDrive(StepKind):
    """Runs the trials of a sweep; its settings are those of the sweep, ``sampler`` and ``policy`` as ``{name, settings}``."""

    type = "HyperDriveStep"
    title = "Sweep"
    module = "aml_magics.sdk.pipeline.steps.hyper_drive_step"
    settings = {
        "script_name": Setting("file", "Script"),
        "command": Setting("words", "Command line in place of a script"),
        "sampler": Setting("json", "Sampler", is_required=True),
        "space": Setting("json", "Values of each parameter", is_required=True),
        "metric": Setting("text", "Primary metric", is_required=True),
        "goal": Setting("text", "MAXIMIZE or MINIMIZE", is_required=True),
        "most_trials": Setting("number", "Trials", is_required=True),
        "most_at_once": Setting("number", "Trials at once"),
        "max_minutes": Setting("number", "Minutes"),
        "policy": Setting("json", "Policy"),
        "resume_from": Setting("words", "Sweeps to learn from"),
        "resume_trials": Setting("words", "Trials to run again first"),
    }
    execution = "sweep"

    def check(self, step: StepDefinition) -> None:
        """Refuse also a sweep without a script, with a wrong goal, or with a sampler that is no ``{name, settings}``.

        Raises:
            PipelineError: it cannot be.
        """
        super().check(step)
        given = step.settings
        if bool(given.get("script_name")) == bool(given.get("command")):
            raise PipelineError(
                f"Step {step.name!r}: a {self.type} runs a script or a command; give script_name or command, and not both."
            )
        if given["goal"] not in list(Goal):
            raise PipelineError(
                f"Step {step.name!r}: goal is {' or '.join(Goal)}, not {described(given['goal'])}."
            )
        for name in ("sampler", "policy"):
            value = given.get(name)
            if value is not None and not _is_named(value):
                raise PipelineError(
                    f"Step {step.name!r}: {name} is a name and settings, such as {{'name': 'random_sampling', 'settings': {{}}}}, "
                    f"not {described(value)}."
                )
        if not isinstance(given["space"], dict):
            raise PipelineError(
                f"Step {step.name!r}: space is an expression by parameter, not {described(given['space'])}."
            )

    def command(self, step: StepDefinition) -> Command:
        """The script or command of a trial."""
        return Command(step.settings.get("script_name"), tuple(step.settings.get("command") or ()))

    def code(self, code: StepCode) -> Call:
        """The step with the configuration of its sweep, and in it that of the script."""
        code.refuse("params")
        given, wanted = code.keywords, code.step.settings
        settings = {name: given.pop(name) for name in self.settings if name in given}
        for name in self.settings:
            if is_parameter(wanted.get(name)):
                raise code.without(f"a parameter as {name}")
        script = _script(code, given, settings)
        given["hyperdrive_config"] = Call(
            _CONFIG, "HyperDriveConfig", _config(wanted, script, settings)
        )
        if "arguments" in given:
            given["estimator_entry_script_arguments"] = given.pop("arguments")
        return Call(self.module, self.type, given)


def _script(code: StepCode, given: dict[str, Code], settings: dict[str, Code]) -> Call:
    """What each trial runs, with what ``given`` has of it; the class of the step takes it from here."""
    names = {"source_directory": "source_directory", "compute_target": "compute_target"}
    names["runconfig"] = "run_config"
    script = {key: given.pop(name) for name, key in names.items() if name in given}
    if "script_name" in settings:
        script["script"] = settings["script_name"]
    else:
        given.pop("arguments", None)
        script["command"] = code.expression([*code.step.settings["command"], *code.step.arguments])
    return Call("aml_magics.sdk.job.script_run_config", "ScriptRunConfig", script)


def _config(wanted: dict[str, Any], script: Call, settings: dict[str, Code]) -> dict[str, Code]:
    config: dict[str, Code] = {
        "run_config": script,
        "hyperparameter_sampling": _sampling(wanted["sampler"], wanted["space"]),
        "primary_metric_goal": Call(_CONFIG, f"PrimaryMetricGoal.{wanted['goal']}", None),
    }
    config |= {key: settings[name] for name, key in _RENAMED.items() if name in settings}
    if wanted.get("policy") is not None:
        config["policy"] = _policy(wanted["policy"])
    for name, key in (("resume_from", "resume_from"), ("resume_trials", "resume_child_runs")):
        if wanted.get(name):
            config[key] = [_run(one) for one in wanted[name]]
    return config


def _sampling(named: dict[str, Any], space: dict[str, Any]) -> Call:
    """The class of a sampler is called after it: ``RandomParameterSampling`` of ``random_sampling``."""
    given: dict[str, Code] = {
        "parameter_space": {name: _expression(one) for name, one in space.items()}
    }
    if named.get("settings"):
        given["properties"] = repr(named["settings"])
    name = f"{_title(named['name'].removesuffix('_sampling'))}ParameterSampling"
    return Call(f"{_SWEEPS}.sampling", name, given)


def _policy(named: dict[str, Any]) -> Call:
    """The class of a policy is called after it: ``BanditPolicy`` of ``bandit``."""
    given = {name: repr(one) for name, one in named.get("settings", {}).items()}
    return Call(f"{_SWEEPS}.policy", f"{_title(named['name'])}Policy", given)


def _expression(written: Any) -> Code:  # noqa: ANN401 -- plain JSON
    """``uniform(0, 1)`` of ``["uniform", [0, 1]]``."""
    match written:
        case [str() as name, [*values]] if name.isidentifier():
            first = tuple(repr(one) for one in values)
            return Call(f"{_SWEEPS}.parameter_expressions", name, {}, first)
    return repr(written)


def _run(id_: str) -> Call:
    return Call("aml_magics.sdk.run.run", "Run.get", {}, ("ws", repr(id_)))


def _title(name: str) -> str:
    return "".join(one.title() for one in name.split("_"))


def _is_named(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) <= {"name", "settings"}
        and isinstance(value.get("name"), str)
        and isinstance(value.get("settings", {}), dict)
    )
