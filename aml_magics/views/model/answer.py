"""Answers to a screen's questions about models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

import msgspec

from aml_magics.services.model import registry
from aml_magics.views.contract.argument import Natural
from aml_magics.views.contract.question import question
from aml_magics.views.model.diff import model_diff_view
from aml_magics.views.model.model import contents_view, model_view
from aml_magics.views.model.models import models_view
from aml_magics.views.model.subject import ModelSubject, record_of

if TYPE_CHECKING:
    from aml_magics.store.store import Store
    from aml_magics.views.model.model import ModelContentsView, ModelView
    from aml_magics.views.model.models import ModelsView
    from aml_magics.views.run.diff import DiffView

MOST: Final = 2_000
"""Rows of an answer."""


@dataclass(frozen=True, slots=True)
class ModelDiffQuestion:
    """From ``model`` to ``other``, each ``NAME:VERSION`` or ``NAME@ALIAS``."""

    model: str
    other: str


@dataclass(frozen=True, slots=True)
class ModelsQuestion:
    """The newest version of each name, or all versions of one ``name``, that meet a filter or have some words.

    ``sort`` is a column or ``metrics.NAME``; the latest come first where it is empty.
    """

    name: str = ""
    filter: str = ""
    sort: str = ""
    descending: bool = False
    offset: Natural = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST)] = 100


@question
def models(store: Store, asked: ModelsQuestion) -> ModelsView:
    """The models of the workspace, or the versions of one, from a place on."""
    return models_view(
        store,
        asked.name,
        asked.filter,
        sort=asked.sort,
        descending=asked.descending,
        offset=asked.offset,
        limit=asked.limit,
    )


@question
def model(store: Store, asked: ModelSubject) -> ModelView:
    """A version of a model as it is now."""
    return model_view(store, record_of(store, asked))


@question
def model_contents(store: Store, asked: ModelSubject) -> ModelContentsView:
    """What the files of a version hold, told without loading them."""
    return contents_view(store, record_of(store, asked))


@question
def model_diff(store: Store, asked: ModelDiffQuestion) -> DiffView:
    """What changed from one version to another."""
    return model_diff_view(
        store, registry.find(store, asked.model), registry.find(store, asked.other)
    )
