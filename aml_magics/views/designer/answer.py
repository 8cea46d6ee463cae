"""Answers to the designer's questions."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aml_magics.services.pipeline.compilation import compile_graph
from aml_magics.services.pipeline.document.configuring import definition_of
from aml_magics.services.pipeline.document.python_code import python_code
from aml_magics.services.pipeline.document.reading import read
from aml_magics.services.pipeline.document.writing import with_keys, written
from aml_magics.services.pipeline.submission import pipeline_of, submit
from aml_magics.services.run import run as runs
from aml_magics.views.contract.question import question
from aml_magics.views.designer.designer import (
    DesignPaletteView,
    DesignView,
    design_view,
    palette_view,
)
from aml_magics.views.text.format import short_id

if TYPE_CHECKING:
    from aml_magics.store.store import Store


@dataclass(frozen=True, slots=True)
class DesignQuestion:
    """The text of a document."""

    text: str


@dataclass(frozen=True, slots=True)
class DesignRunQuestion:
    """A run of a pipeline."""

    run: str


@dataclass(frozen=True, slots=True)
class SubmitDesignQuestion:
    """A document to run as it is written; ``folder`` is that of its file, where ``~`` is the user's home.

    ``parameters`` are values by name; the others have their defaults.
    """

    text: str
    folder: str
    experiment: str
    parameters: dict[str, Any] = field(default_factory=dict)
    regenerate_outputs: bool = False


@dataclass(frozen=True, slots=True)
class DesignTextView:
    """The text of a document, or code; ``name`` is one for its file."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class SubmittedDesignView:
    """The run that was submitted."""

    run: str
    short_id: str


@question
def design(store: Store, asked: DesignQuestion) -> DesignView:  # noqa: ARG001 -- as all questions
    """A document as it is written: what is in it, and what is wrong with it."""
    return design_view(asked.text)


@question
def design_palette(store: Store) -> DesignPaletteView:
    """What can be put into a pipeline."""
    return palette_view(store)


@question
def design_code(store: Store, asked: DesignQuestion) -> DesignTextView:
    """A document as code in Python that makes the same pipeline."""
    document = read(asked.text)
    definition = document.definition
    return DesignTextView(definition.name, python_code(store, definition, document.runconfigs))


@question
def design_of_run(store: Store, asked: DesignRunQuestion) -> DesignTextView:
    """The document of the pipeline that a run was made from."""
    record = runs.get(store, asked.run)
    definition = pipeline_of(store, record).graph.definition
    return DesignTextView(definition.name or record.name, written(with_keys(definition)))


@question(changes=True)
def submit_design(store: Store, asked: SubmitDesignQuestion) -> SubmittedDesignView:
    """Run a document as it is written."""
    definition = definition_of(asked.text, Path(asked.folder).expanduser())
    graph = compile_graph(store, definition)
    record = submit(
        store,
        asked.experiment,
        graph,
        parameters=asked.parameters,
        regenerate_outputs=asked.regenerate_outputs,
    )
    return SubmittedDesignView(record.id, short_id(record.id))
