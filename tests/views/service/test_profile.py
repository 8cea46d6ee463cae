"""A profile as a page."""

from __future__ import annotations

import re

from aml_magics.services.service.profile import LoadStep, Profile
from aml_magics.views.service.profile import profile_page

GB = 1 << 30
P = "<img src=x onerror=alert(1)>"
STEPS = tuple(
    LoadStep(n, 100 * n, n // 8, 2.0, 1.5, 1.0 * n, 2.0, 3.0, 4.0 * n, 0.2 * n, GB // 8)
    for n in (1, 2, 4, 8)
)


def test_a_profile_is_drawn_at_each_load():
    page = profile_page(Profile("p", "Succeeded", 1.0, models=("digits:1",), steps=STEPS))

    charts = re.findall(r'<svg[^>]*aria-label="([^"]*)"', page.html)
    assert [one for one in charts if one] == [
        "Latency in ms at 1, 2, 4, 8 clients: p50 1, 2, 4, 8; p99 4, 8, 16, 32",
        "Requests a second at 1, 2, 4, 8 clients: 50, 100, 200, 400",
        "Memory in GB at 1, 2, 4, 8 clients: 0.125, 0.125, 0.125, 0.125",
        "Cores at 1, 2, 4, 8 clients: 0.2, 0.4, 0.8, 1.6",
    ]
    assert "<script" not in page.html
    lines = [line.split() for line in page.text.splitlines()]
    assert ["8", "400", "8", "32", "1", "1.6", "0.125"] in lines
    assert "1,500 requests in all." in page.text


def test_a_profile_without_figures_says_why_and_words_stay_text():
    page = profile_page(Profile(P, "Failed", 1.0, description=P, error=P))

    assert "<img" not in page.html
    assert "Nothing was measured." in page.text
