"""What a parameter of a sweep is drawn from: Azure ML's parameter expressions.

Each is a function of one number ``u`` between 0 and 1, its inverse distribution. So one sampler draws from all
of them: at random, along a Sobol sequence, or by a model of ``u``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import SweepError, described, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

CHOICE: Final = "choice"
RANDINT: Final = "randint"
ARGUMENTS: Final[dict[str, tuple[str, ...]]] = {
    CHOICE: ("options",),
    RANDINT: ("upper",),
    "uniform": ("min_value", "max_value"),
    "quniform": ("min_value", "max_value", "q"),
    "loguniform": ("min_value", "max_value"),
    "qloguniform": ("min_value", "max_value", "q"),
    "normal": ("mu", "sigma"),
    "qnormal": ("mu", "sigma", "q"),
    "lognormal": ("mu", "sigma"),
    "qlognormal": ("mu", "sigma", "q"),
}
"""The arguments of each expression, as in Azure."""

Value = Any
"""A value of a parameter: a number, a text, a truth value, or plain JSON among the options of a choice."""

_LARGEST_EXPONENT: Final = 700.0  # exp of more is no number
_EDGE: Final = 1e-12  # the inverse of a normal distribution is infinite at 0 and 1


@dataclass(frozen=True, slots=True)
class ParameterExpression:
    """An expression with its arguments, checked.

    Args:
        arguments: those of ``ARGUMENTS`` in order; the options of a choice are one tuple.
    """

    name: str
    arguments: tuple[Any, ...]

    @classmethod
    def of(cls, parameter: str, written: object) -> ParameterExpression:
        """Check an expression as Azure writes it, such as ``["uniform", [0.1, 1]]``.

        Args:
            parameter: its name, for messages; empty if it is not known yet.

        Raises:
            SweepError: there is no such distribution, or its arguments break its rule.
        """
        if not (
            isinstance(written, Sequence)
            and not isinstance(written, str)
            and len(written) == 2
            and isinstance(written[0], str)
            and isinstance(written[1], Sequence)
        ):
            raise SweepError(
                f"The values of parameter {parameter!r:.80} are {described(written)}; give an expression such as "
                "choice(1, 2) or uniform(0.1, 1)."
            )
        name, arguments = written
        if name not in ARGUMENTS:
            raise SweepError(
                f"Parameter {parameter!r:.80} has the distribution {name!r:.60}, which is none."
                f"{did_you_mean(name, ARGUMENTS)} There are: {', '.join(ARGUMENTS)}."
            )
        subject = f"{name} of parameter {parameter!r:.80}" if parameter else name
        if len(arguments) != len(ARGUMENTS[name]):
            raise SweepError(
                f"{subject} takes {' and '.join(ARGUMENTS[name])}, and got {described(arguments)}."
            )
        if name == CHOICE:
            return cls(name, (_checked_options(subject, arguments[0]),))
        return cls(name, _checked_numbers(subject, name, arguments))

    @property
    def written(self) -> list[Any]:
        """The expression as Azure writes it: plain JSON."""
        if self.name == CHOICE:
            return [CHOICE, [list(self.arguments[0])]]
        return [self.name, list(self.arguments)]

    @property
    def size(self) -> int | None:
        """How many values it has; None for a distribution of numbers."""
        if self.name == CHOICE:
            return len(self.arguments[0])
        return self.arguments[0] if self.name == RANDINT else None

    def at_index(self, index: int) -> Value:
        """The value at a place of a finite expression, from 0."""
        return self.arguments[0][index] if self.name == CHOICE else index

    def at(self, u: float) -> Value:
        """The value below which a share ``u`` of its distribution lies; 0 <= u < 1."""
        if self.size is not None:
            return self.at_index(min(int(u * self.size), self.size - 1))
        first, second = self.arguments[:2]
        if "normal" in self.name:
            share = min(max(u, _EDGE), 1 - _EDGE)
            found = first + second * NormalDist().inv_cdf(share)
        else:
            found = first + (second - first) * u
        if "log" in self.name:
            found = math.exp(min(found, _LARGEST_EXPONENT))
        return _rounded(found, self.arguments[2]) if len(self.arguments) == 3 else found

    def share(self, value: Value) -> float | None:
        """The share of the distribution below a value, the inverse of :meth:`at`; None for a value that it has not.

        For a finite expression it is the middle of the value's share.
        """
        if self.name == CHOICE:
            places = [at for at, one in enumerate(self.arguments[0]) if _is_same(one, value)]
            return (places[0] + 0.5) / len(self.arguments[0]) if places else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        if self.name == RANDINT:
            return (value + 0.5) / self.arguments[0] if value in range(self.arguments[0]) else None
        if "log" in self.name:
            if value < 0:
                return None
            value = math.log(value) if value > 0 else -math.inf
        first, second = self.arguments[:2]
        if "normal" in self.name:
            return NormalDist(first, second).cdf(value)
        found = (value - first) / (second - first) if second > first else 0.5
        # rounding to a multiple of q may lead out of the range
        return min(max(found, 0.0), 1.0) if len(self.arguments) == 3 or 0 <= found <= 1 else None


def checked_space(space: object) -> dict[str, ParameterExpression]:
    """The expressions of a sweep by parameter.

    Raises:
        SweepError: it is no dict, has no parameter, or an expression is wrong.
    """
    if not isinstance(space, dict) or not space:
        raise SweepError(
            f"parameter_space is a dict such as {{'--rate': uniform(0.1, 1)}}, not {described(space)}."
        )
    for name in space:
        if not isinstance(name, str) or not name.strip("-") or "\0" in name:
            raise SweepError(
                f"A parameter is named as the script's option, such as '--rate', not {described(name)}."
            )
    return {name: ParameterExpression.of(name, written) for name, written in space.items()}


def option_words(values: Mapping[str, Value]) -> list[str]:
    """A trial's values as words of a command line; a name without dashes gets two."""
    words: list[str] = []
    for name, value in values.items():
        words.append(name if name.startswith("-") else f"--{name}")
        words.append(value if isinstance(value, str) else _word(value))
    return words


def _is_same(one: Value, other: Value) -> bool:
    return type(one) is type(other) and bool(one == other)  # True is no 1


def _word(value: Value) -> str:
    is_plain = value is None or isinstance(value, bool | int | float)
    return str(value) if is_plain else json.dumps(value)


def _rounded(value: float, q: float) -> float | int:
    """The nearest multiple of ``q``, without the noise of binary fractions; whole where ``q`` is."""
    found = Decimal(round(value / q)) * Decimal(str(q))
    return (
        int(found) if found == found.to_integral_value() and float(q).is_integer() else float(found)
    )


def _checked_options(subject: str, given: object) -> tuple[Any, ...]:
    is_listed = isinstance(given, Iterable) and not isinstance(given, str | dict)
    options = tuple(given) if is_listed else (given,)  # type: ignore[arg-type]
    if not options:
        raise SweepError(f"{subject} has no option; give at least one.")
    plain = []
    for one in options:
        item = _plain(one)
        try:
            plain.append(json.loads(json.dumps(item, allow_nan=False)))
        except (TypeError, ValueError):
            raise SweepError(
                f"The option {described(one)} of {subject} cannot be given to a script; options are finite numbers, "
                "texts, truth values, or lists of those."
            ) from None
        if isinstance(item, str) and "\0" in item:
            raise SweepError(
                f"An option of {subject} has a NUL character, which no program can be given; leave it out."
            )
    return tuple(plain)


def _checked_numbers(subject: str, name: str, given: Sequence[Any]) -> tuple[Any, ...]:
    numbers = tuple(_number(subject, one) for one in given)

    def refuse(rule: str) -> SweepError:
        shown = ", ".join(f"{one:g}" for one in numbers)
        return SweepError(f"{subject}: {rule}; it got {shown}.")

    if name == RANDINT:
        if not isinstance(numbers[0], int) or numbers[0] < 1:
            raise refuse("upper is a whole number above 0, and the values lie below it")
        return numbers
    if "uniform" in name and numbers[0] > numbers[1]:
        raise refuse("min_value is not above max_value")
    if "normal" in name and numbers[1] <= 0:
        raise refuse("sigma is above 0")
    if len(numbers) == 3 and numbers[2] <= 0:
        raise refuse("q, the step between values, is above 0")
    if "log" in name and numbers[0 if "normal" in name else 1] > _LARGEST_EXPONENT:
        raise refuse("it is the logarithm of the values, and e to that number is too large")
    return numbers


def _number(subject: str, given: Any) -> int | float:  # noqa: ANN401 -- whatever a user passed
    plain = _plain(given)
    if isinstance(plain, bool) or not isinstance(plain, int | float) or not math.isfinite(plain):
        raise SweepError(f"{subject} takes finite numbers, not {described(given)}.")
    return plain


def _plain(given: Any) -> Any:  # noqa: ANN401 -- as above
    """A scalar of numpy's as Python's."""
    return given.item() if hasattr(given, "item") and hasattr(given, "dtype") else given
