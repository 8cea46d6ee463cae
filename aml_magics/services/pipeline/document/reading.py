"""A pipeline's YAML as a definition."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import PipelineError, did_you_mean
from aml_magics.kinds.steps._base import STEPS, kind_of_type
from aml_magics.records.pipeline.definition import (
    FromStep,
    ParameterDefinition,
    PipelineDefinition,
    StepDefinition,
)
from aml_magics.services.pipeline.document import form
from aml_magics.services.pipeline.document.reading_data import (
    Names,
    input_of,
    output_of,
    reference_of,
)
from aml_magics.services.pipeline.document.reading_run import run_settings
from aml_magics.services.pipeline.document.tree import PipelineDocumentError, tree_of
from aml_magics.services.pipeline.validation import result_names

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.services.pipeline.document.tree import Part

_LONGEST: Final = 255


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was read.

    ``tree`` is it as plain JSON, ``lines`` has the line of each step by its id, and ``runconfigs`` the path of its
    ``.runconfig`` file where it names one.
    """

    definition: PipelineDefinition
    tree: dict[str, Any]
    lines: dict[str, int]
    runconfigs: dict[str, str]


def definition_in(document: Document, folder: Path) -> PipelineDefinition:
    """The definition of a document, whose relative folders are below ``folder``: that of its file."""
    steps = tuple(
        replace(one, source_directory=str(folder / one.source_directory))
        if one.source_directory
        else one
        for one in document.definition.steps
    )
    return replace(document.definition, steps=steps)


def read(text: str) -> Document:
    """Read a document.

    Raises:
        PipelineDocumentError: it breaks a rule of the form; the message begins with the line.
    """
    root = tree_of(text)
    _check_version(root)
    top = root.fields(form.DOCUMENT_KEYS)
    if "pipeline" not in top or top["pipeline"].is_null:
        raise PipelineDocumentError(
            "The document has no 'pipeline', or nothing below it.", root.line
        )
    parts = top["pipeline"].fields(form.PIPELINE_KEYS)
    steps = parts["steps"].fields() if "steps" in parts else {}
    names = Names(
        parameters={
            name: _parameter(name, one) for name, one in _below(parts, "parameters").items()
        },
        references={
            name: reference_of(one) for name, one in _below(parts, "data_references").items()
        },
    )
    store = _text(parts, "default_datastore") or form.DATASTORE
    readers = {_key(name, one): _Step(name, one, store) for name, one in steps.items()}
    for one in readers.values():
        one.outputs_into(names)
    definition = PipelineDefinition(
        name=_text(parts, "name"),
        description=_text(parts, "description"),
        steps=tuple(one.definition(names, readers) for one in readers.values()),
        parameters=tuple(names.parameters.values()),
        target=_text(parts, "default_compute"),
        datastore=_text(parts, "default_datastore"),
        continue_on_step_failure="continue_on_step_failure" in parts
        and parts["continue_on_step_failure"].flag(),
        layout={name: _place(name, one, readers) for name, one in _below(top, "layout").items()},
    )
    return Document(
        definition,
        _plain(root),
        {name: one.part.line for name, one in readers.items()},
        {name: one.runconfig for name, one in readers.items() if one.runconfig},
    )


class _Step:
    """A step that is read: its outputs first, which other steps name."""

    def __init__(self, key: str, part: Part, datastore: str) -> None:
        self.key = key
        self.part = part
        everything = part.fields()
        if "type" not in everything:
            raise PipelineDocumentError(
                f"Step {key!r} has no 'type'; write one, such as PythonScriptStep.", part.line
            )
        try:
            self.kind = kind_of_type(everything["type"].text())
        except PipelineDocumentError:
            raise
        except PipelineError as error:
            raise PipelineDocumentError(str(error), everything["type"].line) from None
        self.fields = part.fields(form.step_keys(self.kind))
        self.runconfig = _text(self.fields, "runconfig")
        self.outputs = {
            name: output_of(name, one, datastore)
            for name, one in _below(self.fields, "outputs").items()
        }

    def outputs_into(self, names: Names) -> None:
        """Tell which data it writes, by the names under which others read it."""
        for name, (destination, output) in self.outputs.items():
            line = _below(self.fields, "outputs")[name].line
            is_made = bool(output.part.results)
            for result in result_names(output.part):
                origin = FromStep(self.key, result)
                names.add(destination + result.removeprefix(name), origin, line, is_made=is_made)

    def definition(self, names: Names, steps: dict[str, _Step]) -> StepDefinition:
        """The step."""
        fields = self.fields
        settings = STEPS.load(self.kind).settings
        side = _below(fields, form.SIDE)
        inputs = _below(fields, "inputs") | side
        read_inputs = tuple(input_of(name, one, names) for name, one in inputs.items())
        params = {name: _param(one, names) for name, one in _below(fields, "parameters").items()}
        words = {f"{form.INPUT}{one.name}": one.part.placeholder for one in read_inputs}
        words |= {f"{form.SIDE_INPUT}{one.name}": one.part.placeholder for one in read_inputs}
        words |= {
            f"{form.OUTPUT}{name}": form.output_word(one.part)
            for name, (_, one) in self.outputs.items()
        }
        words |= {
            f"{form.PARAMETER}{name}": one.placeholder for name, one in names.parameters.items()
        }
        words |= {f"{form.PARAMETER}{name}": value for name, value in params.items()}
        return StepDefinition(
            id=self.key,
            name=_text(fields, "name", self.key),
            kind=self.kind,
            settings={
                name: list(side) if name == form.SIDE else fields[name].plain()
                for name in settings
                if name in fields
            },
            source_directory=_text(fields, "source_directory"),
            arguments=tuple(_word(one, words) for one in _items(fields, "arguments")),
            inputs=read_inputs,
            outputs=tuple(one for _, one in self.outputs.values()),
            run=run_settings(fields["run"]) if "run" in fields else run_settings(None),
            target=_text(fields, "compute"),
            run_after=tuple(self._step_before(one, steps) for one in _items(fields, "run_after")),
            allow_reuse=fields["allow_reuse"].flag() if "allow_reuse" in fields else True,
            version=_text(fields, "version") or None,
            retries=fields["retries"].whole() if "retries" in fields else 0,
            params=params,
        )

    def _step_before(self, part: Part, steps: dict[str, _Step]) -> str:
        name = part.raw
        if name not in steps:
            raise PipelineDocumentError(
                f"Step {self.key!r} runs after {name!r:.60}, and there is no such step.{did_you_mean(name, steps)}",
                part.line,
            )
        return name


def _check_version(root: Part) -> None:
    """Before anything else is read: a newer form may have other keys."""
    if not root.is_mapping:
        raise root.wrong("a mapping that begins with 'pipeline:'")
    version = root.fields().get("aml_magics")
    if version is not None and version.whole(1) > form.VERSION:
        raise PipelineDocumentError(
            f"This pipeline was written by a newer version of aml_magics (form {version.raw}; up to {form.VERSION} is "
            "read): update aml_magics. It is not changed.",
            version.line,
        )


def _key(name: str, part: Part) -> str:
    if not name.strip() or len(name) > _LONGEST or not name.isprintable():
        raise PipelineDocumentError(
            f"The key of a step is 1 to {_LONGEST} printable characters, not {name[:60]!r}; give it another.",
            part.line,
        )
    return name


def _parameter(name: str, part: Part) -> ParameterDefinition:
    fields = part.fields(("type", "default"))
    if "type" not in fields:
        raise PipelineDocumentError(
            f"{part.path} has no 'type'; it is one of {', '.join(form.PARAMETER_TYPES)}.", part.line
        )
    type_: Any = fields["type"].choice(*form.PARAMETER_TYPES)
    given = fields.get("default")
    default = None if given is None or given.is_null else _default(type_, given)
    return ParameterDefinition(name, type_, default)


def _default(type_: str, part: Part) -> Any:  # noqa: ANN401 -- of the parameter's type
    if type_ == "datapath":
        fields = part.fields(("datastore", "path_on_datastore"))
        return {"datastore": _text(fields, "datastore"), "path": _text(fields, "path_on_datastore")}
    if type_ == "dataset":
        fields = part.fields(("dataset_id", "dataset_name", "dataset_version"))
        if "dataset_id" in fields:
            return {"id": fields["dataset_id"].text()}
        version = fields.get("dataset_version")
        is_latest = version is None or version.is_null
        return {
            "name": _text(fields, "dataset_name"),
            "version": None if is_latest or version is None else version.whole(1),
        }
    readers = {"string": part.text, "bool": part.flag, "float": part.number}
    return readers[type_]() if type_ in readers else part.whole(-(2**53))


def _param(part: Part, names: Names) -> str:
    """The value of a step's parameter: text, or what stands for a parameter of the pipeline."""
    if not part.is_mapping:
        return part.raw
    fields = part.fields(("source",))
    name = _text(fields, "source")
    if name not in names.parameters:
        raise PipelineDocumentError(
            f"{part.path} has the source {name!r:.60}, and the pipeline has no such parameter."
            f"{did_you_mean(name, names.parameters)}",
            part.line,
        )
    return names.parameters[name].placeholder


def _word(part: Part, words: dict[str, str]) -> str:
    if part.is_mapping:
        return _text(part.fields(("text",)), "text")
    word = part.raw
    if not word.startswith(form.MARKS):
        return word
    if word in words:
        return words[word]
    kind, _, name = word.partition(":")
    raise PipelineDocumentError(
        f"{part.path} is {word!r:.80}, and the step has no {kind} {name!r:.60}.{did_you_mean(word, words)} The word "
        f"itself is written {{text: {word!r:.60}}}.",
        part.line,
    )


def _place(name: str, part: Part, steps: dict[str, _Step]) -> tuple[float, float]:
    if name not in steps and not name.startswith(form.DATA_NODES):
        raise PipelineDocumentError(
            f"The layout places {name!r:.60}, and there is no such step.{did_you_mean(name, steps)}",
            part.line,
        )
    numbers = [one.number() for one in part.items()]
    if len(numbers) != 2:
        raise part.wrong("[x, y], in pixels")
    return numbers[0], numbers[1]


def _text(fields: dict[str, Part], name: str, default: str = "") -> str:
    return default if name not in fields or fields[name].is_null else fields[name].text()


def _below(fields: dict[str, Part], name: str) -> dict[str, Part]:
    return fields[name].fields() if name in fields else {}


def _items(fields: dict[str, Part], name: str) -> list[Part]:
    return fields[name].items() if name in fields else []


def _plain(root: Part) -> dict[str, Any]:
    """All of it as plain JSON; words of arguments and values of parameters as they are written."""
    tree: dict[str, Any] = root.plain()
    steps = _below(root.fields()["pipeline"].fields(), "steps")
    for key, part in steps.items():
        fields, step = part.fields(), tree["pipeline"]["steps"][key]
        if step.get("arguments"):
            step["arguments"] = [
                one.plain() if one.is_mapping else one.raw for one in fields["arguments"].items()
            ]
        if step.get("parameters"):
            step["parameters"] = {
                name: one.plain() if one.is_mapping else one.raw
                for name, one in fields["parameters"].fields().items()
            }
    return tree
