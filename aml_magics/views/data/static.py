"""One dataset: its columns with what is known of them, its first rows, its versions and uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.data.static_histogram import histogram_html, histogram_text
from aml_magics.views.static.element import Markup, element, joined
from aml_magics.views.static.page import folded, frame, titled
from aml_magics.views.static.table import LINE, Cell, Column, html_table, text_table
from aml_magics.views.text.format import bytes_text, count_text, value_text
from aml_magics.views.text.timestamp import moment_text
from aml_magics.views.text.typeset import one_line, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.views.data.column import ColumnView
    from aml_magics.views.data.dataset import DatasetView
    from aml_magics.views.text.format import JsonScalar

COLUMNS: Final = 20
ROWS: Final = 10
WIDTH: Final = 12
FILES: Final = 20
VERSIONS: Final = 20
USES: Final = 20
TAGS: Final = 40
NOTICES: Final = 10
_DESCRIPTION: Final = 1_000
_TOP: Final = 3
_CELL: Final = 40
_TOP_TEXT: Final = 24
_MEDIAN: Final = 0.5
_NUMBERS: Final = frozenset({"integer", "decimal"})
_COLUMNS: Final = [
    Column("Column"),
    Column("Type"),
    Column("Missing", is_number=True),
    Column("Distinct", is_number=True),
    Column("Values"),
    Column("Min", is_number=True),
    Column("Median", is_number=True),
    Column("Max", is_number=True),
    Column("Mean", is_number=True),
]
_VERSION_COLUMNS: Final = [
    Column("Version", is_number=True),
    Column("Created"),
    Column("Files", is_number=True),
    Column("Size", is_number=True),
    Column("Rows", is_number=True),
    Column("Fingerprint", is_whole=True),
    Column("Description"),
]
_USE_COLUMNS: Final = [
    Column("Run"),
    Column("Experiment"),
    Column("Status"),
    Column("Role"),
    Column("As"),
]


def dataset_html(view: DatasetView) -> str:
    """The panel of a dataset, without scripts."""
    label = f"Dataset {_title(view)}"
    return frame(
        "dataset",
        label,
        _banner(view),
        _facts_html(view),
        _columns_html(view),
        _head_html(view),
        _paths_html(view),
        _versions_html(view),
        _uses_html(view),
    )


def dataset_text(view: DatasetView) -> str:
    """The same as text, at most 100 columns wide."""
    blocks = [
        _head_lines(view),
        _columns_text(view),
        _rows_text(view),
        _paths_text(view),
        _versions_text(view),
        _uses_text(view),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _title(view: DatasetView) -> str:
    name = one_line(view.name or "") or "without a name"
    return f"{name}, version {view.version}" if view.name else name


def _size(view: DatasetView) -> str:
    """How much there is, in a few words."""
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
    created = f"created {moment_text(view.created)}" if view.id else ""
    return [fact for fact in (f"from {sources}" if sources else "", steps, created) if fact]


def _facts_html(view: DatasetView) -> list[Markup | None]:
    tags = [
        element("span", {"class": "aml-chip"}, one_line(_tag(name, value))[:200])
        for name, value in list(view.tags.items())[:TAGS]
    ]
    about = shortened(one_line(view.description), _DESCRIPTION)
    facts = [shortened(fact, _DESCRIPTION) for fact in _facts(view)]
    return [
        element("p", {"class": "aml-muted"}, " · ".join(facts)),
        element("p", None, about) if about else None,
        element("p", None, [joined(tag, " ") for tag in tags]) if tags else None,
        *(
            element(
                "p", {"class": "aml-warn"}, element("span", {"class": "aml-status"}, "△ "), text
            )
            for text in view.notices[:NOTICES]
        ),
    ]


def _tag(name: str, value: str | None) -> str:
    return name if value in (None, "") else f"{name}: {value}"


def _columns_html(view: DatasetView) -> Markup | None:
    if not view.columns:
        return None
    columns, rows = _known(view, [_column_cells(column) for column in view.columns[:COLUMNS]])
    return titled("Columns", html_table(columns, rows, more=_more_columns(view, COLUMNS)))


def _known(
    view: DatasetView, rows: list[list[Cell | str]]
) -> tuple[list[Column], list[list[Cell | str]]]:
    """Without what a profile would say, where there is none."""
    if view.has_profile:
        return _COLUMNS, rows
    return _COLUMNS[:2], [row[:2] for row in rows]


def _column_cells(column: ColumnView) -> list[Cell | str]:
    median = dict(column.quantiles).get(_MEDIAN)
    ends = column.type in _NUMBERS or column.histogram is not None
    return [
        column.name,
        column.type,
        missing_text(column),
        distinct_text(column),
        _values(column),
        _statistic(column.low) if ends else "",
        _statistic(median),
        _statistic(column.high) if ends else "",
        _statistic(column.mean),
    ]


def _statistic(value: JsonScalar) -> str:
    """A number with few digits; a moment without a midnight."""
    return value.removesuffix("T00:00:00") if isinstance(value, str) else value_text(value)


def missing_text(column: ColumnView) -> str:
    """How many values are missing, and their share."""
    if column.count is None or column.missing is None:
        return ""
    rows = column.count + column.missing
    if not column.missing:
        return "0"
    return f"{column.missing:,} ({column.missing / rows * 100:.1f} %)"


def distinct_text(column: ColumnView) -> str:
    """How many different values there are; ``~`` says that it is estimated."""
    if column.distinct is None:
        return ""
    return f"{'' if column.is_exact else '~'}{column.distinct:,}"


def _values(column: ColumnView) -> Cell:
    """The histogram, or the most frequent values."""
    if column.histogram is not None:
        return Cell(histogram_text(column.histogram), histogram_html(column.histogram))
    frequent = [
        f"{shortened(one_line(value_text(value)), _TOP_TEXT) or '(empty)'} {count:,}"
        for value, count in column.top[:_TOP]
    ]
    return Cell(", ".join(frequent))


def _head_html(view: DatasetView) -> Markup | None:
    if not view.head.columns:
        return None
    columns, rows = _head_cells(view)
    return titled("First rows", html_table(columns, rows, more=_more_rows(view)))


def _head_cells(view: DatasetView) -> tuple[list[Column], list[list[Cell | str]]]:
    numbers = {column.name for column in view.columns if column.type in _NUMBERS}
    columns = [Column(name, is_number=name in numbers) for name in view.head.columns[:WIDTH]]
    rows: list[list[Cell | str]] = [
        # The first cell is data as the others are, and not a heading.
        [
            Cell(_cell_text(value), css="" if at else "aml-plain")
            for at, value in enumerate(row[:WIDTH])
        ]
        for row in view.head.rows[:ROWS]
    ]
    return columns, rows


def _cell_text(value: object) -> str:
    """A cell with all its digits: it is data, and no statistic. A long text is cut, or the file would grow by it."""
    return "" if value is None else shortened(str(value).removesuffix("T00:00:00"), _CELL)


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


def _more_columns(view: DatasetView, most: int) -> str:
    hidden = len(view.columns) - most
    return f"… {count_text(hidden, 'more column')}" if hidden > 0 else ""


def _paths_html(view: DatasetView) -> Markup | None:
    if not view.paths:
        return None
    return titled("Files", html_table([Column("File")], _path_rows(view), more=_more_files(view)))


def _path_rows(view: DatasetView) -> list[list[str]]:
    return [[path] for path in view.paths[:FILES]]


def _more_files(view: DatasetView) -> str:
    hidden = max(view.files, len(view.paths)) - min(FILES, len(view.paths))
    return f"… {count_text(hidden, 'more file')}" if hidden > 0 else ""


def _versions_html(view: DatasetView) -> Markup | None:
    if len(view.versions) < 2:
        return None
    table = html_table(_VERSION_COLUMNS, _version_rows(view), more=_more(view.versions, VERSIONS))
    return folded(count_text(len(view.versions), "version"), table)


def _version_rows(view: DatasetView) -> list[list[str]]:
    return [
        [
            str(one.version),
            moment_text(one.created),
            f"{one.files:,}",
            bytes_text(one.size),
            "" if one.rows is None else f"{one.rows:,}",
            one.fingerprint,
            one.description,
        ]
        for one in view.versions[:VERSIONS]
    ]


def _uses_html(view: DatasetView) -> Markup | None:
    if not view.uses:
        return None
    table = html_table(_USE_COLUMNS, _use_rows(view), more=_more(view.uses, USES))
    return folded(f"Used by {count_text(len(view.uses), 'run')}", table)


def _use_rows(view: DatasetView) -> list[list[str]]:
    return [
        [f"{one.run_name} ({one.number})", one.experiment, one.status, one.role, one.name]
        for one in view.uses[:USES]
    ]


def _more(entries: Sequence[object], most: int) -> str:
    return f"… {len(entries) - most:,} more" if len(entries) > most else ""


def _head_lines(view: DatasetView) -> list[str]:
    tags = ", ".join(_tag(name, value) for name, value in list(view.tags.items())[:TAGS])
    lines = (
        f"Dataset {_title(view)}  {_size(view)}".rstrip(),
        f"✗ {one_line(view.problem)}" if view.problem else "",
        *(f"  {fact}" for fact in _facts(view)),
        one_line(view.description),
        f"tags: {one_line(tags)}" if tags else "",
        *(f"△ {one_line(notice)}" for notice in view.notices[:NOTICES]),
    )
    return [shortened(line, LINE) for line in lines if line.strip()]


def _columns_text(view: DatasetView) -> list[str]:
    if not view.columns:
        return []
    columns, rows = _known(view, [_column_cells(column) for column in view.columns[:COLUMNS]])
    return text_table(columns, rows, more=_more_columns(view, COLUMNS))


def _rows_text(view: DatasetView) -> list[str]:
    if not view.head.columns:
        return []
    columns, rows = _head_cells(view)
    return text_table(columns, rows, more=_more_rows(view))


def _paths_text(view: DatasetView) -> list[str]:
    if not view.paths:
        return []
    return text_table([Column("File")], _path_rows(view), more=_more_files(view))


def _versions_text(view: DatasetView) -> list[str]:
    if len(view.versions) < 2:
        return []
    return text_table(_VERSION_COLUMNS, _version_rows(view), more=_more(view.versions, VERSIONS))


def _uses_text(view: DatasetView) -> list[str]:
    if not view.uses:
        return []
    return text_table(_USE_COLUMNS, _use_rows(view), more=_more(view.uses, USES))
