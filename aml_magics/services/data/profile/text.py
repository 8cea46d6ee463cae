"""The profile of a text column: its first and last value by order, and the most frequent ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from aml_magics.records.profile import TOP
from aml_magics.services.data.profile.measure import Measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.profile import ColumnProfile
    from aml_magics.services.data.profile.rows import Rows

LONGEST: Final = 300
"""Texts that agree in so many characters are taken as one among the most frequent."""

_CANDIDATES: Final = 10 * TOP
_OFTEN: Final = 4
"""Of the drawn rows so many have a value that is no accident."""


class TextMeasure(Measure):
    """Texts.

    Candidates for the most frequent are those of the drawn rows; how often they are there is
    counted in all rows. A value of less than one row in 10,000 may be missing from them.
    """

    def __init__(self, place: int, name: str, type: str) -> None:
        super().__init__(place, name, type)
        self.low: str | None = None
        self.high: str | None = None
        self.candidates: list[str] = []
        self.top: tuple[tuple[str, int], ...] | None = None
        self.is_long = False

    @property
    def text(self) -> str:
        """A value as text."""
        return f"{self.value}::VARCHAR"

    @property
    def drawn(self) -> str:
        """The beginning, since few long texts would fill the memory."""
        return f"left({self.text}, {LONGEST})"

    def first(self) -> list[str]:
        """The bounds by order, and whether there are long texts."""
        ends = [f"left({end}({self.text}), {LONGEST})" for end in ("min", "max")]
        return [*super().first(), *ends, f"max(strlen({self.text}))"]

    def take_first(self, told: Sequence[Any]) -> None:
        """Take the bounds."""
        super().take_first(told)
        self.low, self.high, longest = told[2:]
        self.is_long = (longest or 0) > LONGEST

    def take_drawn(self, told: Sequence[Any], drawn: Rows, *, is_whole: bool) -> None:
        """Ask the drawn rows for candidates."""
        del told
        rest = f"GROUP BY 1 HAVING count({self.value}) > 0 ORDER BY 2 DESC, 1 LIMIT "
        if is_whole:
            found = drawn.list([self.drawn, "count(*)"], f"{rest}{TOP}")
            self.top = tuple((str(text), int(count)) for text, count in found)
            return
        found = drawn.list([self.value, "count(*)"], f"{rest}{_CANDIDATES}")
        self.candidates = [text for text, count in found if count >= _OFTEN]
        if self.candidates:
            drawn.remember(self.variable, [text for text in self.candidates if text])

    def second(self) -> list[str]:
        """How often the candidates are there; the empty text is counted apart, since ``histogram_exact`` means all others by it."""
        if not self.candidates:
            return []
        text = self.drawn if self.is_long else self.text
        counts = f"histogram_exact({text}, getvariable('{self.variable}')::VARCHAR[])"
        return [counts, f"count(*) FILTER ({self.value}::VARCHAR = '')"]

    def profile(
        self, told: Sequence[Any], total: int, source: Rows, *, exact: bool
    ) -> ColumnProfile:
        """With the ends and the most frequent values."""
        plain = super().profile((), total, source, exact=exact)
        top = self.top
        if top is None and exact:
            rest = f"GROUP BY 1 HAVING count({self.value}) > 0 ORDER BY 2 DESC, 1 LIMIT {TOP}"
            top = tuple(
                (str(text), int(count))
                for text, count in source.list([self.drawn, "count(*)"], rest)
            )
        elif top is None:
            top = self._counted(told)
        return replace(plain, low=self.low, high=self.high, top=top)

    def _counted(self, told: Sequence[Any]) -> tuple[tuple[str, int], ...]:
        if not told:
            return ()
        counts = {**(told[0] or {}), "": told[1]}
        found = [(text, counts[text]) for text in self.candidates]
        return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0]))[:TOP])
