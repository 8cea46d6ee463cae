"""The notebook outputs of models, kept small because they are saved in the notebook file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aml_magics.views.chart.small import exact, small_tags
from aml_magics.views.contract.question import output
from aml_magics.views.model.model import contents_view, model_view
from aml_magics.views.model.models import models_view
from aml_magics.views.model.static import model_page
from aml_magics.views.model.static_models import models_page
from aml_magics.views.model.subject import ModelsSubject, ModelSubject, record_of
from aml_magics.views.static.output import Output, fitting, snapshot_of
from aml_magics.views.text.typeset import clipped

if TYPE_CHECKING:
    from aml_magics.records.model import ModelRecord
    from aml_magics.store.store import Store
    from aml_magics.views.model.lineage import LineageView
    from aml_magics.views.model.model import ModelRunView, ModelView
    from aml_magics.views.model.models import ModelRowView, ModelsView
    from aml_magics.views.text.encoding import JsonScalar

MODEL: Final = "application/vnd.aml-magics.model+json"
MODELS: Final = "application/vnd.aml-magics.models+json"
ROWS: Final = 100
FIELDS: Final = 50
_TEXT: Final = 200
_METRICS: Final = 8


@output
def models(store: Store, subject: ModelsSubject) -> Output:
    """The output of a list of models as it is now."""
    return models_output(models_view(store, subject.name, subject.filter, limit=ROWS))


@output
def model(store: Store, subject: ModelSubject) -> Output:
    """The output of a version as it is now."""
    return model_output(store, record_of(store, subject))


def models_output(view: ModelsView) -> Output:
    """The output of a list: its first rows."""
    return Output(
        MODELS,
        lambda: snapshot_of(view.workspace, small_models(view)),
        lambda: models_page(view),
    )


def model_output(store: Store, record: ModelRecord) -> Output:
    """The output of a version; its files are read for the static page alone."""
    view = model_view(store, record)
    return Output(
        MODEL,
        lambda: snapshot_of(store.record.name, small_model(view)),
        lambda: model_page(view, contents_view(store, record)),
    )


def small_models(view: ModelsView) -> ModelsView:
    """A list with few rows; ``count`` stays that of all."""
    return fitting(
        lambda share: replace(
            view,
            metrics=view.metrics[: max(1, _METRICS // share)],
            rows=tuple(_small_row(row, share) for row in view.rows[: ROWS // share]),
        )
    )


def _small_row(row: ModelRowView, share: int) -> ModelRowView:
    most = _TEXT // share
    return replace(
        row,
        description=clipped(row.description, most),
        metrics=_first(row.metrics, max(1, _METRICS // share), most),
        tags=small_tags(dict(list(row.tags.items())[: 5 // share]), most),
        uses=row.uses[:5],
        aliases=row.aliases[:5],
    )


def small_model(view: ModelView) -> ModelView:
    """A version with few fields, files and versions."""
    return fitting(lambda share: _small(view, share))


def _small(view: ModelView, share: int) -> ModelView:
    most, fields = _TEXT // share, FIELDS // share
    tags, properties = (
        small_tags(dict(list(one.items())[:fields]), most) for one in (view.tags, view.properties)
    )
    return replace(
        view,
        description=clipped(view.description, 8 * most),
        path=clipped(view.path, 2 * most),
        source=clipped(view.source, 2 * most),
        tags=tags,
        properties=properties,
        resources=_first(view.resources, fields, most),
        files=view.files[:fields],
        run=None if view.run is None else _small_run(view.run, fields, most),
        uses=view.uses[:fields],
        lineage=_small_lineage(view.lineage, most),
        versions=view.versions[: 2 * fields],
        aliases=view.aliases[:fields],
    )


def _small_run(run: ModelRunView, fields: int, most: int) -> ModelRunView:
    return replace(
        run, params=_first(run.params, fields, most), metrics=_first(run.metrics, fields, most)
    )


def _small_lineage(view: LineageView, most: int) -> LineageView:
    nodes = tuple(
        replace(one, title=clipped(one.title, most), note=clipped(one.note, most))
        for one in view.nodes
    )
    return replace(view, nodes=nodes)


def _first(values: dict[str, JsonScalar], count: int, most: int) -> dict[str, JsonScalar]:
    return {name: exact(value, most) for name, value in list(values.items())[:count]}
