"""Services in the browser: state and load, a box to try one, its log, the way back, and the side panel."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from aml_magics.errors import ServiceFailedError
from aml_magics.services.service import deployment
from tests.browser.notebook import LOAD
from tests.browser.screens import ModelScreen, ServiceScreen, ServicesScreen, expect_harmless
from tests.browser.serving import HOSTILE_SCORE, deploy, home_of, make_models
from tests.browser.training import HOSTILE, workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import NotebookMaker
    from tests.fixtures.lab import Lab

ROWS = '{"data": [[1, 2], [3, 4]]}'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where models and scripts come from."""
    return tmp_path_factory.mktemp("services")


@pytest.fixture(scope="module")
def name(shared_lab: Lab, folder: Path) -> Iterator[str]:
    """A service whose second revision multiplies by 3, as its first did by 2."""
    with home_of(shared_lab):
        made = f"weights-{secrets.token_hex(3)}"
        make_models(made, folder)
        deploy(made, folder, [f"{made}:1"], description="Multiplies.", tags={"team": "blue"})
        deploy(made, folder, [f"{made}:2"])
        yield made
        deployment.delete(workspace().store, made)


@pytest.mark.usefixtures("lab")
def test_a_service_is_tried_and_its_load_and_log_follow(
    notebook: NotebookMaker, page: Page, name: str
) -> None:
    opened = notebook(LOAD, "%aml services", f"%aml service {name}").open().run(0, 1, 2)
    expect(ServicesScreen(opened.output(1)).row(name)).to_contain_text("Healthy")
    service = ServiceScreen(opened.output(2))
    expect(service.status).to_contain_text("Healthy")
    expect(service.root).to_contain_text("revision 2")
    expect(service.root).to_contain_text("No requests in this time.")

    answer = service.send(ROWS)
    expect(answer).to_contain_text("200")
    expect(answer.get_by_label("Body of the answer")).to_have_text("[9.0, 21.0]")
    expect(service.send("nonsense")).to_contain_text("500")
    expect(service.root).to_contain_text("This is not JSON")
    expect(service.send('{"data": [["x"]]}')).to_contain_text("500")
    service.answer.get_by_role("button", name="Open log").click()
    log = service.root.locator(".aml-log")
    expect(log).to_contain_text("TypeError")
    expect(log).to_contain_text("scoring 2 rows")
    service.tab("Overview")
    expect(service.load).to_have_text("3 requests, 2 errors, 0 refused")
    expect(service.root.locator(".aml-chart-plot").first).to_have_attribute(
        "aria-label", re.compile("requests")
    )
    expect(ServicesScreen(opened.output(1)).row(name)).to_contain_text("2")

    service.button(f"{name}:2").click()
    model = ModelScreen(page.locator(".aml-lab-screen:visible"))
    expect(model.name).to_have_text(name)
    expect(model.node(name).last).to_contain_text("service")


@pytest.mark.usefixtures("lab")
def test_a_service_is_there_after_a_reload_without_a_kernel_and_is_rolled_back(
    notebook: NotebookMaker, page: Page, name: str
) -> None:
    opened = notebook(LOAD, f"%aml service {name}").open().run(0, 1)
    expect(ServiceScreen(opened.output(1)).status).to_contain_text("Healthy")
    opened.save().shut_kernel_down().reload(is_busy=True)

    service = ServiceScreen(opened.output(1))
    expect(service.status).to_contain_text("Healthy")
    revisions = service.tab("Revisions")
    expect(revisions).to_contain_text(f"models: {name}:1 → {name}:2")
    back = revisions.get_by_role("button", name="Roll back to revision 1…")
    back.press("Enter")
    expect(revisions.get_by_role("button", name="Keep")).to_be_focused()
    page.keyboard.press("Escape")
    expect(back).to_be_focused()
    back.press("Enter")
    revisions.get_by_role("button", name="Roll back", exact=True).press("Enter")
    expect(service.root).to_contain_text("What revision 1 ran is deployed as a new revision.")
    expect(revisions.get_by_role("listitem").filter(has_text="Revision 3")).to_contain_text(
        "answers"
    )
    answer = service.send(ROWS)
    expect(answer.get_by_label("Body of the answer")).to_have_text("[6.0, 14.0]")
    service.body.fill('{"data": [[1, 1]]}')
    service.body.press("Control+Enter")
    expect(answer.get_by_label("Body of the answer")).to_have_text("[4.0]")


def test_the_side_panel_lists_services_and_stops_and_starts_them(
    lab: Lab, page: Page, name: str
) -> None:
    page.goto(lab.url("/lab", reset=""))
    page.locator('.jp-SideBar [data-id="aml-magics-panel"]').click()
    services = page.locator("#aml-magics-panel").get_by_role("region", name="Services")
    services.get_by_role("button", name=re.compile("Services")).click()
    item = services.get_by_role("listitem").filter(has_text=name)
    expect(item).to_contain_text("Healthy")
    item.get_by_role("button", name=f"Stop {name}").press("Enter")
    expect(item.get_by_role("button", name="Keep")).to_be_focused()
    item.get_by_role("button", name="Stop", exact=True).click()
    expect(item).to_contain_text("Stopped")
    item.get_by_role("button", name=f"Start {name}").click()
    expect(item).to_contain_text("Healthy")
    item.locator(".aml-panel-item").click()
    expect(ServiceScreen(page.locator(".aml-lab-screen:visible")).status).to_contain_text("Healthy")


@pytest.mark.usefixtures("lab")
def test_a_script_that_fails_and_markup_are_shown_as_text(
    notebook: NotebookMaker, page: Page, name: str, folder: Path
) -> None:
    payloads = [text for text in HOSTILE["markup"] if text.isprintable()]
    hostile = f"hostile-{secrets.token_hex(3)}"
    tags = {f"{text[:60]} {place}": text for place, text in enumerate(payloads)}
    deploy(hostile, folder, [f"{name}:1"], HOSTILE_SCORE, description=" ".join(payloads), tags=tags)
    script = f"def init(): raise ValueError({payloads[0]!r})\ndef run(data): return data\n"
    with pytest.raises(ServiceFailedError):
        deploy(f"{hostile}-x", folder, [f"{name}:1"], script)
    opened = notebook(LOAD, "%aml services", f"%aml service {hostile}", f"%aml service {hostile}-x")
    opened.open().run(0, 1, 2, 3)

    failed = ServiceScreen(opened.output(3))
    expect(failed.status).to_contain_text("Failed")
    expect(failed.root.get_by_label("Details")).to_contain_text(
        re.compile(r"in init\n\s+def init\(\): raise ValueError")
    )
    expect(failed.button("Start")).to_be_visible()
    service = ServiceScreen(opened.output(2))
    expect(service.root).to_contain_text(payloads[0])
    expect(service.send('"ok"')).to_contain_text("<script>")
    expect(service.send('"fail"')).to_contain_text("500")
    expect(service.answer).not_to_contain_text("ValueError")
    expect(service.tab("Log").locator(".aml-log")).to_contain_text(payloads[1])
    service.tab("Revisions")
    service.tab("Overview")
    expect(ServicesScreen(opened.output(1)).row(f"{hostile}-x")).to_contain_text("Failed")
    expect_harmless(page)
    for element in page.locator(".aml-ui button:visible").all()[:30]:
        element.hover(force=True)
    expect_harmless(page)

    failed.button("Delete…").click()
    failed.button("Delete").click()
    expect(failed.root).to_contain_text("The service is deleted.")
    deployment.delete(workspace().store, hostile)


@pytest.mark.usefixtures("lab")
def test_a_service_in_a_box_of_widgets_is_followed_by_the_kernel(
    notebook: NotebookMaker, name: str
) -> None:
    made = f"""from ipywidgets import VBox
from aml_magics.widgets import ServiceWidget
shown = ServiceWidget({name!r})
VBox([shown])"""
    opened = notebook(LOAD, made).open().run(0, 1)
    service = ServiceScreen(opened.output(1))
    expect(service.status).to_contain_text("Healthy")
    expect(service.send(ROWS)).to_contain_text("200")
    service.tab("Overview")
    expect(service.load).to_contain_text(re.compile(r"[1-9]\d* requests"))
    opened.expect_value("shown.state", "Healthy")
