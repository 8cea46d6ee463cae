"""The notebook outputs of services, kept small because they are saved in the notebook file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aml_magics.views.chart.small import small_tags
from aml_magics.views.contract.question import output
from aml_magics.views.service.service import ServiceSubject, ServiceView, service_view
from aml_magics.views.service.services import ServicesView, services_view
from aml_magics.views.service.static import service_page, services_page
from aml_magics.views.static.output import Output, fitting, snapshot_of
from aml_magics.views.text.typeset import clipped

if TYPE_CHECKING:
    from aml_magics.store.store import Store
    from aml_magics.views.service.load import LoadView

SERVICE: Final = "application/vnd.aml-magics.service+json"
SERVICES: Final = "application/vnd.aml-magics.services+json"
_TEXT: Final = 1_000
_ROWS: Final = 200
_STRETCHES: Final = 300
_REVISIONS: Final = 20
_REPLICAS: Final = 20
_LINES: Final = 20


@output
def service(store: Store, subject: ServiceSubject) -> Output:
    """The output of a service as it is now."""
    return service_output(store.record.name, service_view(store, subject.service, subject.window))


@output
def services(store: Store) -> Output:
    """The output of the table of services."""
    return services_output(services_view(store))


def service_output(workspace: str, view: ServiceView) -> Output:
    """The output of one service."""
    return Output(
        SERVICE,
        lambda: snapshot_of(workspace, fitting(lambda share: _small(view, share))),
        lambda: service_page(view),
    )


def services_output(view: ServicesView) -> Output:
    """The output of the table."""
    return Output(
        SERVICES,
        lambda: snapshot_of(view.workspace, fitting(lambda share: _few(view, share))),
        lambda: services_page(view),
    )


def _small(view: ServiceView, share: int) -> ServiceView:
    text = _TEXT // share
    error = view.error and replace(
        view.error,
        message=clipped(view.error.message, 2 * text),
        details=tuple(clipped(one, text) for one in view.error.details[:5]),
    )
    return replace(
        view,
        error=error,
        description=clipped(view.description, text),
        tags=small_tags(dict(list(view.tags.items())[: 50 // share]), text),
        replicas=view.replicas[: _REPLICAS // share],
        revisions=tuple(
            replace(one, changes=tuple(clipped(line, text) for line in one.changes[:10]))
            for one in view.revisions[: max(1, _REVISIONS // share)]
        ),
        log_tail=tuple(clipped(line, text) for line in view.log_tail[-(_LINES // share) :]),
        load=_last(view.load, _STRETCHES // share),
    )


def _last(load: LoadView, most: int) -> LoadView:
    return replace(
        load,
        times=load.times[-most:],
        requests=load.requests[-most:],
        errors=load.errors[-most:],
        refused=load.refused[-most:],
        latency=load.latency[-most:],
    )


def _few(view: ServicesView, share: int) -> ServicesView:
    rows = tuple(
        replace(
            one,
            problem=clipped(one.problem, _TEXT // share),
            description=clipped(one.description, _TEXT // share),
            recent=one.recent if share == 1 else (),
        )
        for one in view.rows[: _ROWS // share]
    )
    return replace(view, rows=rows)
