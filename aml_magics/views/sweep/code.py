"""The values of a trial as Python code."""

from __future__ import annotations

import keyword
from typing import TYPE_CHECKING

from aml_magics.errors import SweepError
from aml_magics.services.run import run as runs
from aml_magics.services.sweep.result import ranked, results, sweep_of

if TYPE_CHECKING:
    from aml_magics.services.sweep.result import TrialResult
    from aml_magics.store.store import Store


def arguments_code(store: Store, run_id: str, number: int | None) -> str:
    """Code that holds the values of a trial: variables where its parameters are some, else a script's arguments.

    Args:
        number: of the trial; None for the best.

    Raises:
        RunNotFoundError: no run has the id.
        SweepError: the run is no sweep, has no such trial, or no trial with a metric yet.
    """
    record = runs.get(store, run_id)
    sweep = sweep_of(store, record)
    found = results(store, record)
    trial = _chosen(ranked(sweep, found), number, run_id)
    shown = "" if trial.metric is None else f": {sweep.metric} = {trial.metric!r}"
    which = "the best trial" if number is None else "the trial"
    lines = [f"# {which} of sweep {record.id!r}, number {trial.number}{shown}"]
    if all(name.isidentifier() and not keyword.iskeyword(name) for name in trial.values):
        lines += [f"{name} = {value!r}" for name, value in trial.values.items()]
    else:
        lines.append("arguments = [")
        lines += [f"    {_option(name)!r}, {value!r}," for name, value in trial.values.items()]
        lines.append("]")
    return "\n".join(lines)


def _chosen(found: list[TrialResult], number: int | None, run_id: str) -> TrialResult:
    for one in found:
        if one.number == number or (number is None and one.metric is not None):
            return one
    if number is None:
        raise SweepError(
            f"Sweep {run_id!r} has no best trial yet: none has logged the primary metric."
        )
    raise SweepError(f"Sweep {run_id!r} has no trial {number}; it has {len(found)}, from 0.")


def _option(name: str) -> str:
    return name if name.startswith("-") else f"--{name}"
