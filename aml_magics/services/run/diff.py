"""Compares two runs: code, parameters, metrics, packages, git state, data."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING, Any

from aml_magics.records.diff import Change, RunDiff
from aml_magics.records.metric import ARTIFACT_KINDS
from aml_magics.services.run import code_snapshot as snapshot
from aml_magics.services.run.metric import heads

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


def compare_runs(store: Store, first: RunRecord, second: RunRecord) -> RunDiff:
    """The differences between two runs."""
    found = heads(store, [first, second])
    metrics = [
        # an image or chart is a different file in each run, which means nothing
        {head.name: head.value for head in found[run.key] if head.kind not in ARTIFACT_KINDS}
        for run in (first, second)
    ]
    before, after = snapshot.of(store, first), snapshot.of(store, second)
    names = (f"{first.name} ({first.id[:8]})", f"{second.name} ({second.id[:8]})")
    return RunDiff(
        first=names[0],
        second=names[1],
        params=changes(first.params, second.params),
        metrics=changes(*metrics),
        tags=changes(first.tags, second.tags),
        packages=changes(_packages(before), _packages(after)),
        git=changes(_json(before, "git"), _json(after, "git")),
        data=changes(_json(before, "data"), _json(after, "data")),
        code=_lines(before, after, "source", names),
        upstream=_lines(before, after, "upstream", names),
        patch=_lines(before, after, "patch", names),
    )


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """The values that differ, in the order of their names' first appearance."""
    return [
        Change(name, before.get(name), after.get(name), name in before, name in after)
        for name in {**before, **after}
        if name not in before or name not in after or not _same(before[name], after[name])
    ]


def _same(one: object, other: object) -> bool:
    # NaN is the same as NaN here: nothing changed
    return one == other or (one != one and other != other)  # noqa: PLR0124


def _packages(parts: Mapping[str, str]) -> dict[str, str]:
    lines = (line.partition("==") for line in parts.get("packages", "").splitlines())
    return {name: version for name, _, version in lines}


def _json(parts: Mapping[str, str], part: str) -> dict[str, Any]:
    return dict(json.loads(parts[part])) if parts.get(part) else {}


def _lines(
    before: Mapping[str, str], after: Mapping[str, str], part: str, names: tuple[str, str]
) -> list[str]:
    old, new = before.get(part, "").splitlines(), after.get(part, "").splitlines()
    return list(difflib.unified_diff(old, new, *names, lineterm="", n=2))
