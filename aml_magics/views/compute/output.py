"""The notebook output of compute targets, kept small because it is saved in the notebook file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aml_magics.views.chart.small import small_tags
from aml_magics.views.compute.computes import ComputesSubject, ComputesView, computes_view
from aml_magics.views.compute.static import computes_page
from aml_magics.views.contract.question import output
from aml_magics.views.static.output import Output, fitting, snapshot_of
from aml_magics.views.text.typeset import clipped

if TYPE_CHECKING:
    from aml_magics.store.store import Store

COMPUTES: Final = "application/vnd.aml-magics.computes+json"
_TEXT: Final = 1_000
_ROWS: Final = 100
_JOBS: Final = 20


@output
def computes(store: Store, subject: ComputesSubject) -> Output:
    """The output of all targets, or of one."""
    return computes_output(computes_view(store, subject.compute))


def computes_output(view: ComputesView) -> Output:
    """The output of a view of targets."""
    return Output(
        COMPUTES,
        lambda: snapshot_of(view.workspace, fitting(lambda share: _few(view, share))),
        lambda: computes_page(view),
    )


def _few(view: ComputesView, share: int) -> ComputesView:
    rows = tuple(
        replace(
            one,
            description=clipped(one.description, _TEXT // share),
            tags=small_tags(dict(list(one.tags.items())[: 20 // share]), _TEXT // share),
            jobs=one.jobs[: _JOBS // share],
            more=one.more + len(one.jobs[_JOBS // share :]),
        )
        for one in view.rows[: _ROWS // share]
    )
    return replace(view, rows=rows)
