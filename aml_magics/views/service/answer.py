"""Answers to a screen's questions about services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import msgspec

from aml_magics.services.service import registry
from aml_magics.views.contract.argument import Natural
from aml_magics.views.contract.question import question
from aml_magics.views.service.log import search_log, service_log_page
from aml_magics.views.service.service import ServiceSubject, ServiceView, service_view
from aml_magics.views.service.services import ServicesView, services_view
from aml_magics.views.service.trial import MOST_BYTES, SampleView, TrialView, sample_view, trial

if TYPE_CHECKING:
    from aml_magics.store.store import Store
    from aml_magics.views.run.log import LogPageView, LogSearchView


@dataclass(frozen=True, slots=True)
class ServiceQuestion:
    """A service by its name."""

    service: str


@dataclass(frozen=True, slots=True)
class ServiceLogQuestion:
    """Bytes of a log; the end of it without ``start`` and ``end``."""

    service: str
    file: str = ""
    start: Natural | None = None
    end: Natural | None = None


@dataclass(frozen=True, slots=True)
class ServiceLogSearchQuestion:
    """A text to look for in a log, from byte ``start`` on, which begins line ``line``."""

    service: str
    text: Annotated[str, msgspec.Meta(min_length=1)]
    file: str = ""
    is_regex: bool = False
    start: Natural = 0
    line: Natural = 0


@dataclass(frozen=True, slots=True)
class ServiceTrialQuestion:
    """A request to send to a service; ``version`` is one of an endpoint, which chooses where it is empty."""

    service: str
    body: Annotated[str, msgspec.Meta(max_length=MOST_BYTES)]
    version: str = ""


@question
def services(store: Store) -> ServicesView:
    """All services."""
    return services_view(store)


@question
def service(store: Store, asked: ServiceSubject) -> ServiceView:
    """A service as it is now."""
    return service_view(store, asked.service, asked.window)


@question
def service_log(store: Store, asked: ServiceLogQuestion) -> LogPageView:
    """A page of a service's log."""
    record = registry.get(store, asked.service)
    return service_log_page(store, record, asked.file, start=asked.start, end=asked.end)


@question
def service_log_search(store: Store, asked: ServiceLogSearchQuestion) -> LogSearchView:
    """Lines of a service's log that hold a text."""
    return search_log(
        store,
        registry.get(store, asked.service),
        asked.text,
        asked.file,
        is_regex=asked.is_regex,
        start=asked.start,
        line=asked.line,
    )


@question
def service_sample(store: Store, asked: ServiceQuestion) -> SampleView:
    """A request that a service takes: the example of its OpenAPI document, else rows of its model's sample."""
    return sample_view(store, registry.get(store, asked.service))


@question
def service_trial(store: Store, asked: ServiceTrialQuestion) -> TrialView:
    """Send a request to a service from the machine that it runs on, with its key."""
    return trial(store, registry.get(store, asked.service), asked.body, asked.version)
