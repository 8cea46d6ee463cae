"""Runs that are followed in the tests of views."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from aml_magics.services.run import metric, run

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store
    from aml_magics.views.screen.registry import Subscription
    from aml_magics.views.text.encoding import Event


def log_numbers(store: Store, record: RunRecord, name: str, *values: float) -> None:
    journal = metric.writer(store, record)
    for value in values:
        journal.number(name, value)


def started(store: Store, *values: float, name: str = "loss", **more: Any) -> RunRecord:
    record = run.start(store, more.pop("experiment", "digits"), **more)
    log_numbers(store, record, name, *values)
    return record


def told(follower: Subscription) -> list[Event]:
    """What is new, as a browser reads it."""
    if hasattr(follower, "_next_read"):
        follower._next_read = 0.0
    return json.loads(json.dumps(follower.next(), allow_nan=False))


def ended(follower: Subscription, tries: int = 400) -> list[Event]:
    """All that is told until it is over."""
    messages: list[Event] = []
    for _ in range(tries):
        messages += told(follower)
        if follower.is_over:
            return messages
        time.sleep(0.05)
    raise AssertionError(f"it did not end: {messages}")


class Shown:
    """The points and fields of a run as a screen has them after what it was told."""

    def __init__(self, messages: Iterable[Event] = ()) -> None:
        self.points: dict[str, list[float]] = {}
        self.fields: dict[str, Any] = {}
        for message in messages:
            self.take(message)

    def take(self, message: Event) -> None:
        """Apply a message."""
        if message["type"] == "view":
            self.points, self.fields = {}, {}
        told = dict(message.get("view") or message.get("update") or {})
        for one in told.pop("metrics", []):
            if one["points"]:
                self.points[one["name"]] = list(one["points"]["values"])
            elif one.get("more"):
                self.points.setdefault(one["name"], []).extend(one["more"]["values"])
        self.fields |= told


def whole(follower: Subscription) -> list[Event]:
    """The whole state, as a browser reads it."""
    return json.loads(json.dumps(follower.whole(), allow_nan=False))


def updates(messages: list[Event]) -> list[Event]:
    return [message["update"] for message in messages if message["type"] == "update"]
