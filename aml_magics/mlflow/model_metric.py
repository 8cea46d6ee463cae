"""The metrics of logged models: of each metric and data set the last point that named the model.

They are properties of the run that logged them; the points themselves are in its series.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from mlflow.entities import Metric

from aml_magics.mlflow.latest_metric import place
from aml_magics.mlflow.tag import PRIVATE
from aml_magics.records.value import plain_text
from aml_magics.services.run.search import search

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import sqlalchemy as sa

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

_METRICS: Final = f"{PRIVATE}metrics."
_FIELDS: Final = ("key", "value", "timestamp", "step", "dataset_name", "dataset_digest")


def note_model_metrics(store: Store, run: RunRecord, points: Iterable[Any]) -> None:
    """Keep the last points that name a logged model; MLflow 2 has none."""
    named: dict[str, list[Any]] = {}
    for one in points:
        if getattr(one, "model_id", None) is not None:
            named.setdefault(one.model_id, []).append(one)
    if not named:
        return

    def work(connection: sa.Connection) -> None:
        # the properties as they are, not as a caller has seen them
        (now,) = store.runs.get(connection, [run.id])
        changed = {}
        for model_id, new in named.items():
            before = _noted(now, model_id)
            after = _last([*before, *new])
            if _plain(after) != _plain(before):
                changed[f"{_METRICS}{model_id}"] = plain_text(json.dumps(_plain(after)))
        store.fields.put(connection, now.key, "property", changed)

    store.catalogue.transact(work)  # as durable as the points themselves


def metrics_of_model(store: Store, model_id: str) -> list[Any]:
    """The metrics of a model."""
    found = search(store, properties=f"{_METRICS}{model_id}", include_children=True)
    return metrics_of_models(found).get(model_id, [])


def metrics_of_models(found: Iterable[RunRecord]) -> dict[str, list[Any]]:
    """The metrics of all models that runs have logged some of, by the model's id."""
    known: dict[str, list[Any]] = {}
    for run in found:
        for name in run.properties:
            if name.startswith(_METRICS):
                model_id = name.removeprefix(_METRICS)
                known.setdefault(model_id, []).extend(_noted(run, model_id))
    return {model_id: _last(points) for model_id, points in known.items()}


def _noted(run: RunRecord, model_id: str) -> list[Any]:
    noted = json.loads(run.properties.get(f"{_METRICS}{model_id}", "[]"))
    return [
        Metric(**dict(zip(_FIELDS, one, strict=True)), model_id=model_id, run_id=run.id)
        for one in noted
    ]


def _last(points: Sequence[Any]) -> list[Any]:
    last: dict[tuple[str, str | None, str | None], Any] = {}
    for one in points:
        of = (one.key, one.dataset_name, one.dataset_digest)
        if of not in last or place(last[of]) <= place(one):
            last[of] = one
    return list(last.values())


def _plain(points: Iterable[Any]) -> list[list[Any]]:
    return [[getattr(one, name) for name in _FIELDS] for one in points]
