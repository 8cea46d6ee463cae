"""The lists of pipelines in JupyterLab: what is published, its endpoint and schedule are disabled and enabled there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from aml_magics.sdk.pipeline.pipeline import Pipeline
from aml_magics.sdk.pipeline.pipeline_endpoint import PipelineEndpoint
from aml_magics.sdk.pipeline.published_pipeline import PublishedPipeline
from aml_magics.sdk.pipeline.schedule.recurrence import ScheduleRecurrence
from aml_magics.sdk.pipeline.schedule.schedule import Schedule
from aml_magics.sdk.pipeline.steps.python_script_step import PythonScriptStep
from tests.browser.screens import screen_in
from tests.browser.training import workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.fixtures.lab import Lab


@pytest.fixture
def statuses(lab: Lab, tmp_path: Path) -> dict[str, Callable[[], str]]:
    """How each of a published pipeline, an endpoint and a schedule is, by the name of its list."""
    assert lab
    place = workspace()
    (tmp_path / "hello.py").write_text("print('hello')")
    step = PythonScriptStep("hello.py", source_directory=str(tmp_path))
    published = Pipeline(place, [step]).publish("greeting")
    endpoint = PipelineEndpoint.publish(place, "greetings", "of each day", published)
    schedule = Schedule.create(
        place,
        "in a year",
        published.id,
        "greeted",
        recurrence=ScheduleRecurrence("Month", 12, start_time="2999-01-01T00:00:00"),
    )
    return {
        "Published": lambda: str(PublishedPipeline.get(place, published.id).status),
        "Endpoints": lambda: str(PipelineEndpoint.get(place, endpoint.id).status),
        "Schedules": lambda: str(Schedule.get(place, schedule.id).status),
    }


def test_what_is_published_is_disabled_and_enabled_from_the_side_panel(
    page: Page, lab: Lab, statuses: dict[str, Callable[[], str]]
) -> None:
    page.goto(lab.url("/lab", reset=""))
    page.locator('.jp-SideBar [data-id="aml-magics-panel"]').click()
    side = page.locator("#aml-magics-panel")
    side.get_by_role("button", name=re.compile(r"Schedules \d")).click()
    side.get_by_role("button", name="in a year").click()
    screen = screen_in(page.locator(".aml-lab-screen:visible"), "pipelines")
    expect(screen.get_by_role("tab", name=re.compile("^Schedules"))).to_have_attribute(
        "aria-selected", "true"
    )
    # What uses the pipeline is disabled before it.
    for title in ("Schedules", "Endpoints", "Published"):
        screen.get_by_role("tab", name=re.compile(f"^{title}")).click()
        screen.get_by_role("button", name=re.compile("^Disable ")).first.click()
        expect(screen.get_by_role("button", name=re.compile("^Enable ")).first).to_be_visible()
        assert statuses[title]() == "Disabled"
    for title in ("Published", "Endpoints", "Schedules"):
        screen.get_by_role("tab", name=re.compile(f"^{title}")).click()
        screen.get_by_role("button", name=re.compile("^Enable ")).first.click()
        expect(screen.get_by_role("button", name=re.compile("^Disable ")).first).to_be_visible()
        assert statuses[title]() == "Active"
