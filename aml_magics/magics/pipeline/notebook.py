"""The pipeline of a notebook: the cells that were added to it, and how they become one that runs."""

from __future__ import annotations

import json
import tempfile
import weakref
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import UsageError, did_you_mean
from aml_magics.magics.pipeline.local_module import copy_along
from aml_magics.magics.remote.shipment import CELL_FILE, OPTIONS_FILE, PYTHON
from aml_magics.records.data.data_use import DataFolder, DataInput, DataOutput
from aml_magics.records.pipeline.definition import (
    FromDataset,
    FromStep,
    ParameterDefinition,
    PipelineDefinition,
    StepDefinition,
    StepInput,
    StepOutput,
)
from aml_magics.services.data.store import datastore
from aml_magics.services.pipeline.compilation import compile_graph

if TYPE_CHECKING:
    from collections.abc import Mapping

    from IPython.core.interactiveshell import InteractiveShell

    from aml_magics.records.pipeline.definition import ParameterType
    from aml_magics.records.pipeline.pipeline import PipelineGraph
    from aml_magics.records.run import Scalar
    from aml_magics.store.store import Store

VARIABLES_FILE: Final = "variables.pkl"
"""The file of a step's folder with the variables of the notebook that the cell uses."""

_PATH: Final = "azureml/{run-id}/{output-name}"
_TYPES: Final[dict[type, ParameterType]] = {
    bool: "bool",
    int: "int",
    float: "float",
    str: "string",
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where an input comes from: an output of a step, of the last one before if it is not named, or a dataset."""

    step: str = ""
    output: str = ""
    dataset: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class CellStep:
    """A cell as a step; ``data`` are the notebook's variables that it uses, pickled as it was added."""

    name: str
    body: str
    data: bytes = b""
    inputs: Mapping[str, Source] = field(default_factory=dict)
    outputs: tuple[str, ...] = ()
    params: Mapping[str, Scalar] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    compute: str = ""
    allow_reuse: bool = True
    along: Mapping[str, Path] = field(default_factory=dict)
    """Files and packages beside the notebook that go along as they are when the pipeline runs."""


class NotebookPipeline:
    """The steps of a notebook, in the order in which they were added first."""

    def __init__(self) -> None:
        self._steps: dict[str, CellStep] = {}

    def __bool__(self) -> bool:
        return bool(self._steps)

    def put(self, step: CellStep) -> str:
        """Add a step, or replace the one of its name; what to tell.

        Raises:
            UsageError: it takes what no step before it has as output, or runs after one that is not there.
        """
        before = [one for one in self._steps.values() if one.name != step.name]
        position = list(self._steps).index(step.name) if step.name in self._steps else len(before)
        for variable, source in step.inputs.items():
            self._origin(variable, source, before[:position] if not source.step else before)
        for other in step.after:
            if other not in self._steps or other == step.name:
                raise UsageError(
                    f"--after {other!r:.60}: the pipeline has no such step.{did_you_mean(other, self._steps)} {self.text()}"
                )
        is_new = step.name not in self._steps
        self._steps[step.name] = step
        deed = "added to" if is_new else "replaced in"
        return f"Step {step.name!r} is {deed} the pipeline. {self.text()}"

    def clear(self) -> None:
        """Forget all steps."""
        self._steps.clear()

    def text(self) -> str:
        """The steps in a line, for people."""
        names = " → ".join(self._steps)
        return f"Steps: {names}; `%aml pipeline run` runs them." if names else "It has no steps."

    def table(self) -> str:
        """The steps with their inputs and outputs, a line each."""
        lines = []
        for number, one in enumerate(self._steps.values(), 1):
            sources = [
                f"{name} from {each.dataset or each.step or 'above'}"
                for name, each in one.inputs.items()
            ]
            parts = [
                f"takes {', '.join(sources)}" if sources else "",
                f"gives {', '.join(one.outputs)}" if one.outputs else "",
                f"after {', '.join(one.after)}" if one.after else "",
                f"on {one.compute}" if one.compute else "",
                ", ".join(f"{name}={value!r}" for name, value in one.params.items()),
                "" if one.allow_reuse else "runs each time",
            ]
            lines.append(f"{number}  {one.name}  " + "; ".join(part for part in parts if part))
        return "\n".join(lines) or "No steps. %%aml_step NAME as the first line of a cell adds one."

    def compiled(self, store: Store, name: str) -> PipelineGraph:
        """The pipeline as it runs.

        Raises:
            UsageError: there are no steps.
            PipelineError: they cannot run as they are written, as with a cycle.
        """
        if not self._steps:
            raise UsageError(self.table())
        with tempfile.TemporaryDirectory(prefix="aml-magics-cells-") as folder:
            home = datastore.default(store).name
            steps = tuple(
                self._written(one, Path(folder, f"step-{number}"), home)
                for number, one in enumerate(self._steps.values())
            )
            parameters = {
                key: value for one in self._steps.values() for key, value in one.params.items()
            }
            definition = PipelineDefinition(
                name=name,
                steps=steps,
                parameters=tuple(
                    ParameterDefinition(key, _TYPES[type(value)], value)
                    for key, value in parameters.items()
                ),
            )
            return compile_graph(store, definition)

    def _origin(
        self, variable: str, source: Source, steps: list[CellStep]
    ) -> FromStep | FromDataset:
        """What an input of a step is bound to; the last step that has the output wins."""
        if source.dataset:
            return FromDataset(source.dataset, source.version)
        for one in reversed(steps):
            if source.output in one.outputs and source.step in ("", one.name):
                return FromStep(one.name, source.output)
        known = [f"{one.name}.{output}" for one in steps for output in one.outputs]
        wanted = f"{source.step}.{source.output}" if source.step else source.output
        raise UsageError(
            f"--input {variable!r}: no step before has the output {wanted!r:.80}.{did_you_mean(wanted, known)} "
            f"There are: {', '.join(known) or 'none'}. The step that makes it needs --output {source.output}."
        )

    def _written(self, step: CellStep, folder: Path, home: str) -> StepDefinition:
        """The step with its folder, which is copied when the pipeline is compiled."""
        folder.mkdir()
        # the first line was the magic: with a comment in its place line numbers are the notebook's
        Path(folder, CELL_FILE).write_text(
            f"# %%aml_step {step.name}\n{step.body}", encoding="utf-8"
        )
        Path(folder, VARIABLES_FILE).write_bytes(step.data)
        copy_along(step.along, folder)
        bound = self._bound(step)
        options = {
            "python": PYTHON,
            "inputs": [one.name for one in bound if isinstance(one.part, DataFolder)],
            "datasets": [one.name for one in bound if isinstance(one.part, DataInput)],
            "outputs": list(step.outputs),
            "params": {name: _TYPES[type(value)] for name, value in step.params.items()},
        }
        Path(folder, OPTIONS_FILE).write_text(json.dumps(options), encoding="utf-8")
        outputs = [DataOutput(name, home, _PATH, results=()) for name in step.outputs]
        placed = [
            *(one.part for one in bound if isinstance(one.part, DataFolder)),
            *(DataFolder(one.name, home) for one in outputs),
        ]
        words = [f"{one.name}={one.placeholder}" for one in placed]
        words += [f"{name}=$AML_PARAMETER_{name}" for name in step.params]
        return StepDefinition(
            id=step.name,
            name=step.name,
            kind="cell",
            source_directory=str(folder),
            arguments=tuple(words),
            inputs=bound,
            outputs=tuple(StepOutput(one) for one in outputs),
            target=step.compute,
            run_after=step.after,
            allow_reuse=step.allow_reuse,
        )

    def _bound(self, step: CellStep) -> tuple[StepInput, ...]:
        names = list(self._steps)
        before = [self._steps[name] for name in names[: names.index(step.name)]]
        found = []
        for variable, source in step.inputs.items():
            others = [one for one in self._steps.values() if one.name != step.name]
            origin = self._origin(variable, source, others if source.step else before)
            part = (
                DataInput(variable) if isinstance(origin, FromDataset) else DataFolder(variable, "")
            )
            found.append(StepInput(part, origin))
        return tuple(found)


_pipelines: weakref.WeakKeyDictionary[Any, NotebookPipeline] = weakref.WeakKeyDictionary()


def pipeline_of(shell: InteractiveShell) -> NotebookPipeline:
    """The pipeline of a notebook; a new one has no steps."""
    return _pipelines.setdefault(shell, NotebookPipeline())
