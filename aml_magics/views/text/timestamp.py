"""Moments: seconds since the epoch, for JSON and for people."""

from __future__ import annotations

from datetime import UTC, datetime


def iso(seconds: float | None) -> str | None:
    """The moment in ISO 8601, UTC, to the millisecond: ``2026-01-31T09:05:00.250Z``."""
    if seconds is None:
        return None
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment_text(text: str | None) -> str:
    """A moment of :func:`iso` for people, to the second: ``2026-01-31 09:05:00 UTC``."""
    return "" if text is None else f"{text[:10]} {text[11:19]} UTC"
