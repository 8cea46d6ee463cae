"""Pipelines without processes: what is submitted waits, or ends as the test says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from aml_magics.records.pipeline.definition import PipelineDefinition
from aml_magics.services.pipeline import submission
from aml_magics.services.pipeline.compilation import compile_graph
from aml_magics.services.process import queue
from aml_magics.services.run import recovery

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aml_magics.records.pipeline.definition import StepDefinition
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two scripts."""
    place = tmp_path / "scripts"
    place.mkdir()
    for name in ("a.py", "b.py"):
        (place / name).write_text("print(1)\nprint(2)\n", encoding="utf-8")
    return place


@pytest.fixture
def submit(
    sqlite_store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., RunRecord]:
    """Submit steps to a store in which nothing runs by itself."""
    monkeypatch.setattr(queue, "ensure_scheduler", lambda store: None)
    monkeypatch.setattr(submission, "ensure_controller", lambda store, kind, name: None)
    monkeypatch.setattr(recovery, "revive", lambda store: None)
    monkeypatch.setattr(recovery, "revive_controllers", lambda store: None)

    def submit_(*steps: StepDefinition, parameters: Any = (), **options: Any) -> RunRecord:
        placed = tuple(replace(one, source_directory=str(folder)) for one in steps)
        definition = PipelineDefinition(steps=placed, parameters=tuple(parameters))
        graph = compile_graph(sqlite_store, definition)
        return submission.submit(sqlite_store, "pipelines", graph, **options)

    return submit_
