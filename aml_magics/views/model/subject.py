"""Which models a screen is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aml_magics.services.model import registry
from aml_magics.views.contract.argument import Positive

if TYPE_CHECKING:
    from aml_magics.records.model import ModelRecord
    from aml_magics.store.store import Store


@dataclass(frozen=True, slots=True)
class ModelSubject:
    """A version of a model: ``NAME``, ``NAME:VERSION`` or ``NAME@ALIAS``, or a name and a number.

    A name alone is its newest version.
    """

    model: str
    version: Positive | None = None


@dataclass(frozen=True, slots=True)
class ModelsSubject:
    """The newest version of each name, or all versions of one ``name``, that meet a filter or have some words."""

    name: str = ""
    filter: str = ""


def record_of(store: Store, asked: ModelSubject) -> ModelRecord:
    """The version that is meant; raises ModelNotFoundError."""
    if asked.version is None:
        return registry.find(store, asked.model)
    return registry.get(store, asked.model, asked.version)
