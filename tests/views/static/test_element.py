from __future__ import annotations

import re
from importlib.resources import files

import pytest

from aml_magics.errors import UsageError
from aml_magics.views.run.run import run_view_of
from aml_magics.views.run.static import run_page
from aml_magics.views.static.element import element, folded, frame, named
from tests.fixtures.source import ROOT
from tests.views.samples import full_source
from tests.views.static.pages import HOSTILE, PAYLOADS, Page, assert_harmless


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


SHEET = files("aml_magics.views.static").joinpath("style.css").read_text(encoding="utf-8")
SOURCE = "".join(
    path.read_text(encoding="utf-8") for path in (ROOT / "aml_magics" / "views").rglob("*.py")
)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"\.(aml-[a-z]+)", SHEET)) - {"aml-view"}))
def test_every_rule_is_for_something_that_is_drawn(name: str) -> None:
    assert f"{name}" in SOURCE


def test_every_rule_stays_inside_the_view() -> None:
    rules = re.sub(r"@(?:media|container) \([^)]*\)\{(.*?)\}\}", r"\1}", SHEET, flags=re.DOTALL)
    selectors = [part.rpartition("}")[2] for part in rules.split("{")[:-1]]

    assert selectors
    for selector in ",".join(selectors).split(","):
        assert selector.strip().startswith(".aml-view"), selector


def test_the_style_sheet_asks_for_nothing_and_is_small() -> None:
    assert not re.search(r"url\(|@import|expression|javascript|<|http", SHEET)
    assert len(SHEET) < 6_300


def test_colours_of_the_theme_have_a_fallback() -> None:
    assert re.findall(r"var\(--jp-[a-z0-9-]+\)", SHEET) == []


def test_a_frame_is_labelled_and_carries_the_style_once() -> None:
    page = assert_harmless(frame("run", 'a "label"', "<b>"))

    attributes = {"class": "aml-view aml-run", "role": "group", "aria-label": 'a "label"'}
    assert page.elements[0] == ("div", attributes)
    assert page.text == "<b>"


def test_a_fold_is_closed_unless_asked() -> None:
    assert folded("t", "x").startswith("<details><summary>")
    assert folded("t", "x", is_open=True).startswith("<details open>")


def test_a_long_name_of_a_part_is_shortened() -> None:
    assert len(Page(named("x" * 1_000)).text) == 60


def test_where_styles_are_stripped_words_and_tables_are_left_and_no_stray_labels() -> None:
    """What a host that drops styles, classes and SVG keeps of a run."""
    html = run_page(run_view_of(full_source())).html
    text = Page(re.sub(r"<svg.*?</svg>", "", html)).text

    assert "✓ Completed gradient boosting run 12 of digits took 3 min 04 s" in text
    assert "val_accuracy0.96180.10150.9645120" in text
    assert "step 0" not in text
