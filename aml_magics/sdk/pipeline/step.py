"""A step of a pipeline: what every kind of step has."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, ClassVar

from aml_magics.errors import PipelineError, described
from aml_magics.records.pipeline.definition import RunSettings, StepDefinition
from aml_magics.sdk.data.use.output_dataset import OutputDatasetConfig

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aml_magics.sdk.pipeline.graph import Graph, Node
    from aml_magics.sdk.pipeline.step_context import StepContext


class PipelineStep:
    """The base of all steps.

    A kind of step sets ``_kind`` and gives its own settings by ``_settings``; what all kinds share is set here.

    Args:
        name: of the step and of its runs.
        inputs: data that it reads.
        outputs: data that it writes.
        arguments: of its script; data and parameters among them become their values.
        fix_port_name_collisions: accepted; names of inputs and outputs are never changed.
        resource_inputs: further inputs.

    Raises:
        PipelineError: the name is no text, or inputs, outputs or arguments are no lists.
    """

    _kind: ClassVar[str] = ""
    """The file of ``kinds/steps``."""

    _default_folder: ClassVar[str] = ""
    """Its folder where neither it nor the pipeline names one."""

    def __init__(
        self,
        name: str,
        inputs: Sequence[Any] | None = None,
        outputs: Sequence[Any] | None = None,
        arguments: Sequence[Any] | None = None,
        fix_port_name_collisions: bool = False,
        resource_inputs: Sequence[Any] | None = None,
    ) -> None:
        del fix_port_name_collisions
        if type(name) is not str or not name.strip():
            raise PipelineError(f"The name of a step is a text, not {described(name)}.")
        self.name = name
        self._id = secrets.token_hex(4)
        self._inputs = [
            *_listed(name, "inputs", inputs),
            *_listed(name, "resource_inputs", resource_inputs),
        ]
        self._outputs = _listed(name, "outputs", outputs)
        self._arguments = _listed(name, "arguments", arguments)
        self._after: list[PipelineStep] = []
        self._source_directory: str | None = None
        self._compute_target: Any = None
        self._allow_reuse = True
        self._version: str | None = None
        self._retries = 0
        self._params: Mapping[str, Any] = {}
        # such an output among the arguments is written: what a step reads of it is its as_input()
        written = [one for one in self._arguments if isinstance(one, OutputDatasetConfig)]
        for one in [*self._outputs, *written]:
            note = getattr(one, "_note_producer", None)
            if note is not None:
                note(self)

    @property
    def retries(self) -> int:
        """How often a failed script is tried again, 0 unless it is set.

        Raises:
            PipelineError: when it is set, to what is no whole number from 0.
        """
        return self._retries

    @retries.setter
    def retries(self, count: int) -> None:
        if type(count) is not int or count < 0:
            raise PipelineError(
                f"Step {self.name!r}: retries is a whole number from 0, such as 2, not {described(count)}."
            )
        self._retries = count

    def run_after(self, step: PipelineStep | Sequence[PipelineStep]) -> None:
        """Run this step only when another one has completed, without data between them.

        Raises:
            PipelineError: it is no step, or this one.
        """
        for one in step if isinstance(step, list | tuple) else [step]:
            if not isinstance(one, PipelineStep):
                raise PipelineError(
                    f"Step {self.name!r} runs after a step, not after {described(one)}."
                )
            if one is self:
                raise PipelineError(f"Step {self.name!r} cannot run after itself.")
            if one not in self._after:
                self._after.append(one)

    def _definition(self, context: StepContext) -> StepDefinition:
        """The step as it is written.

        Raises:
            PipelineError: an input or an output is none, or two of one name.
        """
        inputs, outputs = context.data_of(self)
        return StepDefinition(
            id=self._id,
            name=self.name,
            kind=self._kind,
            settings=self._settings(context),
            source_directory=context.folder(self._source_directory, self._default_folder),
            arguments=tuple(context.word(self, one) for one in self._arguments),
            inputs=inputs,
            outputs=outputs,
            run=self._run_settings(context),
            target=context.target(self._compute_target),
            run_after=tuple(one._id for one in self._after),
            allow_reuse=self._allow_reuse,
            version=self._version,
            retries=self._retries,
            params={name: context.word(self, value) for name, value in self._params.items()},
        )

    def create_node(self, graph: Graph, default_datastore: object, context: object) -> Node:
        """The node of the step in the graph of its pipeline.

        Raises:
            PipelineError: the graph is of another pipeline.
        """
        del default_datastore, context
        return graph.get_node(self._id)

    def _settings(self, context: StepContext) -> dict[str, Any]:
        """The settings of the kind, plain JSON."""
        del context
        return {}

    def _run_settings(self, context: StepContext) -> RunSettings:
        """How the script runs."""
        del context
        return RunSettings()

    def _data_arguments(self) -> Iterator[Any]:
        """All that may be data of the step, in the order in which it was given."""
        yield from [*self._inputs, *self._outputs, *self._arguments]

    def __str__(self) -> str:
        return f"{type(self).__name__}({self.name})"

    def __repr__(self) -> str:
        return f"{type(self).__name__}(name={self.name!r})"


class StepSequence:
    """Steps that run one after the other; each may be a list of steps that run at once.

    Args:
        steps: in order.

    Raises:
        PipelineError: an entry is no step.
    """

    def __init__(self, steps: Sequence[Any] | None = None) -> None:
        self._groups = [steps_in(one) for one in steps or []]
        before: list[PipelineStep] = []
        for group in self._groups:
            for step in group:
                step.run_after(before)
            before = group or before

    def __iter__(self) -> Iterator[PipelineStep]:
        """The steps in order."""
        for group in self._groups:
            yield from group

    def __repr__(self) -> str:
        return f"StepSequence({[one.name for one in self]})"


def steps_in(given: object) -> list[PipelineStep]:
    """The steps of a step, a sequence, or a nested list of them.

    Raises:
        PipelineError: an entry is none of these.
    """
    if isinstance(given, PipelineStep):
        return [given]
    if isinstance(given, list | tuple | StepSequence):
        return [step for one in given for step in steps_in(one)]
    raise PipelineError(
        f"The steps of a pipeline are steps and lists of them, not {described(given)}."
    )


def _listed(step: str, name: str, given: Sequence[Any] | None) -> list[Any]:
    if given is not None and not isinstance(given, list | tuple):
        raise PipelineError(f"Step {step!r}: {name} is a list, not {described(given)}.")
    return list(given or ())
