"""The tables of a published pipeline and an endpoint show text as text."""

from __future__ import annotations

from aml_magics.views.pipeline.static_handle import endpoint_handle_html, published_handle_html

P = '<img src=x onerror="window.__pwned=1">'


def test_a_published_pipeline_is_shown_with_its_address():
    html = published_handle_html(name=P, id_="i-1", status="Active", address="http://127.0.0.1:1/x")

    assert P not in html
    assert all(word in html for word in ("&lt;img", "i-1", "Active", "http://127.0.0.1:1/x"))


def test_an_endpoint_is_shown_with_its_default_version():
    html = endpoint_handle_html(
        name=P, id_="i-1", status="Disabled", version="7", address="http://127.0.0.1:1/x"
    )

    assert P not in html
    assert all(word in html for word in ("&lt;img", "i-1", "Disabled", ">7<"))
