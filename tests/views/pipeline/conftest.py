"""Nothing runs by itself."""

from __future__ import annotations

import pytest

from aml_magics.views.contract import followed
from aml_magics.views.pipeline import follow
from tests.services.pipeline.scheduled import start_no_processes


@pytest.fixture(autouse=True)
def _no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    start_no_processes(monkeypatch)
    monkeypatch.setattr(follow.PipelineSubscription, "pause", -1.0)
    monkeypatch.setattr(follow.PipelinesSubscription, "pause", -1.0)
    monkeypatch.setattr(followed, "COST", 0)
