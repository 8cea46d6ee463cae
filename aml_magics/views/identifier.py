"""Ids of runs, as short as they can be typed."""

from __future__ import annotations

import re
from typing import Final

_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def short_id(run_id: str) -> str:
    """The first eight characters of a UUID, which find the run; an id of the user's own in full."""
    return run_id[:8] if _UUID.fullmatch(run_id) else run_id
