"""Charts of a few named places."""

from __future__ import annotations

import re

from aml_magics.views.chart.static_category import CategoryChart, category_chart_html


def test_places_are_evenly_spaced_and_values_start_at_zero():
    chart = CategoryChart("Latency", "ms", "clients", ["1", "2", "8"], {"p50": [5, 10, 20]})
    html = category_chart_html(chart)

    dots = re.findall(r'cx="([\d.]+)" cy="([\d.]+)"', html)
    assert dots == [("12.0", "60.0"), ("110.0", "40.0"), ("208.0", "0.0")]
    assert 'data-high="20" data-low="0"' in html
    assert 'aria-label="Latency in ms at 1, 2, 8 clients: p50 5, 10, 20"' in html
    assert re.findall(r">(\d+)</small>", html) == ["1", "2", "8"]


def test_one_place_without_a_value_above_zero_is_drawn_and_words_stay_text():
    html = category_chart_html(CategoryChart("<b>", "", "<i>", ["<a>"], {"<p>": [0.0], "q": [0]}))

    assert html.count("<circle") == 2
    assert not re.search(r"<(b|i|a|p)>", html)
