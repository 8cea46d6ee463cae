"""The page of one dataset: its columns with their statistics, first rows, versions and uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.data.static_column import (
    distinct_text,
    histogram_cell,
    moment_text,
    type_text,
)
from aml_magics.views.static.element import Markup, element
from aml_magics.views.static.page import (
    TAGS,
    Drawing,
    Page,
    tag_text,
    tags_html,
    warnings_html,
)
from aml_magics.views.static.table import Cell, Column, Table
from aml_magics.views.text.format import (
    bytes_text,
    count_text,
    more_text,
    timestamp_text,
    value_text,
)
from aml_magics.views.text.typeset import fitting_lines, one_line, shortened

if TYPE_CHECKING:
    from aml_magics.views.data.column import ColumnView
    from aml_magics.views.data.dataset import DatasetView
    from aml_magics.views.text.encoding import JsonScalar

COLUMNS: Final = 20
ROWS: Final = 10
WIDTH: Final = 12
FILES: Final = 20
VERSIONS: Final = 20
USES: Final = 20
NOTICES: Final = 10
_DESCRIPTION: Final = 1_000
_TOP: Final = 3
_CELL: Final = 40
_TOP_TEXT: Final = 24
_MEDIAN: Final = 0.5
_NUMBERS: Final = frozenset({"integer", "decimal"})


def dataset_page(view: DatasetView) -> Page:
    """The panel of a dataset."""
    return Page(
        "dataset",
        f"Dataset {_title(view)}",
        [
            Drawing(lambda: [_banner(view), *_facts_html(view)], lambda: _head_lines(view)),
            _columns(view),
            _first_rows(view),
            _files(view),
            _versions(view),
            _uses(view),
        ],
    )


def _title(view: DatasetView) -> str:
    name = one_line(view.name or "") or "without a name"
    return f"{name}, version {view.version}" if view.name else name


def _size(view: DatasetView) -> str:
    rows = "" if view.rows is None else count_text(view.rows, "row")
    columns = count_text(len(view.columns), "column") if view.columns else ""
    files = count_text(view.files, "file") if view.files else ""
    size = bytes_text(view.size) if view.files else ""
    return " · ".join(filter(None, (rows, columns, files, size)))


def _banner(view: DatasetView) -> Markup:
    kind = f"{view.kind}, {one_line(view.format).replace('_', ' ')}" if view.format else view.kind
    problem = shortened(one_line(view.problem), 400)
    return element(
        "div",
        {"class": "aml-banner aml-bad" if view.problem else "aml-banner aml-live"},
        element("strong", {"class": "aml-title"}, one_line(view.name or "Dataset without a name")),
        " ",
        element("span", {"class": "aml-muted"}, f"version {view.version}" if view.name else ""),
        " ",
        element("span", {"class": "aml-muted"}, one_line(kind)),
        " ",
        element("span", {"class": "aml-end aml-muted"}, _size(view)),
        element("div", {"class": "aml-reason"}, f"✗ {problem}") if problem else None,
    )


def _facts(view: DatasetView) -> list[str]:
    sources = ", ".join(one_line(source) for source in view.sources)
    steps = " → ".join(one_line(step) for step in view.steps)
    created = f"created {timestamp_text(view.created)}" if view.id else ""
    return [fact for fact in (f"from {sources}" if sources else "", steps, created) if fact]


def _facts_html(view: DatasetView) -> list[Markup | None]:
    about = shortened(one_line(view.description), _DESCRIPTION)
    facts = [shortened(fact, _DESCRIPTION) for fact in _facts(view)]
    return [
        element("p", {"class": "aml-muted"}, " · ".join(facts)),
        element("p", None, about) if about else None,
        tags_html(view.tags),
        *warnings_html(view.notices[:NOTICES]),
    ]


def _head_lines(view: DatasetView) -> list[str]:
    tags = ", ".join(tag_text(name, value) for name, value in list(view.tags.items())[:TAGS])
    return fitting_lines(
        f"Dataset {_title(view)}  {_size(view)}".rstrip(),
        f"✗ {one_line(view.problem)}" if view.problem else "",
        *(f"  {fact}" for fact in _facts(view)),
        one_line(view.description),
        f"tags: {one_line(tags)}" if tags else "",
        *(f"△ {one_line(notice)}" for notice in view.notices[:NOTICES]),
    )


def _columns(view: DatasetView) -> Table | None:
    if not view.columns:
        return None
    known = (
        Column("Missing", is_number=True),
        Column("Distinct", is_number=True),
        Column("Values"),
        *(Column(name, is_number=True) for name in ("Min", "Median", "Max", "Mean")),
    )
    return Table(
        [Column("Column"), Column("Type"), *(known if view.has_profile else ())],
        [
            [column.name, type_text(column), *(_statistics(column) if view.has_profile else ())]
            for column in view.columns[:COLUMNS]
        ],
        more=more_text(len(view.columns), COLUMNS, "column"),
        title="Columns",
    )


def _statistics(column: ColumnView) -> list[Cell | str]:
    median = dict(column.quantiles).get(_MEDIAN)
    ends = column.type in _NUMBERS or column.histogram is not None
    return [
        _missing(column),
        distinct_text(column),
        _values(column),
        _statistic(column.low, column.zone) if ends else "",
        _statistic(median, column.zone),
        _statistic(column.high, column.zone) if ends else "",
        _statistic(column.mean),
    ]


def _statistic(value: JsonScalar, zone: str = "") -> str:
    """A number with few digits; a day without its midnight."""
    return moment_text(value, zone) if isinstance(value, str) else value_text(value)


def _missing(column: ColumnView) -> str:
    if column.count is None or column.missing is None:
        return ""
    if not column.missing:
        return "0"
    share = column.missing / (column.count + column.missing)
    return f"{column.missing:,} ({share * 100:.1f} %)"


def _values(column: ColumnView) -> Cell:
    if column.histogram is not None:
        return histogram_cell(column.histogram)
    frequent = [
        f"{shortened(one_line(value_text(value)), _TOP_TEXT) or '(empty)'} {count:,}"
        for value, count in column.top[:_TOP]
    ]
    return Cell(", ".join(frequent))


def _first_rows(view: DatasetView) -> Table | None:
    if not view.head.columns:
        return None
    numbers = {column.name for column in view.columns if column.type in _NUMBERS}
    zones = {column.name: column.zone for column in view.columns}
    heads = view.head.columns[:WIDTH]
    return Table(
        [Column(name, is_number=name in numbers) for name in heads],
        [  # the first cell is data, not a row heading
            [
                Cell(_cell_text(value, zones.get(name, "")), css="" if at else "aml-plain")
                for at, (name, value) in enumerate(zip(heads, row, strict=False))
            ]
            for row in view.head.rows[:ROWS]
        ],
        more=_more_rows(view),
        title="First rows",
    )


def _cell_text(value: object, zone: str) -> str:
    """A cell with all its digits, since it is data; long texts are cut to keep the file small."""
    return "" if value is None else shortened(moment_text(str(value), zone), _CELL)


def _more_rows(view: DatasetView) -> str:
    shown = min(ROWS, len(view.head.rows))
    known = view.head.count if view.head.count >= 0 else None
    if not view.head.rows:
        return "no rows"
    parts = []
    if known is None or known > shown:
        of = "" if known is None else f" of {known:,}"
        parts.append(f"the first {count_text(shown, 'row')}{of}")
    if len(view.head.columns) > WIDTH:
        parts.append(f"{count_text(len(view.head.columns) - WIDTH, 'more column')}")
    return f"… {', '.join(parts)}" if parts else ""


def _files(view: DatasetView) -> Table | None:
    if not view.paths:
        return None
    shown = [[path] for path in view.paths[:FILES]]
    more = more_text(max(view.files, len(view.paths)), len(shown), "file")
    return Table([Column("File")], shown, more, "Files")


def _versions(view: DatasetView) -> Table | None:
    if len(view.versions) < 2:
        return None
    return Table(
        [
            Column("Version", is_number=True),
            Column("Created"),
            Column("Files", is_number=True),
            Column("Size", is_number=True),
            Column("Rows", is_number=True),
            Column("Fingerprint", is_whole=True),
            Column("Description"),
        ],
        [
            [
                str(one.version),
                timestamp_text(one.created),
                f"{one.files:,}",
                bytes_text(one.size),
                "" if one.rows is None else f"{one.rows:,}",
                one.fingerprint,
                one.description,
            ]
            for one in view.versions[:VERSIONS]
        ],
        more=more_text(len(view.versions), VERSIONS, "version"),
        title=count_text(len(view.versions), "version"),
        is_folded=True,
    )


def _uses(view: DatasetView) -> Table | None:
    if not view.uses:
        return None
    return Table(
        [Column(name) for name in ("Run", "Experiment", "Status", "Role", "As")],
        [
            [f"{one.run_name} ({one.number})", one.experiment, one.status, one.role, one.name]
            for one in view.uses[:USES]
        ],
        more=more_text(len(view.uses), USES, "run"),
        title=f"Used by {count_text(len(view.uses), 'run')}",
        is_folded=True,
    )
