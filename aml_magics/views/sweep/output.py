"""The notebook output of a sweep, kept small because it is saved in the notebook file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aml_magics.views.chart.small import exact
from aml_magics.views.contract.question import output
from aml_magics.views.static.output import Output, fitting, snapshot_of
from aml_magics.views.sweep.static import sweep_page
from aml_magics.views.sweep.sweep import SweepSubject, SweepTrialView, SweepView, sweep_view
from aml_magics.views.text.typeset import clipped

if TYPE_CHECKING:
    from aml_magics.store.store import Store

SWEEP: Final = "application/vnd.aml-magics.sweep+json"
_TRIALS: Final = 200
_PARAMETERS: Final = 64
_TEXT: Final = 400


@output
def sweep(store: Store, subject: SweepSubject) -> Output:
    """The output of a sweep as it is now."""
    return sweep_output(sweep_view(store, subject.run))


def sweep_output(view: SweepView) -> Output:
    """The output of a view of a sweep."""
    return Output(
        SWEEP,
        lambda: snapshot_of(view.workspace, fitting(lambda share: _few(view, share))),
        lambda: sweep_page(view),
    )


def _few(view: SweepView, share: int) -> SweepView:
    """The sweep with its first trials; a live host fetches the others."""
    wide, text = _PARAMETERS // share, _TEXT // share
    return replace(
        view,
        reason=clipped(view.reason, text),
        parameters=tuple(
            replace(one, expression=clipped(one.expression, text)) for one in view.parameters[:wide]
        ),
        best=None if view.best is None else _small(view.best, wide, text),
        trials=tuple(_small(one, wide, text) for one in view.trials[: _TRIALS // share]),
        more=view.more + len(view.trials[_TRIALS // share :]),
    )


def _small(one: SweepTrialView, wide: int, text: int) -> SweepTrialView:
    values = tuple(exact(value, text) for value in one.values[:wide])
    return replace(one, values=values, reason=clipped(one.reason, text))
