"""One version of a model: what is said of it, its files, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.errors import AmlError
from aml_magics.services.model import registry
from aml_magics.services.model.inspection import inspect
from aml_magics.services.run.run import existing
from aml_magics.views.model.lineage import dataset_node, lineage_view
from aml_magics.views.model.models import run_metrics, uses_of
from aml_magics.views.text.encoding import JsonScalar, json_scalar
from aml_magics.views.text.format import count_text, iso

if TYPE_CHECKING:
    from aml_magics.records.model import ModelRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.services.model.inspection import Described
    from aml_magics.store.store import Store
    from aml_magics.views.model.lineage import LineageView
    from aml_magics.views.model.order import ModelUseView

FILES: Final = 100
VERSIONS: Final = 1_000
DIGITS: Final = 12
_PARAMS: Final = 100


@dataclass(frozen=True, slots=True)
class ModelFileView:
    """A file of a model; ``size`` in bytes, ``digest`` the first 12 digits of its SHA-256."""

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class ModelRunView:
    """The run that made a model, with its parameters and the last values of its metrics."""

    id: str
    name: str
    number: int
    experiment: str
    status: str
    params: dict[str, JsonScalar]
    metrics: dict[str, JsonScalar]


@dataclass(frozen=True, slots=True)
class ModelVersionView:
    """A version by its number, and the aliases that lead to it."""

    version: int
    aliases: tuple[str, ...]
    stage: str


@dataclass(frozen=True, slots=True)
class ModelView:
    """A version of a model. ``run`` is null if none made it, or if it is gone, whose id is ``run_id``.

    ``samples`` are the titles of the datasets with sample inputs and outputs.
    """

    id: str
    name: str
    version: int
    path: str
    created: str
    updated: str
    author: str
    description: str
    framework: str
    stage: str
    aliases: tuple[str, ...]
    tags: dict[str, str | None]
    properties: dict[str, str | None]
    resources: dict[str, JsonScalar]
    source: str
    samples: dict[str, str]
    size: int
    count: int
    files: tuple[ModelFileView, ...]
    run_id: str
    run: ModelRunView | None
    uses: tuple[ModelUseView, ...]
    lineage: LineageView
    versions: tuple[ModelVersionView, ...]


@dataclass(frozen=True, slots=True)
class ModelContentView:
    """What a file holds, told without loading it: a pickle by what its opcodes would import.

    ``kind`` is empty if it is of no kind that is known; ``problem`` says why it could not be read.
    """

    name: str
    kind: str
    facts: tuple[tuple[str, str], ...]
    imports: tuple[str, ...]
    risky: tuple[str, ...]
    notices: tuple[str, ...]
    problem: str


@dataclass(frozen=True, slots=True)
class ModelContentsView:
    """What the first files of a model hold; ``problem`` says why none could be read."""

    files: tuple[ModelContentView, ...]
    problem: str = ""


def model_view(store: Store, record: ModelRecord) -> ModelView:
    """A version as it is now; none of its files is read."""
    run = _run(store, record)
    uses = uses_of(store, [record]).get(record.key, ())
    return ModelView(
        id=record.id,
        name=record.name,
        version=record.version,
        path=record.path,
        created=iso(record.created) or "",
        updated=iso(record.updated) or "",
        author=record.author,
        description=record.description,
        framework=" ".join(filter(None, [record.framework, record.framework_version])),
        stage=record.stage,
        aliases=record.aliases,
        tags=dict(record.tags),
        properties=dict(record.properties),
        resources={name: json_scalar(value) for name, value in (record.resources or {}).items()},
        source=record.source,
        samples={
            what: dataset_node(store, one, "").title
            for what, one in (("input", record.sample_input), ("output", record.sample_output))
            if one is not None
        },
        size=record.size,
        count=len(record.files),
        files=tuple(
            ModelFileView(one.name, one.size, one.digest[:DIGITS]) for one in record.files[:FILES]
        ),
        run_id=record.run_id,
        run=None if run is None else _run_view(store, run),
        uses=uses,
        lineage=lineage_view(store, record, run, uses),
        versions=tuple(
            ModelVersionView(*one) for one in registry.versions(store, record.name)[:VERSIONS]
        ),
    )


def contents_view(store: Store, record: ModelRecord) -> ModelContentsView:
    """What the files of a version hold; nothing of them is imported or run."""
    try:
        described = inspect(store, record)
    except AmlError as error:  # bytes are gone, or the store is away
        return ModelContentsView((), str(error))
    return ModelContentsView(tuple(map(_content, described)))


def content_words(view: ModelContentView) -> str:
    """A line about what a file holds."""
    if view.problem:
        return view.problem
    words = [view.kind, *(f"{name}: {value}" for name, value in view.facts)]
    if view.imports:
        words.append(f"loading it imports {', '.join(view.imports)}")
    if view.risky:
        words.append(
            f"{count_text(len(view.risky), 'name')} that can run anything: {', '.join(view.risky)}"
        )
    return "; ".join(filter(None, words))


def _content(one: Described) -> ModelContentView:
    content = one.content
    if content is None:
        return ModelContentView(one.file.name, "", (), (), (), (), one.problem)
    return ModelContentView(
        one.file.name,
        content.kind,
        content.facts,
        content.imports,
        content.risky,
        content.notices,
        one.problem,
    )


def _run(store: Store, record: ModelRecord) -> RunRecord | None:
    found = existing(store, [record.run_id]) if record.run_id else []
    return found[0] if found else None


def _run_view(store: Store, run: RunRecord) -> ModelRunView:
    return ModelRunView(
        id=run.id,
        name=run.name,
        number=run.number,
        experiment=run.experiment,
        status=str(run.status),
        params={name: json_scalar(value) for name, value in list(run.params.items())[:_PARAMS]},
        metrics=run_metrics(store, [run])[run.id],
    )
