"""The screens of the product, by what a person finds on them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


def screen_in(parent: Locator | Page, kind: str) -> Locator:
    """The first screen of a kind, such as `run`, `run-list` or `service`."""
    return parent.locator(f"section.aml-ui.aml-{kind}").first


def _opened(root: Locator, tab: Locator) -> Locator:
    """What a tab of a screen shows, once it is opened."""
    tab.click()
    expect(tab).to_have_attribute("aria-selected", "true")
    panel = root.get_by_role("tabpanel")
    expect(panel).to_be_visible()
    return panel


class RunScreen:
    """The panel of a run.

    Args:
        parent: what it is in.
    """

    def __init__(self, parent: Locator | Page) -> None:
        self.root = screen_in(parent, "run")
        self.status = self.root.locator(".aml-run-banner .aml-status")
        self.name = self.root.locator(".aml-run-name")
        self.link = self.root.locator(".aml-run-banner .aml-link")
        self.reason = self.root.locator(".aml-run-reason")
        self.cancel = self.root.locator(".aml-run-cancel > button")

    def look(self) -> None:
        """Bring it into view: what nobody can see is not drawn anew."""
        self.status.scroll_into_view_if_needed()

    def tab(self, name: str) -> Locator:
        """Open a tab, and return what it shows."""
        return _opened(self.root, self.root.get_by_role("tab", name=re.compile(rf"^{name}")))

    def table(self, title: str) -> Locator:
        """A small table, such as that of parameters."""
        return self.root.get_by_role("table", name=title, exact=True)

    def curve(self, metric: str) -> Locator:
        """The chart of a metric, with what is around it."""
        return self.root.get_by_role("group", name=metric, exact=True)

    def plot(self, metric: str) -> Locator:
        """The chart alone; its label tells what is drawn."""
        return self.curve(metric).locator(".aml-chart-plot")

    def expect_points(self, metric: str, count: int | str) -> None:
        """Wait until so many points are drawn; as text it is a pattern."""
        label = re.compile(rf"\b{re.escape(metric)}: {count} points")
        self.plot(metric).scroll_into_view_if_needed()  # what nobody can see is not drawn
        expect(self.plot(metric)).to_have_attribute("aria-label", label)


class TableScreen:
    """A table of runs.

    Args:
        parent: what it is in.
    """

    def __init__(self, parent: Locator | Page) -> None:
        self.root = screen_in(parent, "run-list")
        self.grid = self.root.locator(".aml-grid")  # a grid, or with groups a treegrid
        self.rows = self.grid.locator(".aml-rows > [role=row]")
        self.count = self.root.locator(".aml-count")
        self.filter = self.root.get_by_role("searchbox", name="Filter runs")
        self.problem = self.root.locator(".aml-problem")

    def row(self, name: str) -> Locator:
        """The row of a run."""
        return self.rows.filter(has_text=name).first

    def head(self, title: str) -> Locator:
        """The head of a column."""
        return self.grid.get_by_role("columnheader", name=re.compile(rf"^{re.escape(title)}\b"))

    def button(self, name: str) -> Locator:
        """A button above the table."""
        return self.root.locator(".aml-toolbar").get_by_role("button", name=name, exact=True)

    def pick(self, *names: str) -> None:
        """Select runs, or unselect them."""
        for name in names:
            self.row(name).get_by_role("gridcell").first.click()

    def names(self) -> list[str]:
        """The names of the runs that are drawn, from the top."""
        return self.rows.evaluate_all(
            "rows => rows.sort((a, b) => a.ariaRowIndex - b.ariaRowIndex)"
            ".map(row => row.querySelector('.aml-open')?.textContent ?? row.textContent)"
        )


class CompareScreen:
    """Runs beside each other.

    Args:
        parent: what it is in.
    """

    def __init__(self, parent: Locator | Page) -> None:
        self.root = screen_in(parent, "compare")
        self.runs = self.root.get_by_role("list", name="Runs").get_by_role("listitem")

    def tab(self, name: str) -> Locator:
        """Open a tab, and return what it shows."""
        return _opened(self.root, self.root.get_by_role("tab", name=name, exact=True))


class DatasetScreen:
    """A dataset.

    Args:
        parent: what it is in.
    """

    def __init__(self, parent: Locator | Page) -> None:
        self.root = screen_in(parent, "dataset")
        self.name = self.root.get_by_role("heading", level=2)
        self.version = self.root.locator("header select")
        self.grid = self.root.get_by_role("grid")
        self.rows = self.grid.locator(".aml-rows > [role=row]")
        self.filter = self.root.get_by_role("searchbox", name="Filter rows")
        self.count = self.root.locator(".aml-count:visible")
        self.problem = self.root.locator(".aml-problem:visible")
        self.columns = self.root.locator("article")

    def tab(self, name: str) -> Locator:
        """Open a tab, and return what it shows."""
        return _opened(self.root, self.root.get_by_role("tab", name=name, exact=True))

    def head(self, column: str) -> Locator:
        """The head of a column."""
        name = re.compile(rf"^\W*{re.escape(column)}\b")
        return self.grid.get_by_role("columnheader", name=name)

    def sort(self, column: str) -> None:
        """Click on the title of a column; what stands below it filters."""
        self.head(column).locator(".aml-head-title").click()

    def row(self, number: int) -> Locator:
        """A row by its number, from 1."""
        return self.grid.locator(f'.aml-rows > [aria-rowindex="{number + 1}"]')

    def column(self, name: str) -> Locator:
        """What is known of a column."""
        return self.root.get_by_role("article", name=name, exact=True)


class ModelsScreen:
    """A table of models, or of the versions of one.

    Args:
        parent: what it is in.
    """

    def __init__(self, parent: Locator | Page) -> None:
        self.root = screen_in(parent, "models")
        self.grid = self.root.get_by_role("grid")
        self.rows = self.grid.locator(".aml-rows > [role=row]")
        self.count = self.root.locator(".aml-count")
        self.filter = self.root.get_by_role("searchbox")
        self.problem = self.root.locator(".aml-problem")

    def row(self, name: str) -> Locator:
        """The row of a model."""
        return self.rows.filter(has=self.root.page.get_by_text(name, exact=True)).first


class ModelScreen:
    """A version of a model.

    Args:
        parent: what it is in.
    """

    def __init__(self, parent: Locator | Page) -> None:
        self.root = screen_in(parent, "model")
        self.name = self.root.get_by_role("heading", level=2)
        self.head = self.root.locator("header")
        self.version = self.root.locator("header").get_by_label("Version")
        self.tags = self.root.get_by_role("list", name="Tags")
        self.form = self.root.get_by_role("form", name="Edit the model")

    def tab(self, name: str) -> Locator:
        """Open a tab, and return what it shows."""
        return _opened(self.root, self.root.get_by_role("tab", name=name, exact=True))

    def button(self, name: str) -> Locator:
        """A button of the head."""
        return self.head.get_by_role("button", name=name, exact=True)

    def node(self, words: str) -> Locator:
        """A part of the lineage."""
        return self.root.locator(".aml-lineage-node", has_text=words)


class ServicesScreen:
    """The table of services.

    Args:
        parent: what it is in.
    """

    def __init__(self, parent: Locator | Page) -> None:
        self.root = screen_in(parent, "services")
        self.rows = self.root.get_by_role("grid").locator(".aml-rows > [role=row]")

    def row(self, name: str) -> Locator:
        """The row of a service."""
        return self.rows.filter(has=self.root.page.get_by_text(name, exact=True)).first


class ServiceScreen:
    """A web service.

    Args:
        parent: what it is in.
    """

    def __init__(self, parent: Locator | Page) -> None:
        self.root = screen_in(parent, "service")
        self.name = self.root.get_by_role("heading", level=2)
        self.status = self.root.locator("header .aml-status").first
        self.load = self.root.get_by_role("region", name="Load").locator(".aml-muted[role=status]")
        self.body = self.root.get_by_label("Body of the request")
        self.answer = self.root.get_by_role("region", name="Answer")

    def tab(self, name: str) -> Locator:
        """Open a tab, and return what it shows."""
        return _opened(self.root, self.root.get_by_role("tab", name=re.compile(rf"^{name}")))

    def button(self, name: str) -> Locator:
        """A button."""
        return self.root.get_by_role("button", name=name, exact=True)

    def send(self, body: str) -> Locator:
        """Send a request from the box, and return the answer that is shown."""
        self.tab("Try it")
        self.body.fill(body)
        self.button("Send").click()
        return self.answer


class SweepScreen:
    """A sweep.

    Args:
        parent: what it is in.
    """

    def __init__(self, parent: Locator | Page) -> None:
        self.root = screen_in(parent, "sweep")
        self.status = self.root.locator("header .aml-status").first
        self.rows = self.root.get_by_role("grid").locator(".aml-rows > [role=row]")

    def tab(self, name: str) -> Locator:
        """Open a tab, and return what it shows."""
        return _opened(self.root, self.root.get_by_role("tab", name=re.compile(rf"^{name}")))

    def button(self, name: str) -> Locator:
        """A button."""
        return self.root.get_by_role("button", name=name, exact=True)


class PipelineScreen(SweepScreen):
    """The run of a pipeline.

    Args:
        parent: what it is in.
    """

    def __init__(self, parent: Locator | Page) -> None:
        super().__init__(parent)
        self.root = screen_in(parent, "pipeline")
        self.status = self.root.locator("header .aml-status").first
        self.rows = self.root.get_by_role("grid").locator(".aml-rows > [role=row]")
        self.chosen = self.root.locator(".aml-pipeline-chosen")

    def step(self, name: str) -> Locator:
        """The node of a step."""
        return self.root.get_by_role("group", name="Steps").get_by_role(
            "button", name=re.compile(re.escape(name))
        )


_LINKS = """() => [...document.querySelectorAll('.aml-ui a')].map(one => one.getAttribute('href'))
  .filter(href => !/^(https?:|blob:|\\/|#|$)/.test(href ?? ''))"""


def expect_harmless(page: Page) -> None:
    """No text of a screen was run, and none would be by a click."""
    assert page.evaluate("window.__pwned") is None
    assert page.evaluate(_LINKS) == []
    strange = ".aml-ui :is(script, iframe, object, embed, form[action], math, style)"
    assert page.locator(strange).count() == 0
