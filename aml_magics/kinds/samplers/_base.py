"""The contract of a sampler: which values each trial of a sweep gets.

A kind is one file with one public class; the file's name is what the catalogue keeps (``random``). A sample depends
on the space, the seed, the number of the trial and the trials before it, and on nothing else. So a controller that
was killed goes on with the same sequence. Every kind passes the tests of ``tests/kinds/samplers``.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Final

from aml_magics._registry import Registry
from aml_magics.errors import SweepError, described, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.records.sweep.parameter_expression import ParameterExpression, Value
    from aml_magics.records.sweep.sweep import EarlierTrial, Goal, TrialRecord

SEED: Final = "seed"


class Sampler(ABC):
    """Draws the values of trials.

    Args:
        space: the expressions by parameter.
        settings: Azure's ``properties`` of a sampling.
        seed: used where the settings have none.
        goal: whether a higher metric is better.
        earlier: trials of other sweeps to learn from.

    Raises:
        SweepError: an expression that the sampler cannot draw from, or an unknown setting.
    """

    azure_name: ClassVar[str]
    """Azure's name of the kind, such as ``RANDOM``."""

    known_settings: ClassVar[tuple[str, ...]] = (SEED,)

    learns: ClassVar[bool] = False
    """Whether a sample depends on the metrics of the trials before it: then few trials go on at once."""

    def __init__(
        self,
        space: Mapping[str, ParameterExpression],
        settings: Mapping[str, Any],
        seed: int,
        goal: Goal,
        earlier: Sequence[EarlierTrial] = (),
    ) -> None:
        for name in settings:
            if name not in self.known_settings:
                raise SweepError(
                    f"{type(self).__name__} has no property {name!r:.60}.{did_you_mean(name, self.known_settings)} "
                    f"It has: {', '.join(self.known_settings)}."
                )
        self.space = dict(space)
        self._settings = dict(settings)
        self._seed = _checked_seed(settings.get(SEED, seed))
        self._goal = goal
        self._earlier = tuple(earlier)
        self._check()

    @property
    def size(self) -> int | None:
        """How many different samples there are; None if there is no end of them."""
        found = 1
        for expression in self.space.values():
            if expression.size is None:
                return None
            found *= expression.size
        return found

    @abstractmethod
    def sample(self, number: int, before: Sequence[TrialRecord]) -> dict[str, Value] | None:
        """The values of a trial; None if the space has no other sample.

        Args:
            number: of the trial, from 0.
            before: the trials before it, by number, with the metrics that are known.
        """

    def _check(self) -> None:  # noqa: B027 -- most samplers draw from any expression
        """Refuse expressions that the sampler cannot draw from."""

    def _generator(self, number: int, attempt: int = 0) -> random.Random:
        # a text as the seed: it is hashed by SHA-512, so near numbers give unrelated streams
        return random.Random(f"{self._seed}/{number}/{attempt}")  # noqa: S311 -- no secret

    def _at(self, shares: Sequence[float]) -> dict[str, Value]:
        """The values at one share of each parameter's distribution."""
        pairs = zip(self.space.items(), shares, strict=True)
        return {name: expression.at(share) for (name, expression), share in pairs}

    def _at_index(self, index: int) -> dict[str, Value]:
        """The sample at a place of a finite space; the last parameter changes first."""
        found: dict[str, Value] = {}
        for name, expression in reversed(self.space.items()):
            index, place = divmod(index, expression.size or 1)
            found[name] = expression.at_index(place)
        return {name: found[name] for name in self.space}


SAMPLERS = Registry("aml_magics.kinds.samplers", Sampler, "sampler")  # type: ignore[type-abstract]


def _checked_seed(given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or given < 0:
        raise SweepError(f"seed is a whole number from 0, not {described(given)}.")
    return given
