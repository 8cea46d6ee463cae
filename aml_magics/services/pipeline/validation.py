"""What is wrong with a pipeline, before any of it runs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aml_magics.errors import AmlError, PipelineError, did_you_mean
from aml_magics.kinds.steps._base import STEPS
from aml_magics.records.data.data_use import DataInput
from aml_magics.records.pipeline.definition import FromParameter, FromStep
from aml_magics.services.pipeline.parameter import default_values, filled, used_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aml_magics.records.data.data_use import DataOutput
    from aml_magics.records.pipeline.definition import (
        PipelineDefinition,
        StepDefinition,
        StepInput,
    )


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and the id of the step to blame; empty where it is none's alone."""

    text: str
    step: str = ""


def check(definition: PipelineDefinition) -> None:
    """Refuse a pipeline that cannot run.

    Raises:
        PipelineError: it has no steps, a cycle, an output that two steps write, an input or a parameter that is not
            there, or a step that breaks the rules of its kind; all of it is said.
    """
    found = problems(definition)
    if len(found) == 1:
        raise PipelineError(found[0])
    if found:
        lines = "\n".join(f"- {one}" for one in found)
        raise PipelineError(f"The pipeline has {len(found)} errors:\n{lines}")


def problems(definition: PipelineDefinition) -> list[str]:
    """All that is wrong with a pipeline, a sentence each."""
    return [one.text for one in located(definition)]


def located(definition: PipelineDefinition) -> list[Problem]:
    """All that is wrong with a pipeline, by step."""
    if not definition.steps:
        return [Problem("A pipeline has at least one step; this one has none.")]
    return [
        *_doubled(definition),
        *_missing(definition),
        *_cycle(definition),
        *_of_kinds(definition),
        *_twice_written(definition),
    ]


def unconnected(definition: PipelineDefinition) -> list[str]:
    """Names of the steps of a pipeline of several that neither wait for another nor are waited for."""
    before = {one.id: one.before for one in definition.steps}
    waited_for = {id_ for ids in before.values() for id_ in ids}
    alone = [one for one in definition.steps if not one.before and one.id not in waited_for]
    return [one.name for one in alone] if len(definition.steps) > 1 else []


def ordered(definition: PipelineDefinition) -> list[StepDefinition]:
    """The steps, each after those that it waits for, else as they are written.

    Raises:
        PipelineError: there is a cycle.
    """
    done: set[str] = set()
    left, found = list(definition.steps), []
    while left:
        ready = next((one for one in left if one.before <= done), None)
        if ready is None:
            told = next(_cycle(definition), Problem("The steps wait for each other."))
            raise PipelineError(told.text)
        left.remove(ready)
        done.add(ready.id)
        found.append(ready)
    return found


def _doubled(definition: PipelineDefinition) -> Iterator[Problem]:
    for id_, count in Counter(one.id for one in definition.steps).items():
        if count > 1:
            yield Problem(f"{count} steps have the id {id_!r:.60}; each has its own.", id_)
    for name, count in Counter(one.name for one in definition.parameters).items():
        if count > 1:
            yield Problem(f"{count} parameters are named {name!r:.60}; each has its own name.")


def _missing(definition: PipelineDefinition) -> Iterator[Problem]:
    steps = {one.id: one for one in definition.steps}
    parameters = [one.name for one in definition.parameters]
    for step in definition.steps:
        for one in step.inputs:
            if _is_open(one):
                yield Problem(
                    f"Input {one.name!r} of step {step.name!r} has no data; connect it, or take it away.",
                    step.id,
                )
            if isinstance(one.origin, FromStep):
                yield from _missing_output(step, one.name, one.origin, steps)
        for id_ in step.run_after:
            if id_ not in steps:
                near = did_you_mean(id_, steps)
                yield Problem(
                    f"Step {step.name!r} runs after step {id_!r:.60}, which is not in the pipeline.{near} Add it.",
                    step.id,
                )
        chosen = {
            one.origin.parameter for one in step.inputs if isinstance(one.origin, FromParameter)
        }
        for name in sorted((used_names(step) | chosen) - {*parameters, *step.params}):
            near = did_you_mean(name, parameters)
            yield Problem(
                f"Step {step.name!r} uses the parameter {name!r:.60}, which the pipeline does not have.{near}",
                step.id,
            )


def _is_open(one: StepInput) -> bool:
    """Whether nothing says what data an input is."""
    if one.origin is not None:
        return False
    if isinstance(one.part, DataInput):
        return not one.part.dataset and one.part.definition is None
    return not one.part.datastore


def _missing_output(
    step: StepDefinition, name: str, origin: FromStep, steps: dict[str, StepDefinition]
) -> Iterator[Problem]:
    writer = steps.get(origin.step)
    if writer is None:
        near = did_you_mean(origin.step, steps)
        yield Problem(
            f"Input {name!r} of step {step.name!r} comes from step {origin.step!r:.60}, which is not in the pipeline.{near}",
            step.id,
        )
        return
    names = [result for one in writer.outputs for result in result_names(one.part)]
    if origin.output not in names:
        known = ", ".join(names) or "none"
        yield Problem(
            f"Input {name!r} of step {step.name!r} is the output {origin.output!r:.60} of step {writer.name!r}, which has "
            f"no such output.{did_you_mean(origin.output, names)} It has: {known}.",
            step.id,
        )


def _cycle(definition: PipelineDefinition) -> Iterator[Problem]:
    steps = {one.id: one for one in definition.steps}
    done: set[str] = set()
    for first, step in steps.items():
        path: list[str] = []
        waiting = [(first, iter(sorted(step.before & set(steps))))]
        while waiting:
            id_, others = waiting[-1]
            if id_ not in path:
                path.append(id_)
            following = next(others, None)
            if following is None:
                done.add(id_)
                path.remove(id_)
                waiting.pop()
            elif following in path:
                round_ = [*path[path.index(following) :], following]
                shown = " -> ".join(steps[one].name for one in reversed(round_))
                yield Problem(
                    f"Steps wait for each other in a cycle: {shown}. Take one of these connections away.",
                    following,
                )
                return
            elif following not in done:
                waiting.append((following, iter(sorted(steps[following].before & set(steps)))))


def _of_kinds(definition: PipelineDefinition) -> Iterator[Problem]:
    values = default_values(definition)
    for step in definition.steps:
        try:
            STEPS.load(step.kind)().check(filled(step, values))
        except AmlError as error:
            yield Problem(str(error), step.id)


def _twice_written(definition: PipelineDefinition) -> Iterator[Problem]:
    writers: dict[tuple[str, str], list[str]] = {}
    for step in definition.steps:
        for one in step.outputs:
            part = one.part
            if "{run-id}" not in part.path and part.mechanism != "Link":
                writers.setdefault((part.datastore, part.place("")), []).append(step.name)
        for name, count in Counter(one.name for one in step.outputs).items():
            if count > 1:
                yield Problem(
                    f"Step {step.name!r} has {count} outputs named {name!r}; each has its own name.",
                    step.id,
                )
    for (datastore, path), names in writers.items():
        if len(names) > 1:
            yield Problem(
                f"{len(names)} steps write to {path!r} of datastore {datastore!r}: {', '.join(names)}. Give each its own, or "
                "put {run-id} into the path."
            )


def result_names(part: DataOutput) -> list[str]:
    """The names under which other steps know an output and its datasets."""
    name, results = part.name, part.results
    return [name, *(f"{name}_{number}" for number in range(2, len(results) + 1))]
