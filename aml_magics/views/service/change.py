"""What differs between two revisions of a service, in words."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aml_magics.records.service import Deployment

_NAMES: Final = 5
_PLAIN: Final = {
    "entry_script": "entry script",
    "authentication": "authentication",
    "collects_data": "data collection",
    "app_insights": "application insights",
}
_LISTS: Final = {"models": "models", "cors": "origins"}
_MAPPINGS: Final = ("variables", "requested")
_ORIGINS: Final = ("source_directory", "entry_script")
"""Of what was requested: where the code came from, which is no change of what runs."""

_PARTS: Final = ("limits", "scaling")


def changes(before: Deployment, after: Deployment) -> tuple[str, ...]:
    """One line for each part that differs. Values of variables are not told: they may be secret."""
    return tuple(_changes(before, after))


def _changes(before: Deployment, after: Deployment) -> Iterator[str]:
    for name, words in _LISTS.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield f"{words}: {_list(old)} → {_list(new)}"
    for name, words in _PLAIN.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield f"{words}: {_word(old)} → {_word(new)}"
    if before.code != after.code:
        yield f"code: {_difference(_by_name(before), _by_name(after))}"
    if before.environment != after.environment:
        yield f"environment: {_environment(before)} → {_environment(after)}"
    for name in _MAPPINGS:
        old, new = (_told(getattr(one, name)) for one in (before, after))
        if old != new:
            yield f"{name}: {_difference(old, new)}"
    yield from _fields(before, after)


def _fields(before: Deployment, after: Deployment) -> Iterator[str]:
    for part in _PARTS:
        old, new = getattr(before, part), getattr(after, part)
        for one in fields(old):
            was, now = getattr(old, one.name), getattr(new, one.name)
            if was != now:
                yield f"{part} {one.name}: {_word(was)} → {_word(now)}"


def _told(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if name not in _ORIGINS}


def _by_name(deployment: Deployment) -> dict[str, str]:
    return {file.name: file.digest for file in deployment.code}


def _difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """The names that are new, gone or changed: ``+ a.py, - b.py, ~ c.py``."""
    found = [f"+ {name}" for name in after if name not in before]
    found += [f"- {name}" for name in before if name not in after]
    found += [f"~ {name}" for name in after if name in before and before[name] != after[name]]
    return _list(found) or "in another order"


def _environment(deployment: Deployment) -> str:
    if deployment.environment is None:
        return "this Python"
    name = deployment.environment.get("name") or "without a name"
    version = deployment.environment.get("version")
    return f"{name}:{version}" if version else str(name)


def _list(words: Any) -> str:  # noqa: ANN401 -- a sequence of texts
    rest = len(words) - _NAMES
    return ", ".join([*words[:_NAMES], *([f"… {rest:,} more"] if rest > 0 else [])]) or "none"


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "none" if value in (None, "") else str(value)
