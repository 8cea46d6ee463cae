"""A workspace: its location and its names in Azure."""

from __future__ import annotations

from dataclasses import dataclass, field

DEFAULT_NAME = "default"
LOCAL_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
LOCAL_GROUP = "local"
LOCAL_LOCATION = "local"


@dataclass(frozen=True, slots=True)
class WorkspaceRecord:
    """A workspace as stored in ``workspace.json``.

    ``catalogue`` and ``artifacts`` are URLs; empty for the embedded catalogue and the folder beside it.
    """

    id: str
    name: str
    subscription_id: str = LOCAL_SUBSCRIPTION
    resource_group: str = LOCAL_GROUP
    location: str = LOCAL_LOCATION
    created: float = 0.0
    catalogue: str = ""
    artifacts: str = ""
    sku: str = "basic"
    tags: dict[str, str | None] = field(default_factory=dict)
    friendly_name: str = ""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A saved view.

    ``kind`` is that of the screen, ``scope`` an experiment's name or empty for the whole workspace, ``version``
    counts from 1 with each change, ``updated`` is in seconds since the epoch, ``state`` the screen's own JSON.
    """

    kind: str
    scope: str
    name: str
    version: int
    updated: float
    state: str
