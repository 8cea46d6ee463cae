"""Runs that are selected in a panel, shared between its views and Python."""

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

    What a view selects and is not known is left out; Python is told of it.
    """

    selected = List(Unicode(), help="The ids of the runs that are selected.").tag(sync=True)

    _handle: Workspace
    _is_told_by_view = False

    def selected_runs(self) -> list[Run]:
        """The runs that are selected, in the order in which they were."""
        return [Run.get(self._handle, one) for one in self.selected]

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take in what a view changed."""
        self._is_told_by_view = True
        try:
            super().set_state(sync_data)  # type: ignore[misc]  # that of ipywidgets
        finally:
            self._is_told_by_view = False

    def _known_ids(self, ids: list[str]) -> list[str]:
        """Those of some ids that can be selected."""
        with self._handle.store.catalogue.read() as connection:
            return [record.id for record in self._handle.store.runs.get(connection, ids)]

    @validate("selected")
    def _only_known(self, proposal: dict[str, Any]) -> list[str]:
        """Each id once, and none that is not known.

        Raises:
            RunNotFoundError: Python code set one that is not known.
        """
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
        """Ids to name in a message."""
        return [record.id for record in search(self._handle.store, limit=50)]
