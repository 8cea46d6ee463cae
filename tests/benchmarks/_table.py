"""Figures as an aligned table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.benchmarks._figure import Figure

HEADINGS = ("name", "figure", "unit", "target", "met?")
_MET = {None: "", True: "yes", False: "NO"}


def lines_of(benchmark: str, figures: dict[str, Figure]) -> list[str]:
    """A row for each figure of a benchmark."""
    return [
        row(
            f"{benchmark}: {name}",
            number(figure.value),
            figure.unit,
            "" if figure.at_most is None else f"<= {number(figure.at_most)}",
            _MET[figure.is_met],
        )
        for name, figure in figures.items()
    ]


def row(name: str, figure: str, unit: str, target: str, met: str) -> str:
    """One line; the name as wide as the longest there is."""
    return f"{name:<72} {figure:>9} {unit:<11} {target:>8} {met:>4}".rstrip()


def number(value: float) -> str:
    """Three significant digits, whole thousands in full."""
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"
