"""The images of several runs by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.records.metric import LoggedFile, MetricKind
from aml_magics.services.run import metric
from aml_magics.views.text.encoding import json_number
from aml_magics.views.text.format import artifact_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

MOST_RUNS: Final = 100


@dataclass(frozen=True, slots=True)
class StepImageView:
    """An image that was logged at a step."""

    step: float | int | str
    file: str
    description: str


@dataclass(frozen=True, slots=True)
class RunImagesView:
    """The images of one run, by step; of several at one step the last."""

    run: str
    images: tuple[StepImageView, ...]


@dataclass(frozen=True, slots=True)
class ImagesView:
    """The images of a metric in each of the runs that logged it."""

    metric: str
    runs: tuple[RunImagesView, ...]


def images_view(store: Store, records: Sequence[RunRecord], name: str) -> ImagesView:
    """The images that the first 100 runs logged under a name."""
    found = [RunImagesView(one.id, _images(store, one, name)) for one in records[:MOST_RUNS]]
    return ImagesView(name, tuple(one for one in found if one.images))


def _images(store: Store, record: RunRecord, name: str) -> tuple[StepImageView, ...]:
    series = metric.series(store, record, name)
    if series is None or series.kind is not MetricKind.IMAGE:
        return ()
    by_step: dict[int, StepImageView] = {}
    for step, value in zip(series.steps.tolist(), series.plain(), strict=True):
        logged = LoggedFile.of(value)
        if logged is not None:
            by_step[step] = StepImageView(
                json_number(step), artifact_name(logged.address), logged.description
            )
    return tuple(by_step[step] for step in sorted(by_step))
