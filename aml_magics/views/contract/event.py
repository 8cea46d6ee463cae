"""What subscriptions report. ``token`` names the state after the event: who follows again from it is told nothing twice."""

from __future__ import annotations

from typing import Generic, Literal, TypedDict, TypeVar

V = TypeVar("V")


class ViewEvent(TypedDict, Generic[V]):
    """The whole state; it replaces all that was told before."""

    type: Literal["view"]
    token: str
    view: V


class EndEvent(TypedDict):
    """The subject has ended; nothing follows."""

    type: Literal["end"]
    token: str


class GoneEvent(TypedDict):
    """The subject was deleted; nothing follows."""

    type: Literal["gone"]
    token: str
    message: str
