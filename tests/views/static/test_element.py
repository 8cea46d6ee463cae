from __future__ import annotations

import pytest

from aml_magics.errors import UsageError
from aml_magics.views.static.element import element
from tests.views.static.pages import HOSTILE, PAYLOADS, Page


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_and_attributes_are_always_text(payload: str) -> None:
    page = Page(element("td", {"title": payload, "data-x": payload}, payload))

    assert page.tags == {"td"}
    assert set(page.elements[0][1]) == {"title", "data-x"}


def test_children_may_nest_and_be_absent() -> None:
    html = element("p", None, "a<", None, [element("strong", None, "b"), ["c", None]])

    assert html == "<p>a&lt;<strong>b</strong>c</p>"


def test_an_attribute_without_a_value_is_left_out() -> None:
    assert element("details", {"open": True, "class": None, "hidden": False}) == (
        "<details open></details>"
    )


@pytest.mark.parametrize("address", HOSTILE["addresses"])
def test_an_unsafe_address_is_no_link(address: str) -> None:
    assert element("a", {"href": address}, "x") == "<a>x</a>"


@pytest.mark.parametrize("address", ["https://x.org/?a=1&b=2", "mailto:a@b.c", "#top"])
def test_a_safe_address_is_a_link(address: str) -> None:
    assert Page(element("a", {"href": address}, "x")).elements == [("a", {"href": address})]


@pytest.mark.parametrize("tag", ["script", "iframe", "img", "p onclick=x", "P"])
def test_an_element_that_no_view_may_have_is_refused(tag: str) -> None:
    with pytest.raises(UsageError, match="A view has no <"):
        element(tag)


@pytest.mark.parametrize("name", ["onload", "onclick", "a b", "x=", '"'])
def test_an_attribute_that_no_view_may_have_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="has no attribute"):
        element("p", {name: "x"})
