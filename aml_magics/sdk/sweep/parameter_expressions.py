"""Azure's functions for the values of a sweep's parameters.

Each gives a list such as ``["uniform", [0.1, 1]]``, as in Azure; the sampling that gets it checks it.
"""

from __future__ import annotations

from typing import Any

from aml_magics.records.sweep.parameter_expression import ParameterExpression


def choice(*options: Any) -> list[Any]:  # noqa: ANN401 -- whatever a script can be given
    """One of the options; a list or a range of them is taken apart."""
    is_listed = len(options) == 1 and isinstance(options[0], list | tuple | range)
    return _checked("choice", list(options[0] if is_listed else options))


def randint(upper: int) -> list[Any]:
    """A whole number from 0 to below ``upper``."""
    return _checked("randint", upper)


def uniform(min_value: float, max_value: float) -> list[Any]:
    """A number between two, each as probable as any other."""
    return _checked("uniform", min_value, max_value)


def quniform(min_value: float, max_value: float, q: float) -> list[Any]:
    """A multiple of ``q``: ``round(uniform(min_value, max_value) / q) * q``."""
    return _checked("quniform", min_value, max_value, q)


def loguniform(min_value: float, max_value: float) -> list[Any]:
    """A number whose logarithm is uniform: ``exp(uniform(min_value, max_value))``."""
    return _checked("loguniform", min_value, max_value)


def qloguniform(min_value: float, max_value: float, q: float) -> list[Any]:
    """A multiple of ``q``: ``round(exp(uniform(min_value, max_value)) / q) * q``."""
    return _checked("qloguniform", min_value, max_value, q)


def normal(mu: float, sigma: float) -> list[Any]:
    """A number of the normal distribution with mean ``mu`` and standard deviation ``sigma``."""
    return _checked("normal", mu, sigma)


def qnormal(mu: float, sigma: float, q: float) -> list[Any]:
    """A multiple of ``q``: ``round(normal(mu, sigma) / q) * q``."""
    return _checked("qnormal", mu, sigma, q)


def lognormal(mu: float, sigma: float) -> list[Any]:
    """A number whose logarithm is normal: ``exp(normal(mu, sigma))``."""
    return _checked("lognormal", mu, sigma)


def qlognormal(mu: float, sigma: float, q: float) -> list[Any]:
    """A multiple of ``q``: ``round(exp(normal(mu, sigma)) / q) * q``."""
    return _checked("qlognormal", mu, sigma, q)


def _checked(name: str, *arguments: Any) -> list[Any]:  # noqa: ANN401 -- as above
    return ParameterExpression.of("", [name, list(arguments)]).written
