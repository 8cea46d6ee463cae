"""Answers to a screen's questions about compute targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aml_magics.services.compute import registry
from aml_magics.views.compute.computes import ComputesSubject, ComputesView, computes_view
from aml_magics.views.contract.argument import Natural
from aml_magics.views.contract.question import question

if TYPE_CHECKING:
    from aml_magics.store.store import Store


@dataclass(frozen=True, slots=True)
class ComputeScaleQuestion:
    """New limits of a cluster; what is null stays."""

    compute: str
    min_nodes: Natural | None = None
    max_nodes: Natural | None = None
    idle_seconds: Natural | None = None


@dataclass(frozen=True, slots=True)
class ComputeStateQuestion:
    """What becomes of a target: it takes runs, takes none, or is deleted."""

    compute: str
    state: Literal["start", "stop", "delete"]


@question
def computes(store: Store, asked: ComputesSubject) -> ComputesView:
    """All targets, or one."""
    return computes_view(store, asked.compute)


@question(changes=True)
def compute_scale(store: Store, asked: ComputeScaleQuestion) -> ComputesView:
    """Change how many nodes a cluster has at least and at most, and how long it keeps idle ones."""
    changes = {
        "min_nodes": asked.min_nodes,
        "max_nodes": asked.max_nodes,
        "idle_seconds_before_scaledown": asked.idle_seconds,
    }
    registry.update(store, asked.compute, changes)
    return computes_view(store, asked.compute)


@question(changes=True)
def compute_state(store: Store, asked: ComputeStateQuestion) -> ComputesView:
    """Start, stop or delete a target; returns it, or nothing where it was deleted."""
    if asked.state == "delete":
        registry.delete(store, asked.compute)
        return ComputesView(store.record.name, "", asked.compute, ())
    state = registry.RUNNING if asked.state == "start" else registry.STOPPED
    registry.set_state(store, asked.compute, state)
    return computes_view(store, asked.compute)
