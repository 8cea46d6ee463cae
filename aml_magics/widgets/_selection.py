"""The selected runs of a panel, synchronized between its views and Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from traitlets import HasTraits, List, Unicode, validate

from aml_magics.errors import RunNotFoundError, did_you_mean
from aml_magics.sdk.run.run import Run
from aml_magics.services.run.search import search

if TYPE_CHECKING:
    from aml_magics.sdk.workspace.workspace import Workspace


class Selection(HasTraits):
    """A widget with the trait ``selected``: ids of runs.

    Unknown ids are dropped if a view selects them, and refused if Python code does.
    """

    selected = List(Unicode(), help="The ids of the runs that are selected.").tag(sync=True)

    _handle: Workspace
    _is_told_by_view = False

    def selected_runs(self) -> list[Run]:
        """The selected runs in the order of selection."""
        return [Run.get(self._handle, one) for one in self.selected]

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Apply a change from a view."""
        self._is_told_by_view = True
        try:
            super().set_state(sync_data)  # type: ignore[misc]  # that of ipywidgets
        finally:
            self._is_told_by_view = False

    def _known_ids(self, ids: list[str]) -> list[str]:
        with self._handle.store.catalogue.read() as connection:
            return [record.id for record in self._handle.store.runs.get(connection, ids)]

    @validate("selected")
    def _only_known(self, proposal: dict[str, Any]) -> list[str]:
        """Remove duplicates; RunNotFoundError if Python code set an unknown id."""
        ids = list(dict.fromkeys(proposal["value"]))
        known = set(self._known_ids(ids)) if ids else set()
        unknown = [one for one in ids if one not in known]
        if unknown and not self._is_told_by_view:
            raise RunNotFoundError(
                f"Only ids of runs that are there can be selected, and {unknown[0]!r:.60} is none."
                f"{did_you_mean(unknown[0], self._offered())}"
            )
        return [one for one in ids if one in known]

    def _offered(self) -> list[str]:
        """Known ids, to suggest in an error message."""
        return [record.id for record in search(self._handle.store, limit=50)]
