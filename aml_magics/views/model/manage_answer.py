"""Answers to questions that change models: notes, tags, aliases, stages; registering and deletion."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aml_magics.services.model import edit as edits
from aml_magics.services.model import registry
from aml_magics.services.model.edit import ModelEdit
from aml_magics.services.model.registration import Registration, register_run_files
from aml_magics.services.run import run as runs
from aml_magics.views.contract.question import question
from aml_magics.views.model.model import model_view
from aml_magics.views.model.subject import ModelSubject, record_of

if TYPE_CHECKING:
    from aml_magics.store.store import Store
    from aml_magics.views.model.model import ModelView


@dataclass(frozen=True, slots=True)
class UpdateModelQuestion:
    """A change of a version; what is null stays. A tag whose value is null is removed; properties are added.

    ``aliases`` are all that lead to the version from now on. ``was`` is the description that the user saw: if another
    has changed it since, nothing is changed.
    """

    model: str
    description: str | None = None
    tags: dict[str, str | None] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    stage: str | None = None
    aliases: tuple[str, ...] | None = None
    was: str | None = None


@dataclass(frozen=True, slots=True)
class RegisterModelQuestion:
    """A file or a folder of a run, to be registered under a name."""

    run: str
    path: str
    name: str


@dataclass(frozen=True, slots=True)
class ModelIdView:
    """A version of a model."""

    id: str
    name: str
    version: int


@question(changes=True)
def update_model(store: Store, asked: UpdateModelQuestion) -> ModelView:
    """Change a version; returns it as it is now."""
    record = registry.find(store, asked.model)
    change = ModelEdit(
        description=asked.description,
        tags={name: value for name, value in asked.tags.items() if value is not None},
        removed_tags=[name for name, value in asked.tags.items() if value is None],
        properties=asked.properties,
        stage=asked.stage,
        aliases=asked.aliases,
        was=asked.was,
    )
    return model_view(store, edits.edit(store, record, change))


@question(changes=True)
def register_model(store: Store, asked: RegisterModelQuestion) -> ModelIdView:
    """Register a file or a folder of a run as a model's next version."""
    run = runs.get(store, asked.run)
    record = register_run_files(store, run, asked.path, Registration(asked.name))
    return ModelIdView(record.id, record.name, record.version)


@question(changes=True)
def delete_model(store: Store, asked: ModelSubject) -> ModelIdView:
    """Delete a version; refused while something needs it."""
    record = record_of(store, asked)
    edits.delete(store, record)
    return ModelIdView(record.id, record.name, record.version)
