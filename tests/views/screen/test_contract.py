"""The types of the front end are those of the dataclasses."""

from __future__ import annotations

import subprocess
import sys

from tests.fixtures.source import ROOT

FILE = ROOT / "labextension/src/contract.gen.ts"


def test_the_generated_contract_is_not_stale() -> None:
    script = ROOT / "labextension/bundle/contract.py"
    done = subprocess.run(
        [sys.executable, script, "--check"], check=False, capture_output=True, text=True
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_it_says_what_is_asked_answered_followed_and_told() -> None:
    text = FILE.read_text(encoding="utf-8")

    for line in (
        "  points: PointsQuestion;",
        "  points: PointsView | null;",
        "  datasets: Record<string, never>;",
        "  ghosts: GhostView[];",
        "export type RunTableEvent = ViewEvent<RunTableView> | RowsEvent;",
        "export interface RunStateView extends RunView {",
        "  limit?: number;",
        "  quantiles: [number, JsonScalar][];",
        "  low: JsonNumber | null;",
    ):
        assert f"\n{line}\n" in text, line
