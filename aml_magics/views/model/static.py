"""The page of one version of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.model.model import content_words
from aml_magics.views.static.element import element
from aml_magics.views.static.page import (
    Beside,
    Drawing,
    Page,
    paragraph,
    tag_text,
    tags_html,
    warnings_html,
)
from aml_magics.views.static.table import Cell, Column, Table, code_cell
from aml_magics.views.text.format import (
    bytes_text,
    count_text,
    more_text,
    timestamp_text,
    value_text,
)
from aml_magics.views.text.typeset import fitting_lines, one_line, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.views.model.lineage import LineageView
    from aml_magics.views.model.model import ModelContentsView, ModelView
    from aml_magics.views.text.encoding import JsonScalar

FILES: Final = 50
VALUES: Final = 50
_STAGES: Final = {
    "Data, code and environment": ("dataset", "code", "environment"),
    "Run": ("run",),
    "Model": ("model",),
    "Used by": ("service", "image"),
}


def model_page(view: ModelView, contents: ModelContentsView) -> Page:
    """Facts, lineage, what its run measured, its files."""
    run = view.run
    values = [
        _values("Metrics", {} if run is None else run.metrics),
        _values("Parameters", {} if run is None else run.params),
        _values("Properties", view.properties),
        _values("Resources", view.resources),
    ]
    risky = sorted({name for one in contents.files for name in one.risky})
    notes = [*([f"Loading it can run anything: {', '.join(risky[:5])}."] if risky else [])]
    if contents.problem:
        notes.append(contents.problem)
    return Page(
        "model",
        f"Model {view.id}",
        [
            _head(view),
            Table.of_facts(_facts(view)),
            Drawing(
                lambda: tags_html(view.tags),
                lambda: fitting_lines(
                    ", ".join(tag_text(name, value) for name, value in view.tags.items())
                ),
            ),
            Drawing(lambda: warnings_html(notes), lambda: fitting_lines(*notes)) if notes else None,
            lineage_table(view.lineage) if len(view.lineage.nodes) > 1 else None,
            Beside([one for one in values if one is not None]),
            _files(view, contents),
        ],
    )


def lineage_table(view: LineageView) -> Table:
    """The lineage from left to right, a column a stage that has something."""
    every = {
        stage: [
            ", ".join(filter(None, [one.title, one.note, "gone" if one.is_gone else ""]))
            for one in view.nodes
            if one.kind in kinds
        ]
        for stage, kinds in _STAGES.items()
    }
    found = {stage: texts for stage, texts in every.items() if texts}
    height = max(map(len, found.values()), default=0)
    rows = [
        [texts[at] if at < len(texts) else "" for texts in found.values()] for at in range(height)
    ]
    columns = [Column(stage if at == 0 else f"→ {stage}") for at, stage in enumerate(found)]
    return Table(columns, rows, title="Lineage")


def _head(view: ModelView) -> Drawing:
    title = one_line(view.id)
    words = ", ".join([*(f"@{one}" for one in view.aliases), *filter(None, [view.stage])])
    return Drawing(
        lambda: [
            element(
                "div",
                {"class": "aml-banner"},
                element("strong", {"class": "aml-title"}, shortened(title, 200)),
                element("span", {"class": "aml-status"}, words) if words else None,
            ),
            element("p", None, view.description) if view.description else None,
        ],
        lambda: fitting_lines(f"{title}  {words}".rstrip(), one_line(view.description)),
    )


def _facts(view: ModelView) -> dict[str, Cell | str]:
    facts: dict[str, Cell | str] = {
        "Framework": view.framework,
        "Files": count_text(view.count, "file"),
        "Size": bytes_text(view.size),
        "Author": view.author,
        "Created": timestamp_text(view.created),
        "Source": view.source,
        **{f"Sample {what}": title for what, title in view.samples.items()},
        "Get it": code_cell(f"Model(ws, {view.name!r}, version={view.version})"),
    }
    return {name: value for name, value in facts.items() if value}


def _values(title: str, values: Mapping[str, JsonScalar]) -> Table | None:
    if not values:
        return None
    rows = [[name, value_text(value)] for name, value in list(values.items())[:VALUES]]
    columns = [
        Column(title.removesuffix("s") if title != "Properties" else "Property"),
        Column("Value"),
    ]
    return Table(columns, rows, more_text(len(values), VALUES, "value"), title=title)


def _files(view: ModelView, contents: ModelContentsView) -> Table | Drawing:
    words = {one.name: content_words(one) for one in contents.files}
    rows: list[list[Cell | str]] = [
        [
            one.name,
            bytes_text(one.size),
            one.digest,
            Cell(words.get(one.name, ""), css="aml-phrases"),
        ]
        for one in view.files[:FILES]
    ]
    columns = [
        Column("File"),
        Column("Size", is_number=True),
        Column("SHA-256"),
        Column("What it holds"),
    ]
    if not rows:
        return paragraph("It keeps no files.")
    return Table(columns, rows, more_text(view.count, FILES, "file"), title="Files")
