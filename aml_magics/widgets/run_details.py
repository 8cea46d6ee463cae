"""``RunDetails``, as Azure ML SDK v1 names it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aml_magics import widgets
from aml_magics._version import SDK_VERSION
from aml_magics.errors import InvalidArgumentError
from aml_magics.records.pipeline.pipeline import PIPELINE_RUN
from aml_magics.records.sweep.sweep import HYPERDRIVE
from aml_magics.sdk.run.run import Run
from aml_magics.views.pipeline.pipeline import pipeline_view
from aml_magics.views.pipeline.static import pipeline_page
from aml_magics.views.run.run import run_view
from aml_magics.views.run.static import run_page
from aml_magics.views.sweep.static import sweep_page
from aml_magics.views.sweep.sweep import sweep_view
from aml_magics.widgets._details_data import details_data

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store
    from aml_magics.views.static.page import Page

_SETTINGS: Final = {
    "childWidgetDisplay": "popup",
    "send_telemetry": False,
    "log_level": "INFO",
    "sdk_version": SDK_VERSION,
}

_PANELS: Final = {HYPERDRIVE: "SweepWidget", PIPELINE_RUN: "PipelineWidget"}
"""The widgets of runs that are more than a run, by Azure's types; they load when they are shown."""


def _run_page(store: Store, record: RunRecord) -> Page:
    return run_page(run_view(store, record))


def _sweep_page(store: Store, record: RunRecord) -> Page:
    return sweep_page(sweep_view(store, record))


def _pipeline_page(store: Store, record: RunRecord) -> Page:
    return pipeline_page(pipeline_view(store, record))


_PAGES: Final = {HYPERDRIVE: _sweep_page, PIPELINE_RUN: _pipeline_page}


class RunDetails:
    """The panel of a run: live in a notebook, printed once elsewhere.

    Raises:
        InvalidArgumentError: ``run_instance`` is not a run.
    """

    def __init__(self, run_instance: Run) -> None:
        if not isinstance(run_instance, Run):
            raise InvalidArgumentError(
                f"RunDetails takes a Run, not {type(run_instance).__name__} ({run_instance!r:.60}); "
                "experiment.submit(...) and Run.get(workspace, run_id) give one."
            )
        self._run = run_instance
        self._settings: dict[str, Any] = dict(_SETTINGS)

    def show(
        self, render_lib: object = None, widget_settings: Mapping[str, Any] | None = None
    ) -> None:
        """Show the panel and return at once; in a notebook it updates by itself.

        Args:
            render_lib: ignored.
            widget_settings: stored with Azure's own; ``childWidgetDisplay`` and the like have no effect.
        """
        del render_lib
        self._set(widget_settings)
        if _is_in_kernel():
            from IPython.display import display

            panel = getattr(widgets, _PANELS.get(self._type, "RunWidget"))
            display(panel(self._run))  # type: ignore[no-untyped-call]
            return
        store, record = self._run._workspace.store, self._run.record  # noqa: SLF001 -- as in RunWidget
        print(_PAGES.get(self._type, _run_page)(store, record).text)  # noqa: T201 -- as Azure's prints

    @property
    def _type(self) -> str:
        return self._run.record.type or ""

    def get_widget_data(self, widget_settings: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The data of the panel under Azure's names, as plain JSON values."""
        self._set(widget_settings)
        return details_data(self._run, self._settings)

    def _set(self, widget_settings: Mapping[str, Any] | None) -> None:
        self._settings.update(widget_settings or {})

    def __repr__(self) -> str:
        """The representation of Azure's widget."""
        return f"_UserRunWidget(widget_settings={self._settings!r})"


def _is_in_kernel() -> bool:
    """Whether a front end can show a widget; plain Python and terminals have none."""
    import sys

    if "IPython" not in sys.modules:
        return False
    from IPython.core.getipython import get_ipython

    return hasattr(get_ipython(), "kernel")
