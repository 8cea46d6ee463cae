"""What changed from one version of a model to another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from aml_magics.services.run.diff import changes, compare_runs
from aml_magics.services.run.run import existing
from aml_magics.views.model.lineage import dataset_node
from aml_magics.views.run.diff import ChangesView, DiffView, changes_view, diff_view_of
from aml_magics.views.text.format import bytes_text, short_id

if TYPE_CHECKING:
    from aml_magics.records.model import ModelRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

_DIGITS: Final = 12


def model_diff_view(store: Store, first: ModelRecord, second: ModelRecord) -> DiffView:
    """Changed metrics, parameters, data, packages and code of their runs, then files and what is said of them.

    Of a run that is gone nothing is compared, and a part says so.
    """
    runs = {one.id: one for one in existing(store, [first.run_id, second.run_id])}
    pair = [runs.get(one.run_id) for one in (first, second)]
    before, after = pair
    found = DiffView("", "", (), ())
    if before is not None and after is not None and before.id != after.id:
        found = diff_view_of(compare_runs(store, before, after))
        # tags of runs are not those of models, which follow
        found = replace(found, sections=tuple(one for one in found.sections if one.title != "Tags"))
    own = (
        changes_view("Run", changes(*(_run(one, runs.get(one.run_id)) for one in (first, second)))),
        changes_view("Files", changes(*(_files(one) for one in (first, second)))),
        changes_view("Datasets", changes(*(_datasets(store, one) for one in (first, second)))),
        changes_view("Model", changes(*(_facts(one) for one in (first, second)))),
        changes_view("Tags", changes(first.tags, second.tags)),
        changes_view("Properties", changes(first.properties, second.properties)),
    )
    sections = (*found.sections, *own)
    return DiffView(first.id, second.id, tuple(filter(_has_any, sections)), found.texts)


def _has_any(section: ChangesView) -> bool:
    return bool(section.changes)


def _run(record: ModelRecord, run: RunRecord | None) -> dict[str, str]:
    if run is None:
        return {"run": short_id(record.run_id)} if record.run_id else {}
    return {"run": f"{run.name} ({short_id(run.id)})"}


def _files(record: ModelRecord) -> dict[str, str]:
    return {one.name: f"{bytes_text(one.size)}, {one.digest[:_DIGITS]}" for one in record.files}


def _datasets(store: Store, record: ModelRecord) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in record.datasets:
        title = dataset_node(store, one.dataset_id, "").title
        found[one.purpose] = f"{found[one.purpose]}, {title}" if one.purpose in found else title
    return found


def _facts(record: ModelRecord) -> dict[str, Any]:
    facts = {
        "framework": " ".join(filter(None, [record.framework, record.framework_version])),
        "description": record.description,
        "stage": record.stage,
        "aliases": ", ".join(record.aliases),
        "author": record.author,
        "resources": ", ".join(
            f"{name}: {value}" for name, value in (record.resources or {}).items()
        ),
    }
    return {name: value for name, value in facts.items() if value}
