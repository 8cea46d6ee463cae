"""Samplings: how the values of a sweep's trials are chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from aml_magics.errors import SweepError, described
from aml_magics.records.sweep.sweep import Goal, Named
from aml_magics.services.sweep.request import make_sampler

if TYPE_CHECKING:
    from collections.abc import Mapping


class HyperParameterSampling:
    """The base of all samplings.

    Args:
        parameter_space: an expression of ``parameter_expressions`` by the script's option.
        properties: settings of the sampling, such as ``{"seed": 1}``.

    Raises:
        SweepError: an expression or a setting that the sampling does not take.
    """

    _kind: ClassVar[str]

    def __init__(
        self, parameter_space: Mapping[str, Any], properties: Mapping[str, Any] | None = None
    ) -> None:
        if properties is not None and not hasattr(properties, "items"):
            raise SweepError(
                f"properties is a dict such as {{'seed': 1}}, not {described(properties)}."
            )
        self._named = Named(self._kind, dict(properties or {}))
        sampler = make_sampler(self._named, parameter_space, 0, Goal.MAXIMIZE)
        self._space = {name: one.written for name, one in sampler.space.items()}
        self._azure_name = sampler.azure_name

    @property
    def parameter_space(self) -> dict[str, Any]:
        """The expressions by option."""
        return dict(self._space)

    def to_json(self) -> dict[str, Any]:
        """The sampling as a dict with Azure's names."""
        written: dict[str, Any] = {"name": self._azure_name, "parameter_space": self._space}
        return {**written, "properties": self._named.settings} if self._named.settings else written

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._space!r})"


class GridParameterSampling(HyperParameterSampling):
    """Every combination of the options; all parameters are ``choice``."""

    _kind = "grid_sampling"


class RandomParameterSampling(HyperParameterSampling):
    """Independent samples; ``properties={"rule": "sobol", "seed": 1}`` covers the space evenly."""

    _kind = "random_sampling"


class BayesianParameterSampling(HyperParameterSampling):
    """Samples that the trials before let expect to be good, by Optuna."""

    _kind = "bayesian_sampling"
