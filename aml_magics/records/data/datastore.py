"""A datastore: a named location of data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class DatastoreRecord:
    """A datastore without its credentials.

    ``kind`` is the name of a file in ``aml_magics/kinds/datastores``; ``settings`` is plain JSON;
    ``created`` is seconds since the epoch, UTC.
    """

    name: str
    kind: str
    settings: dict[str, Any] = field(default_factory=dict)
    created: float = 0.0
    description: str = ""
