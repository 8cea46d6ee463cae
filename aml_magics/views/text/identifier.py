"""Ids of runs, as short as they can be typed."""

from __future__ import annotations

import re
from typing import Final

_UUID: Final = re.compile(
    r"((?:OfflineRun_)?[0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)


def short_id(run_id: str) -> str:
    """A UUID up to its eighth character, which finds the run; an id of the user's own in full."""
    found = _UUID.fullmatch(run_id)
    return found[1] if found else run_id
