"""Answers to questions about a workspace: its saved views."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from aml_magics.services.workspace import saved_view
from aml_magics.store.store import Store
from aml_magics.views.contract.question import question
from aml_magics.views.text.format import iso

if TYPE_CHECKING:
    from aml_magics.records.workspace import SavedView

Name = Annotated[str, msgspec.Meta(min_length=1)]


@dataclass(frozen=True, slots=True)
class ViewsQuestion:
    """The saved views of a kind of screen; ``scope`` is an experiment's name, or empty for the workspace."""

    kind: Name
    scope: str = ""


@dataclass(frozen=True, slots=True)
class SaveViewQuestion:
    """A view to save; ``state`` is the screen's own JSON.

    ``version`` is that of the view to replace, 0 for a new one; without it the view is replaced whatever it is.
    """

    kind: Name
    name: Name
    state: dict[str, Any]
    scope: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class DeleteViewQuestion:
    """A view to delete."""

    kind: Name
    name: Name
    scope: str = ""


@dataclass(frozen=True, slots=True)
class SavedViewView:
    """A saved view."""

    name: str
    version: int
    updated: str | None
    state: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SavedViewsView:
    """The saved views of a kind and scope, by name."""

    views: tuple[SavedViewView, ...]


@question
def views(store: Store, asked: ViewsQuestion) -> SavedViewsView:
    """The saved views of a screen."""
    return _listed(store, asked.kind, asked.scope)


@question(changes=True)
def save_view(store: Store, asked: SaveViewQuestion) -> SavedViewsView:
    """Save a view under a name; returns all."""
    saved_view.save_view(
        store, asked.kind, asked.scope, asked.name, asked.state, version=asked.version
    )
    return _listed(store, asked.kind, asked.scope)


@question(changes=True)
def delete_view(store: Store, asked: DeleteViewQuestion) -> SavedViewsView:
    """Delete a view; returns the others."""
    saved_view.delete_view(store, asked.kind, asked.scope, asked.name)
    return _listed(store, asked.kind, asked.scope)


def _listed(store: Store, kind: str, scope: str) -> SavedViewsView:
    return SavedViewsView(tuple(map(_shown, saved_view.list_views(store, kind, scope))))


def _shown(view: SavedView) -> SavedViewView:
    try:
        state = json.loads(view.state)
    except ValueError:  # one damaged view must not hide the others
        state = {}
    return SavedViewView(
        view.name, view.version, iso(view.updated), state if isinstance(state, dict) else {}
    )
