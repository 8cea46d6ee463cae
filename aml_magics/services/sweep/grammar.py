"""Sweeps as they are typed: ``loguniform(-6, -1)``, ``bandit(slack_factor=0.1)``, ``random(seed=7)``.

A text is parsed by Python's own parser and then read node by node: nothing of it is run.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

from aml_magics.errors import SweepError, did_you_mean
from aml_magics.kinds.policies._base import POLICIES
from aml_magics.kinds.samplers._base import SAMPLERS
from aml_magics.records.sweep.parameter_expression import ARGUMENTS, CHOICE, ParameterExpression
from aml_magics.records.sweep.sweep import Named
from aml_magics.services.sweep.request import make_policy

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST: Final = 20_000
_MOST_OF_A_RANGE: Final = 10_000
_PLAIN: Final = {"true": True, "false": False, "none": None}
_ENDING: Final = "_sampling"


@dataclass(frozen=True, slots=True)
class Call:
    """A name with its arguments, all of them plain values."""

    name: str
    arguments: tuple[Any, ...] = ()
    named: tuple[tuple[str, Any], ...] = ()


def read_call(text: str, subject: str) -> Call:
    """Read ``name(value, name=value)``, or a name alone.

    Args:
        subject: what it is, for messages: ``parameter 'lr'``.

    Raises:
        SweepError: it is no call of a name with plain values.
    """
    try:
        tree = ast.parse(text[: _LONGEST + 1].strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        _refuse(text, subject)
    if len(text) > _LONGEST:
        raise SweepError(
            f"The expression of {subject} has {len(text):,} characters, and {_LONGEST:,} is the limit."
        )
    if isinstance(tree, ast.Name):
        return Call(tree.id)
    if not (isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name)):
        _refuse(text, subject)
    if any(one.arg is None for one in tree.keywords):
        _refuse(text, subject)
    return Call(
        tree.func.id,
        tuple(_value(one, subject) for one in tree.args),
        tuple((str(one.arg), _value(one.value, subject)) for one in tree.keywords),
    )


def read_expression(parameter: str, text: str) -> list[Any]:
    """The expression of a parameter as Azure writes it.

    Words among the options of a choice are texts: ``choice(relu, tanh)``.

    Raises:
        SweepError: it cannot be read, there is no such distribution, or its arguments break its rule.
    """
    call = read_call(text, f"parameter {parameter!r:.80}")
    if call.name not in ARGUMENTS:  # said before its arguments are looked at
        return ParameterExpression.of(parameter, [call.name, []]).written
    names = ARGUMENTS[call.name]
    if call.name == CHOICE:
        values = list(call.arguments)
        is_listed = len(values) == 1 and isinstance(values[0], list)
        if call.named:
            raise SweepError(
                f"choice of parameter {parameter!r:.80} takes its options one after the other, "
                f"not {call.named[0][0]!r:.60}: choice(2, 4, 8)."
            )
        return ParameterExpression.of(
            parameter, [CHOICE, values if is_listed else [values]]
        ).written
    given = _by_name(call, names, f"{call.name} of parameter {parameter!r:.80}", text)
    return ParameterExpression.of(parameter, [call.name, [given[one] for one in names]]).written


def _by_name(call: Call, names: tuple[str, ...], subject: str, text: str) -> dict[str, Any]:
    """The arguments by name, in place and by name together."""
    rule = f"It takes {' and '.join(names)}."
    given = dict(zip(names, call.arguments, strict=False))
    for name, value in call.named:
        if name not in names:
            raise SweepError(
                f"{subject} has no argument {name!r:.60}.{did_you_mean(name, names)} {rule}"
            )
        if name in given:
            raise SweepError(f"{subject} got {name!r} twice. {rule}")
        given[name] = value
    if len(call.arguments) > len(names) or len(given) < len(names):
        count = len(call.arguments) + len(call.named)
        raise SweepError(
            f"{subject} got {count} of its {len(names)} values: {text.strip():.80}. {rule}"
        )
    return given


def read_policy(text: str) -> Named:
    """An early termination policy such as ``bandit(slack_factor=0.1)``.

    Raises:
        SweepError: there is none of that name, or a setting breaks its rule.
    """
    call = read_call(text, "the policy")
    _check_name(call.name, POLICIES.names(), "early termination policy")
    named = Named(call.name, _settings(call, text, POLICIES.load(call.name).known_settings))
    make_policy(named)
    return named


def read_sampler(text: str) -> Named:
    """A sampler such as ``random``, ``grid`` or ``bayesian(seed=7)``.

    Raises:
        SweepError: there is none of that name, or it has no such setting.
    """
    call = read_call(text, "the sampler")
    _check_name(call.name, sampler_names(), "sampler")
    kinds = {one.removesuffix(_ENDING): one for one in SAMPLERS.names()}
    name = kinds[call.name]
    return Named(name, _settings(call, text, SAMPLERS.load(name).known_settings))


def sampler_names() -> list[str]:
    """The samplers as they are typed."""
    return [one.removesuffix(_ENDING) for one in SAMPLERS.names()]


def whole_calls(words: Iterable[str]) -> list[str]:
    """Words with those joined that one expression is spread over: ``choice(2,`` and ``4)``."""
    found: list[str] = []
    depth = 0
    for word in words:
        if depth > 0:
            found[-1] += f" {word}"
        else:
            found.append(word)
        depth = max(0, depth + word.count("(") - word.count(")"))
    return found


def _settings(call: Call, text: str, known: tuple[str, ...]) -> dict[str, Any]:
    if call.arguments:
        example = f"{call.name}({known[0]}=…)" if known else call.name
        raise SweepError(
            f"The settings of {call.name} are given by name, such as {example}, not as in {text.strip():.80}."
        )
    names = [name for name, _ in call.named]
    for name in names:
        if name not in known:
            raise SweepError(
                f"{call.name} has no setting {name!r:.60}.{did_you_mean(name, known)} "
                f"It has: {', '.join(known) or 'none'}."
            )
    return dict(call.named)


def _check_name(name: str, names: list[str], noun: str) -> None:
    if name not in names:
        near = did_you_mean(name, names)
        raise SweepError(f"There is no {noun} {name!r:.60}.{near} There are: {', '.join(names)}.")


def _value(node: ast.expr, subject: str) -> Any:  # noqa: ANN401 -- any plain value
    """The value of a literal; a bare word is a text."""
    match node:
        case ast.Constant(bool() | int() | float() | str() | None):
            return node.value
        case ast.Name():
            return _PLAIN.get(node.id.lower(), node.id)
        case ast.UnaryOp(ast.USub() | ast.UAdd() as sign, ast.Constant(int() | float() as number)):
            if not isinstance(number, bool):
                return -number if isinstance(sign, ast.USub) else number
        case ast.List() | ast.Tuple():
            return [_value(one, subject) for one in node.elts]
        case ast.Call(ast.Name("range"), [*arguments], []):
            return _range([_value(one, subject) for one in arguments], subject)
    raise SweepError(
        f"{_shown(node)} of {subject} is no number, text, truth value or list of those; a text with other signs than "
        "letters and digits stands in quotes, and the whole in other quotes: --param \"opt=choice('sgd-1', adam)\"."
    )


def _range(bounds: list[Any], subject: str) -> list[int]:
    try:
        found = range(*bounds)
    except (TypeError, ValueError) as error:
        raise SweepError(
            f"range of {subject} takes one to three whole numbers: {error}."
        ) from error
    if len(found) > _MOST_OF_A_RANGE:
        raise SweepError(
            f"range of {subject} has {len(found):,} numbers, and {_MOST_OF_A_RANGE:,} is the limit; "
            "use randint or quniform."
        )
    return list(found)


def _shown(node: ast.expr) -> str:
    try:
        return f"{ast.unparse(node):.60}"
    except RecursionError:
        return "An expression that is nested too deep"


def _refuse(text: str, subject: str) -> NoReturn:
    raise SweepError(
        f"{text.strip()!r:.80} of {subject} is no name with values in parentheses, such as uniform(0.1, 1) "
        "or choice(2, 4, 8); an expression with blanks or quotes stands in quotes."
    )
