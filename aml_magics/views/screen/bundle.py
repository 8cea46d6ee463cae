"""An output of a notebook: one screen in the forms that front ends pick from.

Ours draws the snapshot and brings it to life, others show the HTML (VS Code, GitHub, nbconvert), and
a terminal the text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from aml_magics.views.screen import snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aml_magics.views.compare.compare import CompareView
    from aml_magics.views.data.dataset import DatasetView
    from aml_magics.views.run.run import RunView
    from aml_magics.views.run.table import RunTableView
    from aml_magics.views.text.format import JsonValue

Bundle = dict[str, Any]

MANY_CURVES: Final = 24
FEW_CURVES: Final = 6


@dataclass(frozen=True)
class Output:
    """One screen; each form is made when it is first asked for.

    Args:
        mime: the MIME type of its snapshot.
        make_snapshot: makes the snapshot.
        make_html: makes the picture, free of scripts.
        make_text: makes the lines for a terminal.
    """

    mime: str
    make_snapshot: Callable[[], snapshot.Snapshot]
    make_html: Callable[[], str]
    make_text: Callable[[], str]

    @cached_property
    def snapshot(self) -> snapshot.Snapshot:
        """What ours draws, as ``snapshot.ts`` describes it."""
        return self.make_snapshot()

    @cached_property
    def html(self) -> str:
        """The picture."""
        return self.make_html()

    @cached_property
    def text(self) -> str:
        """The lines."""
        return self.make_text()

    def payload(self, widget: str | None = None) -> Bundle:
        """The snapshot alone, by its MIME type.

        Args:
            widget: the id of the live widget that shows the same.
        """
        live = {} if widget is None else {"widget": widget}
        return {self.mime: snapshot.packed({**self.snapshot, **live})}

    def bundle(self, widget: str | None = None) -> Bundle:
        """All forms, by MIME type."""
        return {**self.payload(widget), "text/html": self.html, "text/plain": self.text}


def run_output(workspace: str, view: RunView) -> Output:
    """The output of one run.

    Args:
        workspace: the name of its workspace.
        view: the run.
    """
    from aml_magics.views.run.static import run_html, run_text

    small = snapshot.small_run(view)
    return Output(
        snapshot.RUN,
        lambda: snapshot.snapshot_of(workspace, small),
        lambda: run_html(_with_few_curves(small)),
        lambda: run_text(small),
    )


def run_table_output(workspace: str, view: RunTableView, query: Mapping[str, JsonValue]) -> Output:
    """The output of a table of runs; ``query`` tells which, as ``RunQuery`` in ``message.ts``."""
    from aml_magics.views.run.static_table import run_table_html, run_table_text

    return Output(
        snapshot.RUN_TABLE,
        lambda: snapshot.run_table_snapshot(workspace, view, query),
        lambda: run_table_html(view, query),
        lambda: run_table_text(view, query),
    )


def compare_output(workspace: str, view: CompareView) -> Output:
    """The output of a comparison."""
    from aml_magics.views.compare.static import compare_html, compare_text

    small = snapshot.small_compare(view)
    return Output(
        snapshot.COMPARE,
        lambda: snapshot.snapshot_of(workspace, small),
        lambda: compare_html(replace(small, overlays=view.overlays[:MANY_CURVES])),
        lambda: compare_text(small),
    )


def dataset_output(workspace: str, view: DatasetView) -> Output:
    """The output of a dataset: its first rows, and what is known of its columns.

    Args:
        workspace: the name of its workspace.
        view: the dataset.
    """
    from aml_magics.views.data.output import small_dataset
    from aml_magics.views.data.static import dataset_html, dataset_text

    return Output(
        snapshot.DATASET,
        lambda: snapshot.snapshot_of(workspace, small_dataset(view)),
        lambda: dataset_html(view),
        lambda: dataset_text(view),
    )


def _with_few_curves(view: RunView) -> RunView:
    """Of many metrics the picture draws some, or it would be most of the notebook's file."""
    drawn = [one.name for one in view.metrics if one.points is not None]
    if len(view.metrics) <= MANY_CURVES:
        return view
    kept = set(drawn[:FEW_CURVES])
    return replace(
        view,
        metrics=tuple(
            one if one.name in kept else replace(one, points=None) for one in view.metrics
        ),
    )
