"""Early termination: shows a policy the primary metric of all trials, and ends those that it does not want."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any, Final

from aml_magics.kinds.policies._base import Curve
from aml_magics.records.sweep.sweep import ENDED_EARLY, Named
from aml_magics.services.run import metric as metrics
from aml_magics.services.sweep.request import make_policy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.run import RunRecord
    from aml_magics.records.sweep.sweep import SweepRecord
    from aml_magics.store.store import Store
    from aml_magics.workers.sweep.trials import Trials

_LOOK: Final = 0.1
_SLICE: Final = 100
_LARGEST: Final = 1.7976931348623157e308  # a larger whole number is no float


class Termination:
    """The policy of a sweep, and the curves that it looks at."""

    def __init__(self, store: Store, sweep: SweepRecord, trials: Trials) -> None:
        self._store = store
        self._sweep = sweep
        self._trials = trials
        self._policy = make_policy(sweep.policy)
        self._name = (sweep.policy or Named("no_termination")).name
        self._curves: dict[int, Curve] = {}
        """The curves of trials by the key of their run."""
        self._evaluated: dict[int, int] = {}
        self._looked = -math.inf

    @property
    def ends_trials(self) -> bool:
        """Whether the policy looks at the metrics of trials."""
        return self._policy.ends_trials

    def look(self) -> None:
        """Read what trials have logged since the last look, and end those that are to be ended."""
        trials = self._trials
        if not self.ends_trials:
            trials.ended.clear()
            return
        if time.monotonic() - self._looked < _LOOK:
            return
        self._looked = time.monotonic()
        ended = list(trials.ended)
        runs = [*trials.active.values(), *ended]
        for first in range(0, len(runs), _SLICE):
            self._read(runs[first : first + _SLICE])
        for run in ended:
            self._curves[run.key].is_ended = True
        del trials.ended[: len(ended)]
        longest = sorted(curve.count for curve in self._curves.values())[-2:]
        for number, run in list(trials.active.items()):
            if not trials.is_asked(number):
                self._judge(number, run, longest)

    def _read(self, runs: Sequence[RunRecord]) -> None:
        since = {key: curve.count for run in runs if (curve := self._curves.get(key := run.key))}
        news = metrics.new_points(self._store, runs, self._sweep.metric, since)
        for key, values in news.items():
            curve = self._curves.setdefault(key, Curve(self._sweep.goal, self._policy.interval))
            curve.add(_number(value) for value in values)

    def _judge(self, number: int, run: RunRecord, longest: list[int]) -> None:
        own = self._curves.get(run.key)
        if own is None or len(longest) < 2:
            return
        # A trial that is ahead of all others is compared with them as far as they are: there is nobody
        # else where it is, and a bad one would go on to its end.
        others = longest[0] if own.count == longest[1] else longest[1]
        interval = self._policy.due(min(own.count, others), self._evaluated.get(run.key, 0))
        if interval is None:
            return
        self._evaluated[run.key] = interval
        curves = list(self._curves.values())
        reason = self._policy.reason_to_end(own, curves, interval, self._sweep.goal)
        if reason is not None:
            said = f"{ENDED_EARLY} {self._name} at interval {interval}: {reason}."
            own.is_ended = True  # it counts as it is, while its process takes a moment to end
            self._trials.cancel(number, said)
            self._trials.say("ENFORCER", f"Job '{run.id}': {said}")


def _number(value: Any) -> float:  # noqa: ANN401 -- whatever was logged
    is_number = isinstance(value, int | float) and abs(value) <= _LARGEST
    return float(value) if is_number else math.nan
