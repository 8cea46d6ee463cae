"""Pages of the tests in the browser: each of its own context, watched for errors and foreign requests."""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

import pytest

from tests.browser.notebook import Notebook
from tests.browser.training import workspace
from tests.fixtures.chromium import MILLISECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.fixtures.lab import Lab


class NotebookMaker(Protocol):
    """Makes a notebook of some cells, in the worker's JupyterLab unless another is given."""

    def __call__(self, *cells: str, of: Lab | None = None) -> Notebook: ...


_REPORT = pytest.StashKey[pytest.TestReport]()
_OURS = re.compile(r"aml-magics|aml_magics")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A browser and a server on a busy machine now and then fail for reasons of their own.

    `--reruns 0` shows every failure at once.
    """
    for item in items:
        if "tests/browser/" in item.path.as_posix() and config.getoption("reruns") is None:
            item.add_marker(pytest.mark.flaky(reruns=2))


@pytest.fixture
def lab(shared_lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """The worker's JupyterLab; this process reads and writes the same workspaces."""
    monkeypatch.setenv("AML_MAGICS_HOME", str(shared_lab.home))
    workspace()  # made here, or the first run of a kernel would say so
    return shared_lab


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser context of the test alone."""
    context = chromium.new_context(
        viewport={"width": 1400, "height": 1000}, accept_downloads=True, locale="en-GB"
    )
    context.set_default_timeout(MILLISECONDS)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Page]:
    """A page; our code may raise nothing in it, and nothing in it may ask another machine.

    What it showed when its test failed is kept as a picture in the test's folder.
    """
    page = context.new_page()
    errors: list[str] = []
    foreign: list[str] = []

    def check(url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:")):
            foreign.append(url)

    page.on("pageerror", lambda error: errors.append(error.stack or error.message))
    page.on("request", lambda sent: check(sent.url))
    yield page
    report = request.node.stash.get(_REPORT, None)
    if report is not None and report.failed:
        page.screenshot(path=tmp_path / "failure.png")
    assert [error for error in errors if _OURS.search(error)] == []
    assert foreign == []


@pytest.fixture
def notebook(page: Page, lab: Lab, request: pytest.FixtureRequest) -> Iterator[NotebookMaker]:
    """Makes notebooks, each in a folder of its own and with a name, and so an experiment, of its own."""
    made: list[Notebook] = []

    def make(*cells: str, of: Lab | None = None) -> Notebook:
        words = re.sub(r"\W+", "_", request.node.name.removeprefix("test_"))
        stem = f"{words[:30].strip('_')}_{secrets.token_hex(3)}"
        made.append(Notebook(page, of or lab, f"{stem}/{stem}.ipynb").write(cells))
        return made[-1]

    yield make
    for one in made:
        with suppress(OSError):  # its server may be dead
            one.end_session()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember how the call went, for the picture."""
    report = yield
    if report.when == "call":
        item.stash[_REPORT] = report
    return report
