"""The page of a profile: latency, throughput, memory and cores at rising load."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.services.service.profile import GB
from aml_magics.views.chart.static_category import CategoryChart, category_chart_html
from aml_magics.views.static.element import element
from aml_magics.views.static.page import Drawing, Page, paragraph
from aml_magics.views.static.table import Column, Table
from aml_magics.views.text.format import count_text, number_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.services.service.profile import LoadStep, Profile

_DIGITS: Final = 3
_CLIENTS: Final = "clients"


def profile_page(profile: Profile) -> Page:
    """What was recommended, the figures at each number of clients, and their charts."""
    steps = profile.steps
    facts = {
        "Profile": profile.name,
        "State": profile.state,
        "Models": ", ".join(profile.models),
        "Recommended": _recommended(profile) if steps else "",
        "Error": profile.error,
        "Description": profile.description,
    }
    return Page(
        "profile",
        f"Profile {profile.name}",
        [
            Table.of_facts({name: value for name, value in facts.items() if value}),
            _charts(steps) if steps else paragraph("Nothing was measured."),
            _table(steps) if steps else None,
        ],
    )


def _recommended(profile: Profile) -> str:
    cores = f"{profile.recommended_cpu:g} cores"
    return f"{cores}, {profile.recommended_memory_in_gb:g} GB"


def _charts(steps: Sequence[LoadStep]) -> Drawing:
    places = [str(one.clients) for one in steps]
    latency = {"p50": [one.p50 for one in steps], "p99": [one.p99 for one in steps]}
    memory = [one.memory / GB for one in steps]
    charts = [
        CategoryChart("Latency", "ms", _CLIENTS, places, latency),
        CategoryChart("Requests a second", "", _CLIENTS, places, {"": [one.rate for one in steps]}),
        CategoryChart("Memory", "GB", _CLIENTS, places, {"": memory}),
        CategoryChart("Cores", "", _CLIENTS, places, {"": [one.cpu for one in steps]}),
    ]
    return Drawing(
        lambda: element("div", {"class": "aml-curves"}, map(category_chart_html, charts))
    )


def _table(steps: Sequence[LoadStep]) -> Table:
    names = ["Clients", "Requests/s", "p50 ms", "p99 ms", "Errors", "Cores", "Memory GB"]
    rows = [
        [
            f"{one.clients}",
            number_text(one.rate, _DIGITS),
            number_text(one.p50, _DIGITS),
            number_text(one.p99, _DIGITS),
            f"{one.errors:,}",
            number_text(one.cpu, _DIGITS),
            number_text(one.memory / GB, _DIGITS),
        ]
        for one in steps
    ]
    total = sum(one.requests for one in steps)
    return Table(
        [Column(name, is_number=True) for name in names],
        rows,
        f"{count_text(total, 'request')} in all.",
    )
