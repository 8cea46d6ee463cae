"""Samples that a model of the trials before expects to be good: Optuna's tree-structured Parzen estimator."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Final

from aml_magics._optional import optional_module
from aml_magics.kinds.samplers._base import Sampler

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.records.sweep.parameter_expression import ParameterExpression, Value
    from aml_magics.records.sweep.sweep import TrialRecord

_STARTING: Final = 8
"""Trials that are drawn at random before there is a model."""


class BayesianSampler(Sampler):
    """Draws by a model of the metric, which knows the trials that still run and does not repeat them.

    A distribution of numbers is modelled by the share of it that lies below a value, so all of them are allowed.
    """

    azure_name = "BAYESIANOPTIMIZATION"
    learns = True

    def sample(self, number: int, before: Sequence[TrialRecord]) -> dict[str, Value] | None:
        """The sample with this number, by what is known of the trials before it."""
        self._learn(before)
        # Made anew for each trial: its random numbers must not depend on how often it was asked. A sweep that
        # resumes from others goes on after their numbers, or one with the same seed would begin as they did.
        self._study.sampler = self._model(
            self._generator(number + len(self._earlier)).getrandbits(31)
        )
        asked = self._study.ask(self._distributions)
        # it comes back among the trials before, if it is used
        self._study.tell(asked, state=self._optuna.trial.TrialState.FAIL)
        return {
            name: _value(expression, asked.params[name]) for name, expression in self.space.items()
        }

    def _check(self) -> None:
        self._optuna: Any = optional_module("optuna", "Bayesian sampling")
        self._optuna.logging.set_verbosity(self._optuna.logging.ERROR)
        self._distributions = {
            name: _distribution(self._optuna, expression) for name, expression in self.space.items()
        }
        self._begin()

    def _begin(self) -> None:
        self._study = self._optuna.create_study(direction=str(self._goal).lower())
        self._known: list[dict[str, Any]] = []
        self._open: dict[int, int] = {}
        """The study's numbers of the trials that run, by their own."""
        for trial in self._earlier:
            if trial.metric is not None:
                self._add(trial.values, trial.metric)

    def _model(self, seed: int) -> Any:  # noqa: ANN401 -- Optuna is not imported here
        with warnings.catch_warnings():  # two of its options may change in a later release
            warnings.simplefilter("ignore")
            return self._optuna.samplers.TPESampler(
                seed=seed, multivariate=True, constant_liar=True, n_startup_trials=_STARTING
            )

    def _learn(self, before: Sequence[TrialRecord]) -> None:
        """Bring the study to the state of these trials; it grows with them, and is made anew for others."""
        if [trial.values for trial in before[: len(self._known)]] != self._known:
            self._begin()
        for trial in before[len(self._known) :]:
            added = self._add(trial.values)
            if added is not None:
                self._open[trial.number] = added
            self._known.append(trial.values)
        states = self._optuna.trial.TrialState
        for trial in before:
            if trial.is_done and (at := self._open.pop(trial.number, None)) is not None:
                if trial.metric is None:
                    self._study.tell(at, state=states.FAIL)
                else:
                    self._study.tell(at, trial.metric)

    def _add(self, values: Mapping[str, Any], metric: float | None = None) -> int | None:
        """Add a trial to the study and return its number there; None if it is not of this space."""
        params = {name: _param(one, values.get(name)) for name, one in self.space.items()}
        if None in params.values():
            return None
        states = self._optuna.trial.TrialState
        trial = self._optuna.trial.create_trial(
            state=states.RUNNING if metric is None else states.COMPLETE,
            value=metric,
            params=params,
            distributions=self._distributions,
        )
        self._study.add_trial(trial)
        return len(self._study.get_trials(deepcopy=False)) - 1


def _distribution(optuna: Any, expression: ParameterExpression) -> Any:  # noqa: ANN401 -- as above
    if expression.size is None:
        return optuna.distributions.FloatDistribution(0.0, 1.0)
    if expression.name == "choice":
        return optuna.distributions.CategoricalDistribution(range(expression.size))
    return optuna.distributions.IntDistribution(0, expression.size - 1)


def _value(expression: ParameterExpression, param: float) -> Value:
    return expression.at(param) if expression.size is None else expression.at_index(int(param))


def _param(expression: ParameterExpression, value: Value) -> float | int | None:
    share = expression.share(value)
    return share if share is None or expression.size is None else int(share * expression.size)
