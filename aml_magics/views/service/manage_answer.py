"""Questions that change a service, or that hand out its key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aml_magics.services.service import deployment, process, registry
from aml_magics.views.contract.argument import Positive
from aml_magics.views.contract.question import question
from aml_magics.views.service.answer import ServiceQuestion
from aml_magics.views.service.trial import authentication_of, secret_of

if TYPE_CHECKING:
    from aml_magics.store.store import Store


@dataclass(frozen=True, slots=True)
class RollbackQuestion:
    """A revision of a service to go back to."""

    service: str
    revision: Positive


@dataclass(frozen=True, slots=True)
class ServiceKeyView:
    """What stands behind ``Bearer`` in the Authorization header; empty where none is asked for."""

    key: str


@dataclass(frozen=True, slots=True)
class ServiceStateView:
    """The state of a service after what was done; ``Deleted`` where it is not there any more."""

    state: str


@question(changes=True)
def service_stop(store: Store, asked: ServiceQuestion) -> ServiceStateView:
    """Stop a service; it stays, and does not come back by itself."""
    process.down(store, asked.service)
    return _state(store, asked.service)


@question(changes=True)
def service_start(store: Store, asked: ServiceQuestion) -> ServiceStateView:
    """Start a service that was stopped, or whose process is gone."""
    process.up(store, asked.service)
    return _state(store, asked.service)


@question(changes=True)
def service_delete(store: Store, asked: ServiceQuestion) -> ServiceStateView:
    """Delete a service with its revisions, its log and its traffic."""
    deployment.delete(store, asked.service)
    return ServiceStateView("Deleted")


@question(changes=True)
def service_rollback(store: Store, asked: RollbackQuestion) -> ServiceStateView:
    """Deploy an earlier revision anew: a new one that runs what that one ran."""
    deployment.rollback(store, asked.service, asked.revision)
    return _state(store, asked.service)


@question(changes=True)
def service_key(store: Store, asked: ServiceQuestion) -> ServiceKeyView:
    """The key of a service, or a token for it. Who may only read is not given any, so it counts as a change."""
    record = registry.get(store, asked.service)
    return ServiceKeyView(secret_of(store, record, authentication_of(store, record)))


def _state(store: Store, name: str) -> ServiceStateView:
    return ServiceStateView(str(registry.get(store, name).state))
