"""Tokens: a short name for a state, by which who comes back says what it knows."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def token_of(state: Any) -> str:  # noqa: ANN401 -- anything that JSON can write
    """The token of a state; equal states have equal ones."""
    text = json.dumps(state, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=9).hexdigest()
