"""Independent samples, or a Sobol sequence that covers the space evenly."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import SweepError, described
from aml_magics.kinds.samplers._base import SEED, Sampler
from aml_magics.kinds.samplers._sobol import MOST_DIMENSIONS, sobol_point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.sweep.parameter_expression import Value
    from aml_magics.records.sweep.sweep import TrialRecord

RULE: Final = "rule"
_RULES: Final = ("random", "sobol")
_TRIES: Final = 20
_MOST_LISTED: Final = 100_000


class RandomSampler(Sampler):
    """Draws each parameter from its distribution; no combination of a finite space comes twice."""

    azure_name = "RANDOM"
    known_settings = (SEED, RULE)

    def sample(self, number: int, before: Sequence[TrialRecord]) -> dict[str, Value] | None:
        """The sample with this number; another one where that was tried before."""
        found = self._drawn(number, 0)
        if self.size is None:
            return found
        tried = {_key(trial.values) for trial in before}
        for attempt in range(1, _TRIES):
            if _key(found) not in tried:
                return found
            found = self._drawn(number, attempt)
        if self.size > _MOST_LISTED:
            return found
        left = [
            sample for sample in map(self._at_index, range(self.size)) if _key(sample) not in tried
        ]
        return self._generator(number, _TRIES).choice(left) if left else None

    def _check(self) -> None:
        rule = self._settings.get(RULE, _RULES[0])
        if rule not in _RULES:
            raise SweepError(f"rule is one of {', '.join(_RULES)}, not {described(rule)}.")
        if self._is_even and len(self.space) > MOST_DIMENSIONS:
            raise SweepError(
                f"A Sobol sequence has up to {MOST_DIMENSIONS} parameters, not {len(self.space)}; use rule 'random'."
            )

    @property
    def _is_even(self) -> bool:
        return bool(self._settings.get(RULE) == "sobol")

    @cached_property
    def _shifts(self) -> list[float]:
        generator = self._generator(-1)
        return [generator.random() for _ in self.space]

    def _drawn(self, number: int, attempt: int) -> dict[str, Value]:
        if self._is_even and attempt == 0:
            point = sobol_point(number, len(self.space))
            # turned by the seed: each seed has a sequence of its own, as even as the first
            return self._at([(u + by) % 1.0 for u, by in zip(point, self._shifts, strict=True)])
        generator = self._generator(number, attempt)
        return self._at([generator.random() for _ in self.space])


def _key(values: dict[str, Any]) -> str:
    return json.dumps(values, sort_keys=True)
