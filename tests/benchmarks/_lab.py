"""A JupyterLab server of a benchmark, and a page of it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.benchmarks._bench import Bench
    from tests.fixtures.lab import Lab


@contextmanager
def running_lab(bench: Bench) -> Iterator[Lab]:
    """A server with a home of its own."""
    from tests.fixtures.lab import Lab

    lab = Lab(bench.home())
    lab.start()
    try:
        yield lab
    finally:
        lab.stop()


@contextmanager
def browser_page() -> Iterator[Page]:
    """A page of a browser of its own."""
    from playwright.sync_api import sync_playwright

    from tests.fixtures.chromium import MILLISECONDS, launch

    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(MILLISECONDS)
        yield page
        browser.close()
