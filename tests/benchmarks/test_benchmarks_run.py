"""The benchmarks work; how quick anything is, no test asks."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.benchmarks._figure import Figure
from tests.fixtures.source import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def _benchmarks(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.benchmarks", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_quick_benchmarks_print_a_table_and_write_its_figures_as_json(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    ended = _benchmarks("--quick", "--only", "empty_run,log", "--json", str(file))

    assert ended.returncode == 0, ended.stdout + ended.stderr
    report = json.loads(file.read_text(encoding="utf-8"))
    assert report["broken"] == {}
    assert list(report["figures"]) == ["empty_run", "log"]
    for name, figures in report["figures"].items():
        for figure, found in figures.items():
            assert set(found) == {"value", "unit", "at_most", "is_met"}
            assert found["value"] > 0
            assert f"{name}: {figure}" in ended.stdout


def test_an_unknown_benchmark_is_named_with_those_that_exist() -> None:
    ended = _benchmarks("--only", "empty_runs")

    assert ended.returncode == 2
    assert "no benchmark empty_runs; there are" in ended.stderr


def test_a_figure_meets_its_target_up_to_the_target_itself() -> None:
    assert Figure(2.0, "ms", at_most=2).is_met is True
    assert Figure(2.1, "ms", at_most=2).is_met is False
    assert Figure(2.1, "ms").is_met is None


def test_peers_whose_scripts_are_not_there_are_told_before_anything_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AML_MAGICS_BENCH_PEERS", str(tmp_path))
    ended = _benchmarks("--quick", "--peers")

    assert ended.returncode == 1
    assert f"are not in {tmp_path}; set AML_MAGICS_BENCH_PEERS" in ended.stderr
    assert ended.stdout == ""
