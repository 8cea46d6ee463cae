"""Saved views: what a user chose on a screen (columns, order, filter, charts), kept with the workspace by name."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import (
    AlreadyExistsError,
    EditConflictError,
    NotFoundError,
    UsageError,
    did_you_mean,
)
from aml_magics.records.name import EXPERIMENT, SAVED_VIEW, check_name
from aml_magics.records.value import plain_text
from aml_magics.records.workspace import SavedView
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa

    from aml_magics.store.store import Store

LARGEST_STATE: Final = 256_000
"""Characters of a view's JSON."""

MOST_VIEWS: Final = 200
"""Views of one kind and scope."""


@retried
def list_views(store: Store, kind: str, scope: str = "") -> list[SavedView]:
    """The saved views of a screen, by name.

    Args:
        kind: of the screen, such as ``runs``.
        scope: an experiment's name; empty for views of the whole workspace.
    """
    with store.catalogue.read() as connection:
        return store.saved_views.list(connection, plain_text(kind), plain_text(scope))


def save_view(
    store: Store,
    kind: str,
    scope: str,
    name: str,
    state: Mapping[str, Any],
    *,
    version: int | None = None,
) -> SavedView:
    """Save a view under a name.

    Args:
        state: the screen's own JSON.
        version: that of the view to replace; 0 for a new one; None replaces whatever is there.

    Raises:
        AlreadyExistsError: ``version`` is 0, and there is a view of this name.
        EditConflictError: somebody else has changed or deleted the view since that version.
        UsageError: the state is too large, or there are too many views.
    """
    text = json.dumps(state, ensure_ascii=False, allow_nan=False)
    if len(text) > LARGEST_STATE:
        raise UsageError(
            f"A view has at most {LARGEST_STATE:,} characters of state, and this one {len(text):,}; "
            "choose fewer columns or charts."
        )
    new = SavedView(
        kind=check_name(kind, SAVED_VIEW),
        scope=check_name(scope, EXPERIMENT) if scope.strip() else "",
        name=check_name(name, SAVED_VIEW),
        version=1,
        updated=time.time(),
        state=plain_text(text),
    )

    def work(connection: sa.Connection) -> SavedView:
        there = store.saved_views.get(connection, new.kind, new.scope, new.name)
        if there is not None and (there.updated, there.state) == (new.updated, new.state):
            return there  # an earlier try was committed, with its answer lost
        seen = (there.version if there else 0) if version is None else version
        if seen == 0:
            _refuse_more(store, connection, new)
            if store.saved_views.add(connection, new):
                return new
            raise AlreadyExistsError(
                f"There is a view {new.name!r} already; choose another name, or replace that one."
            )
        changed = replace(new, version=seen + 1)
        if store.saved_views.replace(connection, changed, seen):
            return changed
        raise EditConflictError(
            f"The view {new.name!r} was changed or deleted meanwhile; load it again, or save under another name."
        )

    return store.catalogue.transact(work, durable=True)


def delete_view(store: Store, kind: str, scope: str, name: str) -> None:
    """Delete a saved view; raises NotFoundError if there is none of that name."""

    def work(connection: sa.Connection) -> list[str] | None:
        if store.saved_views.delete(connection, kind, scope, name):
            return None
        return [view.name for view in store.saved_views.list(connection, kind, scope)]

    known = store.catalogue.transact(work, durable=True)
    if known is not None:
        raise NotFoundError(f"There is no view {name!r:.120}.{did_you_mean(name, known)}")


def _refuse_more(store: Store, connection: sa.Connection, new: SavedView) -> None:
    if len(store.saved_views.list(connection, new.kind, new.scope)) >= MOST_VIEWS:
        raise UsageError(f"There are {MOST_VIEWS} views here already; delete one first.")
