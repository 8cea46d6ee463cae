"""A pipeline as the designer shows it: its document, what is wrong with it, and what can be put into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aml_magics.kinds.steps._base import STEPS
from aml_magics.records.compute import LOCAL
from aml_magics.services.compute import registry as computes
from aml_magics.services.data import dataset
from aml_magics.services.data.store import datastore
from aml_magics.services.model import registry as models
from aml_magics.services.pipeline.document.reading import read
from aml_magics.services.pipeline.document.tree import PipelineDocumentError
from aml_magics.services.pipeline.validation import located
from aml_magics.services.run import experiment

if TYPE_CHECKING:
    from aml_magics.kinds.steps._base import StepKind
    from aml_magics.store.store import Store

MOST: Final = 500
"""Names of a list that the palette offers."""


@dataclass(frozen=True, slots=True)
class DesignProblemView:
    """What is wrong; ``step`` is the key of the step to blame, empty where it is none's alone."""

    step: str
    text: str


@dataclass(frozen=True, slots=True)
class DesignView:
    """A document of a pipeline: ``tree`` is it as plain JSON, with the keys of its YAML.

    Null where the text cannot be read; ``error`` says why then, and ``line`` where, counted from 1.
    """

    tree: dict[str, Any] | None
    error: str
    line: int | None
    problems: tuple[DesignProblemView, ...]


@dataclass(frozen=True, slots=True)
class StepSettingView:
    """A setting of a kind of step, as a form shows it."""

    name: str
    type: str
    title: str
    default: Any
    is_required: bool


@dataclass(frozen=True, slots=True)
class StepKindView:
    """A kind of step. ``cloud`` is what of Azure it would need and is not here; empty if it runs."""

    type: str
    title: str
    needs_folder: bool
    cloud: str
    settings: tuple[StepSettingView, ...]


@dataclass(frozen=True, slots=True)
class DesignModelView:
    """The newest version of a model."""

    name: str
    version: int


@dataclass(frozen=True, slots=True)
class DesignPaletteView:
    """What can be put into a pipeline, by name; of each the first 500."""

    kinds: tuple[StepKindView, ...]
    datasets: tuple[str, ...]
    models: tuple[DesignModelView, ...]
    computes: tuple[str, ...]
    datastores: tuple[str, ...]
    experiments: tuple[str, ...]


def design_view(text: str) -> DesignView:
    """A document as it is written."""
    try:
        document = read(text)
    except PipelineDocumentError as error:
        return DesignView(None, str(error), error.line, ())
    problems = located(document.definition) if document.definition.steps else []
    shown = tuple(DesignProblemView(one.step, one.text) for one in problems)
    return DesignView(document.tree, "", None, shown)


def palette_view(store: Store) -> DesignPaletteView:
    """All that can be put into a pipeline; what runs here stands before what needs a cloud."""
    loaded = [STEPS.load(name) for name in STEPS.names()]
    kinds = sorted(
        (_kind(one) for one in loaded if one.is_drawn),
        key=lambda one: (bool(one.cloud), one.title),
    )
    newest = models.newest(store)
    return DesignPaletteView(
        tuple(kinds),
        tuple(sorted(dataset.names(store))[:MOST]),
        tuple(DesignModelView(one.name, one.version) for one, _ in newest[:MOST]),
        (LOCAL, *sorted(one.name for one in computes.list_computes(store))),
        tuple(sorted(one.name for one in datastore.list_datastores(store))),
        tuple(one.name for one in experiment.list_experiments(store)[:MOST]),
    )


def _kind(kind: type[StepKind]) -> StepKindView:
    settings = tuple(
        StepSettingView(key, one.type, one.title, one.default, one.is_required)
        for key, one in kind.settings.items()
    )
    return StepKindView(kind.type, kind.title, kind.needs_folder, kind.cloud, settings)
