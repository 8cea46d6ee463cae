"""The contract of a kind of step: its settings, and the command that does it.

A kind is one file with one public class; the file's name is what definitions keep (``python_script``). It reaches
nothing. Every kind passes the tests of ``tests/kinds/steps``.
"""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from aml_magics._registry import Registry
from aml_magics.errors import PipelineError, described, did_you_mean
from aml_magics.kinds.steps._code import Call
from aml_magics.records.pipeline.definition import is_parameter

if TYPE_CHECKING:
    from aml_magics.kinds.steps._code import StepCode
    from aml_magics.records.pipeline.definition import StepDefinition

SettingType = Literal["text", "number", "flag", "file", "words", "json"]
Execution = Literal["script", "sweep"]


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of a kind: what a form shows, and what is checked.

    A parameter of the pipeline may stand for a ``number`` or a ``text``. ``type`` is ``file`` for a path below the step's folder, ``words`` for a command line, ``json`` for plain JSON.
    """

    type: SettingType
    title: str
    default: Any = None
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """What does a step: a script of its folder, or a whole command line before its arguments.

    The word ``{python}`` of a command line stands for the interpreter of the step's environment.
    """

    script: str | None = None
    words: tuple[str, ...] = ()


class StepKind(ABC):
    """A kind of step."""

    type: ClassVar[str]
    """Azure's name of the kind, such as ``PythonScriptStep``."""

    title: ClassVar[str]
    """What people call it, such as ``Python script``."""

    settings: ClassVar[dict[str, Setting]] = {}

    needs_folder: ClassVar[bool] = True
    """Whether it runs in a copy of a folder."""

    execution: ClassVar[Execution] = "script"
    """Whether it is one script, or a sweep of many."""

    cloud: ClassVar[str] = ""
    """What of Azure it would need, and this machine does not have; empty if it runs."""

    module: ClassVar[str] = ""
    """The module of the SDK that has the class of this kind, named as ``type``; empty if none makes such a step."""

    takes_places: ClassVar[bool] = False
    """Whether its class takes an output with a path of its own as a ``DataReference``, and gives it by ``get_output()``."""

    is_drawn: ClassVar[bool] = True
    """Whether people put it on the canvas: its settings and its folder are all that it needs."""

    def check(self, step: StepDefinition) -> None:
        """Refuse a step that cannot be.

        Raises:
            PipelineError: it needs a cloud, or a setting is missing, unknown or of the wrong type.
        """
        if self.cloud:
            raise PipelineError(
                f"Step {step.name!r} is a {self.type}, which needs {self.cloud}; this machine has none. Do its work in a "
                "PythonScriptStep or a CommandStep."
            )
        for name in step.settings:
            if name not in self.settings:
                near = did_you_mean(name, self.settings)
                raise PipelineError(
                    f"Step {step.name!r}: a {self.type} has no setting {name!r:.60}.{near} "
                    f"It has: {', '.join(self.settings) or 'none'}."
                )
        for name, setting in self.settings.items():
            if setting.is_required and step.settings.get(name) in (None, "", [], ()):
                raise PipelineError(
                    f"Step {step.name!r}: a {self.type} needs {name} ({setting.title}); give it."
                )
            _check_type(step.name, name, setting, step.settings.get(name))
        if self.needs_folder and not step.source_directory:
            raise PipelineError(
                f"Step {step.name!r}: a {self.type} runs in a copy of a folder; give source_directory."
            )

    def command(self, step: StepDefinition) -> Command:
        """What does the step; a sweep's is one of its trials."""
        raise NotImplementedError(type(self).__name__)

    def code(self, code: StepCode) -> Call:
        """The call that makes such a step in Python; a kind whose class has other arguments arranges them.

        Raises:
            PipelineError: there is no class, or it does not take what the step has.
        """
        if not self.module:
            raise code.without(f"the kind {self.type}")
        return Call(self.module, self.type, code.keywords)


STEPS = Registry("aml_magics.kinds.steps", StepKind, "kind of step")


def kind_of_type(type_: str) -> str:
    """The kind of Azure's name, such as ``python_script`` of ``PythonScriptStep``.

    Raises:
        PipelineError: there is none.
    """
    by_type = {STEPS.load(name).type: name for name in STEPS.names()}
    if type_ in by_type:
        return by_type[type_]
    raise PipelineError(
        f"There is no kind of step {type_!r:.60}.{did_you_mean(type_, by_type)} There are: {', '.join(sorted(by_type))}."
    )


def _check_type(step: str, name: str, setting: Setting, value: object) -> None:
    if value is None:
        return
    fits = {
        "text": isinstance(value, str),
        "file": isinstance(value, str),
        "number": (isinstance(value, int | float) and not isinstance(value, bool))
        or is_parameter(value),
        "flag": isinstance(value, bool),
        "words": isinstance(value, list | tuple) and all(isinstance(one, str) for one in value),
        "json": True,
    }[setting.type]
    if not fits:
        wanted = {"words": "a list of texts", "flag": "true or false", "number": "a number"}
        raise PipelineError(
            f"Step {step!r}: {name} is {wanted.get(setting.type, 'a text')}, not {described(value)}."
        )
