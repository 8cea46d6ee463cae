"""All rows of a table of very many columns.

DuckDB plans a query in more than the square of its columns, and holds 2,048 values of each in memory for
each thread. So some columns are read at a time; and where all are text that is to become values, those of
one type are laid behind one another and converted as one column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.errors import DataAccessError
from aml_magics.kinds._sql import raw, sql
from aml_magics.kinds._type import converted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from aml_magics.kinds._rows import Rows
    from aml_magics.kinds.formats._base import Texts
    from aml_magics.services.data.table.session import TableSession

MADE_AT_ONCE: Final = 500
"""Columns of a query that computes them."""

_READ_AT_ONCE: Final = 4_000
_READ_BYTES: Final = 256 << 20
_VECTOR_BYTES: Final = 32 << 10
_VALUES: Final = 4_000_000
_TEXTS: Final = "aml_texts"


def read_in_parts(session: TableSession, rows: Rows, *, is_plain: bool) -> pa.Table:
    """All rows, some columns at a time.

    Args:
        session: of the rows.
        rows: they are the same whenever they are read; with their faults, if they have some.
        is_plain: nothing is computed of the columns.

    Raises:
        AmlError: as of ``TableSession.execute``.
        DataAccessError: the files were written meanwhile, and the columns do not fit together.
    """
    import pyarrow as pa

    names = rows.names
    each = _read_at_once(session) if is_plain else MADE_AT_ONCE
    parts = [
        session.arrow(rows.narrowed(names[start : start + each]).sql)
        for start in range(0, len(names), each)
    ]
    if len({part.num_rows for part in parts}) > 1:
        raise DataAccessError("The files were written while they were read; read them again.")
    told = [column for part in parts for column in part.column_names]
    return pa.table([column for part in parts for column in part.columns], told)


def read_texts(session: TableSession, texts: Texts) -> tuple[pa.Table, dict[str, int]]:
    """All rows, and how many values are not of the type of their column, by column.

    Raises:
        AmlError: as :func:`read_in_parts`.
    """
    import pyarrow as pa

    read = read_in_parts(session, texts.rows, is_plain=True)
    columns = dict(zip(read.column_names, read.columns, strict=True))
    of_type: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for name, type_ in texts.types.items():
        of_type.setdefault(type_, []).append(name)
    faults: dict[str, int] = {}
    each = max(1, _VALUES // max(1, read.num_rows))
    for type_, names in of_type.items():
        for start in range(0, len(names), each):
            some = names[start : start + each]
            made = _converted(session, [columns[name] for name in some], *type_)
            for name, values in zip(some, made, strict=True):
                faults[name] = values.null_count - columns[name].null_count
                columns[name] = values
    told = {name: faults[name] for name in read.column_names if faults.get(name)}
    return pa.table(list(columns.values()), list(columns)), told


def _read_at_once(session: TableSession) -> int:
    ((threads,),) = session.connection.execute("SELECT current_setting('threads')").fetchall()
    return max(MADE_AT_ONCE, min(_READ_AT_ONCE, _READ_BYTES // (_VECTOR_BYTES * int(threads))))


def _converted(
    session: TableSession, columns: Sequence[pa.ChunkedArray], word: str, formats: tuple[str, ...]
) -> list[pa.Array]:
    """Columns of texts as another type."""
    import pyarrow as pa

    rows = len(columns[0])
    chunks = [chunk for column in columns for chunk in column.chunks]
    texts = pa.table({"text": pa.chunked_array(chunks, columns[0].type)}).combine_chunks()
    value = converted(raw("text"), "string", word, formats)
    session.connection.register(_TEXTS, texts)
    try:
        found = session.arrow(sql("SELECT {} AS made FROM {}", value, raw(_TEXTS))).column("made")
    finally:
        session.connection.unregister(_TEXTS)
    made = found.combine_chunks()
    return [made.slice(place * rows, rows) for place in range(len(columns))]
