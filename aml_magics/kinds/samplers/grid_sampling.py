"""Every combination of the options, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.errors import SweepError
from aml_magics.kinds.samplers._base import Sampler
from aml_magics.records.sweep.parameter_expression import CHOICE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.sweep.parameter_expression import Value
    from aml_magics.records.sweep.sweep import TrialRecord


class GridSampler(Sampler):
    """All combinations of choices; the last parameter changes first."""

    azure_name = "GRID"
    known_settings = ()

    def sample(self, number: int, before: Sequence[TrialRecord]) -> dict[str, Value] | None:
        """The combination with this number, but for those that were tried already by a resumed trial."""
        del before
        return self._at_index(number) if number < (self.size or 0) else None

    def _check(self) -> None:
        for name, expression in self.space.items():
            if expression.name != CHOICE:
                raise SweepError(
                    f"A grid has every combination of choices, and parameter {name!r:.80} is {expression.name}; "
                    "write choice(...), or sample at random."
                )
